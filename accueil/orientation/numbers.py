"""The national numbers that anybody may dial, free, day and night: for who is in danger."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Number:
    """`dialled` as printed everywhere; `icon` is a pictogram's name. `by`: a call, or a message
    for whoever cannot speak. `now`: for a danger that is there, rather than to be listened to."""

    dialled: str
    icon: str
    by: Literal["tel", "sms"]
    now: bool


NUMBERS = (
    Number("17", "shield", "tel", now=True),
    Number("15", "ambulance", "tel", now=True),
    Number("18", "firetruck", "tel", now=True),
    Number("112", "phone-call", "tel", now=True),
    Number("114", "message-dots", "sms", now=True),
    Number("3919", "heart-handshake", "tel", now=False),
    Number("119", "mood-kid", "tel", now=False),
    Number("115", "bed", "tel", now=False),
)
