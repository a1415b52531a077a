"""A visitor’s code: what the QR of a ticket or an appointment holds, and nothing else.

Thirty-one letters of nineteen: 131 bits of chance. Only letters that a keyboard-wedge scanner
types alike on French and English layouts, and that nobody mistakes for one another. The store
keeps the SHA-256 of a code, never the code.
"""

import hashlib
import secrets

LETTERS = "BCDEFGHJKLNPRSTUVXY"
LENGTH = 31


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
    code = code.strip().upper()
    if len(code) != LENGTH or not set(code) <= set(LETTERS):
        raise BadCode
    return hashlib.sha256(code.encode()).hexdigest()
