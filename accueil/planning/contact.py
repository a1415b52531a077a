"""How a person may be called: a name or an alias, a phone. Neither is ever required. Pure."""

import re

LONGEST_NAME = 60


class BadName(ValueError):
    """Too long, or not a line of text."""


class BadPhone(ValueError):
    """Not a number that can be called from France."""


def read_name(text: str | None) -> str | None:
    """A name or alias as it is kept, None for nothing. Raises `BadName`."""
    name = " ".join((text or "").split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise BadName
    return name or None


def read_phone(text: str | None) -> str | None:
    """A phone number as it is kept, "06 18 42 04 84", None for nothing. Raises `BadPhone`."""
    digits = re.sub(r"[\s.\-()]", "", text or "")
    digits = re.sub(r"^(\+33|0033)0?", "0", digits)
    if not digits:
        return None
    if re.fullmatch(r"0[1-9]\d{8}", digits, re.ASCII):
        return " ".join(digits[n : n + 2] for n in range(0, 10, 2))
    if re.fullmatch(r"\+\d{8,15}", digits, re.ASCII):
        return digits
    raise BadPhone
