"""A visitor’s code: what the QR of a ticket or an appointment holds, and nothing else.

Thirty-one letters of nineteen: 131 bits of chance. Only letters that a keyboard-wedge scanner
types alike on French and English layouts, and that nobody mistakes for one another. The store
keeps the SHA-256 of a code, never the code.
"""

import hashlib
import re
import secrets

LETTERS = "BCDEFGHJKLNPRSTUVXY"
LENGTH = 31
SHORT = 10  # how many of its letters are typed where a scanner fails: 42 bits


class BadCode(ValueError):
    """Not a code of ours."""


def new_code() -> str:
    """A fresh code."""
    chance = secrets.randbelow(len(LETTERS) ** LENGTH)
    letters = []
    for _ in range(LENGTH):
        chance, position = divmod(chance, len(LETTERS))
        letters.append(LETTERS[position])
    return "".join(letters)


def code_hash(code: str) -> str:
    """What is stored of `code`, in whichever case it was typed. `BadCode` if it is none."""
    return hashlib.sha256(_letters(code, LENGTH).encode()).hexdigest()


def read_short(letters: str) -> str:
    """The first letters of a code, in capitals. `BadCode` if they are none."""
    return _letters(letters, SHORT)


def read_scanned(typed: str) -> str:
    """The code, or its first letters, in what a scanner or a person typed: an address whose other
    characters a keyboard's layout has changed, a second reading glued to the first, a language
    after it, spaces between groups, small letters. `BadCode` if it holds none."""
    runs = re.split(f"[^{LETTERS}]", re.sub(r"[\s.-]", "", typed).upper())
    whole = [run for run in runs if len(run) >= LENGTH]
    return whole[-1][-LENGTH:] if whole else _letters(runs[-1], SHORT)


def _letters(code: str, length: int) -> str:
    code = code.strip().upper()
    if len(code) != length or not set(code) <= set(LETTERS):
        raise BadCode
    return code
