"""Delivery through Apprise: one message to one person, and whether the provider took it.

Apprise says yes or no. Of a no, what it writes meanwhile says more: the provider was not reached,
or it answered that it refuses. Anything else, an answer that never came for one, is not known: it
may have left. Only this module imports Apprise, and only the sender imports this one.

What Apprise writes holds addresses and secrets: it is read here and goes nowhere.
"""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import apprise
from apprise.attachment.memory import AttachMemory

from accueil.messages.outbox import Outcome

TIMEOUT_S = 20.0
# An SMTP answer of 4xx or 5xx, as smtplib's errors write it; an HTTP one. A gateway that says
# 408 or most of 5xx may have passed the message on.
_REFUSED = re.compile(r"\([45]\d\d, b['\"]|\berror=(?:4(?!08)\d\d|501|503)\b")
# Nothing listens there, there is no such machine, or no way to it.
_NOT_REACHED = re.compile(
    r"Connection refused|NewConnectionError|NameResolutionError|ConnectTimeoutError"
    r"|\[Errno (?:-2|-3|-5|101|111|113)\]"
)


_attachment: Any = AttachMemory  # has no types


class _Heard(logging.Filter):
    """What Apprise says of one attempt, and nobody else hears."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def filter(self, record: logging.LogRecord) -> bool:
        self.lines.append(record.getMessage())
        return False


def deliver(provider: str, subject: str, body: str, invitation: bytes | None) -> Outcome:
    """Ask `provider`, an Apprise address with the person's in it, to send this."""
    with _hearing() as heard:
        service = apprise.Apprise.instantiate(provider, asset=_asset(), suppress_exceptions=True)
        if service is None:
            return "refused"
        _be_patient(service, provider)
        began = time.monotonic()
        accepted = service.notify(
            title=subject,
            body=body,
            body_format=apprise.NotifyFormat.TEXT,
            attach=_attached(invitation),
        )
        lasted = time.monotonic() - began
    if accepted:
        return "accepted"
    said = "\n".join(heard.lines)
    waited = lasted >= min(service.socket_connect_timeout, service.socket_read_timeout)
    known = _NOT_REACHED.search(said) or (_REFUSED.search(said) and not waited)
    return "refused" if known else "unsure"


def _be_patient(service: apprise.NotifyBase, provider: str) -> None:
    """Time for the provider to answer, unless its address says how long; and one piece, of which
    no half can be accepted."""
    service.overflow_mode = apprise.OverflowMode.UPSTREAM
    for name, option in (("socket_connect_timeout", "cto="), ("socket_read_timeout", "rto=")):
        if option not in provider:
            setattr(service, name, TIMEOUT_S)


def _asset() -> apprise.AppriseAsset:
    """Nothing of Apprise's own in what is sent, and nothing of it on the disk."""
    return apprise.AppriseAsset(
        app_id="Accueil",
        app_desc="",
        app_url="",
        async_mode=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )


def _attached(invitation: bytes | None) -> apprise.AppriseAttachment | None:
    if invitation is None:
        return None
    joined = apprise.AppriseAttachment()
    joined.add(_attachment(invitation, name="rendez-vous.ics", mimetype="text/calendar"))
    return joined


@contextmanager
def _hearing() -> Iterator[_Heard]:
    heard, logger = _Heard(), logging.getLogger("apprise")
    logger.setLevel(logging.DEBUG)
    logger.addFilter(heard)
    try:
        yield heard
    finally:
        logger.removeFilter(heard)
