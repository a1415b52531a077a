"""The languages that a house offers to its visitors.

    language_offer(code, offered, said_on: 'text' | 'screen')

A catalogue says of itself who has read it. Those that only a machine has made are offered where
the house asks for them, in its text or on a screen; what a screen said wins over the text.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal, get_args

from accueil.store.db import Db
from accueil.store.journal import Event, write

Code = Literal[
    "fr", "fr@falc", "en", "es", "pt", "uk", "ru", "ro", "tr", "ar", "fa", "ps", "bn", "zh"
]
SOURCE: Code = "fr"
KNOWN: tuple[str, ...] = get_args(Code)


class NotALanguage(ValueError):
    """No visitor's language of this program, or the source, which is always offered."""


def offered(db: Db, read: Collection[str]) -> tuple[str, ...]:
    """The codes that are offered, in the order of the screens; `read` are those whose words
    somebody has read. The source is always among them."""
    rows = db.all("SELECT code, offered, said_on FROM language_offer")
    text = {row["code"] for row in rows if row["said_on"] == "text"}
    screen = {row["code"]: bool(row["offered"]) for row in rows if row["said_on"] == "screen"}
    wanted = text or set(read)
    return tuple(code for code in KNOWN if code == SOURCE or screen.get(code, code in wanted))


def offer(db: Db, code: str, on: bool, by: str, at: datetime) -> None:
    """Turn a language on or off from a screen. Raises `NotALanguage`."""
    if code not in KNOWN or code == SOURCE:
        raise NotALanguage(code)
    with db.transaction():
        db.run(
            "INSERT INTO language_offer (code, offered, said_on) VALUES (:code, :on, 'screen')"
            " ON CONFLICT (code) DO UPDATE SET offered = excluded.offered, said_on = 'screen'",
            code=code,
            on=int(on),
        )
        verb = "language offered" if on else "language withdrawn"
        write(db, Event(verb, by, data={"language": code}), at)


def store(db: Db, codes: Sequence[str]) -> None:
    """What the house's text says, if it says anything, in the caller's transaction. What was said
    on a screen stays."""
    db.run("DELETE FROM language_offer WHERE said_on = 'text'")
    for code in dict.fromkeys((SOURCE, *codes)) if codes else ():
        db.run(
            "INSERT INTO language_offer (code, offered, said_on) VALUES (:code, 1, 'text')"
            " ON CONFLICT (code) DO NOTHING",
            code=code,
        )
