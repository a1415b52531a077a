"""Where a person can be written to: an e-mail address, or a mobile number. Pure.

A landline, a number that no country gives, half an address are refused before anything is kept.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Literal

from email_validator import EmailNotValidError, validate_email

Kind = Literal["email", "sms"]
Wrong = Literal["empty", "email", "number", "landline"]
# France first, then what is dialled the same way: 0690, 0692, 0694 and 0696 are mobiles overseas.
_REGIONS = ("FR", "GP", "RE", "GF", "MQ", "YT", "PM")
LONGEST = 254


@dataclass(frozen=True, slots=True)
class Reach:
    """`address` is an e-mail address, or a number as +33618420484."""

    kind: Kind
    address: str


class BadReach(ValueError):
    """Nothing can be sent there; `wrong` says why."""

    def __init__(self, wrong: Wrong):
        super().__init__(wrong)
        self.wrong = wrong


def read_reach(text: str | None) -> Reach:
    """What was typed, as it is kept: an address if there is an @ in it, else a mobile number.
    Raises `BadReach`."""
    typed = (text or "").strip()
    if not typed:
        raise BadReach("empty")
    if "@" in typed:
        return Reach("email", _email(typed))
    return Reach("sms", _mobile(typed))


def _email(typed: str) -> str:
    if len(typed) > LONGEST:
        raise BadReach("email")
    try:
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise BadReach("email") from None
    return found.ascii_email or found.normalized


def _mobile(typed: str) -> str:
    numbers = _numbers()
    if len(typed) > LONGEST or any(each.isalpha() for each in typed):
        raise BadReach("number")
    mobile = {numbers.PhoneNumberType.MOBILE, numbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
    wrong: Wrong = "number"
    for region in _REGIONS:
        try:
            number = numbers.parse(typed, region)
        except numbers.NumberParseException:
            continue
        kind = numbers.number_type(number)
        if kind in mobile:
            return str(numbers.format_number(number, numbers.PhoneNumberFormat.E164))
        if kind != numbers.PhoneNumberType.UNKNOWN:
            wrong = "landline"
    raise BadReach(wrong)


@cache
def _numbers() -> Any:
    """The plans of every country's numbers: seven megabytes, and only where somebody asks."""
    return import_module("phonenumbers")
