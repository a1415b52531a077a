"""The texts of exported records: as the schema wants them, or left out."""

import re
from collections.abc import Iterable

from accueil.orientation.inclusion.contacts import exported
from accueil.orientation.territory import home
from accueil.store.folding import fold

_LEAST_NAME, _MOST_NAME = 3, 150
_LEAST_DESCRIPTION, _MOST_DESCRIPTION = 5, 10_000
_URL = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?(/[!-~]*)?", re.IGNORECASE)
_EMAIL = re.compile(r"[a-z0-9_+-]+(\.[a-z0-9_+-]+)*@([a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
_NEVER_REACHED = ("arpa", "invalid", "local", "localhost", "onion", "test")


def sentence(text: str) -> str:
    """A text on one line that begins with a capital and ends with a mark."""
    line = " ".join(text.split())[: _MOST_DESCRIPTION - 1]
    ended = line if line.endswith((".", "!", "?", "…")) else f"{line}."
    return ended[:1].upper() + ended[1:]


def description(name: str, organisation: str, parts: Iterable[str]) -> str:
    """These sentences one after the other; who offers what, when there is none."""
    said = [sentence(text) for text in parts if text.strip()]
    text = " ".join(said) or sentence(f"{name}, {organisation}")
    long_enough = len(text) >= _LEAST_DESCRIPTION
    return (text if long_enough else sentence(f"{organisation} : {text}"))[:_MOST_DESCRIPTION]


def short_name(name: str, otherwise: str) -> str:
    """A name of three characters at least, without a last full stop."""
    line = " ".join(name.split()).rstrip(". ")
    if len(line) < _LEAST_NAME:
        line = f"{line} ({otherwise})".strip()
    return line[:_MOST_NAME].rstrip(". ")


def first_phone(phones: Iterable[str]) -> str:
    return next(filter(None, (exported(each) for each in phones)), "")


def mailbox(text: str) -> str:
    """The address, "" for one that cannot be written to."""
    reached = text.rpartition(".")[2].lower() not in _NEVER_REACHED
    return text if reached and _EMAIL.fullmatch(text) and len(text) <= 200 else ""


def url(text: str) -> str:
    """The address of a page, "" for what is none."""
    return text if _URL.fullmatch(text) and len(text) <= 2_000 else ""


def place(address: str, postcode: str, commune: str, insee: str = "") -> dict[str, str]:
    """Where something is, with its commune's code."""
    code = insee or home(commune, postcode).insee
    return {
        "adresse": address,
        "commune": commune,
        "code_postal": postcode if re.fullmatch(r"[0-9]{5}", postcode) else "",
        "code_insee": code if re.fullmatch(r"[0-9][0-9AB][0-9]{3}", code) else "",
    }


def slug(text: str) -> str:
    return fold(text).replace(" ", "-")
