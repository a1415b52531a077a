"""Who is in a day: people and their turns, as somebody would write them on a sheet of paper."""

from dataclasses import dataclass, field, replace
from datetime import datetime

OPEN, IN_A_ROOM = ("waiting", "called", "serving"), ("called", "serving")


@dataclass
class Turn:
    """`hour`: that of an appointment which was kept in time."""

    service: str
    came: datetime
    private: bool = False
    id: str = ""
    state: str = "waiting"
    host: str | None = None
    soundings: int = 0
    held: str | None = None
    back: datetime | None = None
    ended: datetime | None = None
    appointment: str | None = None
    hour: datetime | None = None

    @property
    def age(self) -> tuple[datetime, str]:
        return max(self.came, self.hour or self.came), self.id

    def is_there(self, now: datetime) -> bool:
        """Whether they could be called: nothing holds them, and their hour has come."""
        if self.state != "waiting" or (self.hour and now < self.hour):
            return False
        return self.held is None or (self.back is not None and self.back <= now)

    def waits(self) -> None:
        """Back on a chair."""
        self.state, self.host, self.ended = "waiting", None, None

    def goes_on(self, state: str, now: datetime) -> None:
        """Away from the chair: nothing holds them any more."""
        self.state, self.held, self.back = state, None, None
        self.ended = None if state in OPEN else now


@dataclass
class Person:
    """A visit. `appointment` is the one whose code opens it."""

    number: int
    id: str = ""
    private: bool = False
    precedence: bool = False
    appointment: str | None = None
    outcome: str | None = None
    turns: list[Turn] = field(default_factory=list)

    def open_turns(self) -> list[Turn]:
        return [turn for turn in self.turns if turn.state in OPEN]

    def is_in_a_room(self) -> bool:
        return any(turn.state in IN_A_ROOM for turn in self.turns)

    def has_turn_with(self, service: str) -> bool:
        return any(turn.service == service for turn in self.open_turns())

    def as_now(self) -> "Person":
        return replace(self, turns=[replace(turn) for turn in self.turns])


@dataclass(frozen=True)
class Held:
    """An appointment in the house's book; `refused` is what everybody is told who comes for it."""

    id: str
    service: str
    starts: datetime
    ends: datetime
    refused: str | None = None
