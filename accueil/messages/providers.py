"""Providers: by which ways the house sends messages, as whoever installs it has set.

    ACCUEIL_EMAIL_URL   mailtos://user:secret@smtp.example.org?from=accueil@example.org&to={to}
    ACCUEIL_SMS_URL     ovh://key:secret:consumer@account/{to}, or any other address of Apprise

`{to}` stands for where the message goes. These hold secrets: they are in no row and in no log.
"""

import os
from urllib.parse import quote

from accueil.messages.reach import Kind, Reach

PLACE = "{to}"
_VARIABLES: dict[Kind, str] = {"email": "ACCUEIL_EMAIL_URL", "sms": "ACCUEIL_SMS_URL"}


def ways() -> frozenset[Kind]:
    """How this house can reach people. An address without `{to}` would always write to the same
    one: it counts for nothing."""
    return frozenset(way for way, name in _VARIABLES.items() if PLACE in os.environ.get(name, ""))


def unusable() -> list[str]:
    """The variables that are set, and mean nothing."""
    return [
        name
        for name in _VARIABLES.values()
        if os.environ.get(name) and PLACE not in os.environ[name]
    ]


def address(reach: Reach) -> str:
    """The provider's address, for this person."""
    return os.environ[_VARIABLES[reach.kind]].replace(PLACE, quote(reach.address, safe=""))
