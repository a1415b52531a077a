"""A house that sends messages, and what it wrote."""

import pytest
from flask import Flask

from accueil.messages.filling import fill
from accueil.messages.outbox import Outcome
from accueil.messages.sending import Leaving, drain
from accueil.reception.nearing import fill_near
from accueil.store.db import Db
from blueprints.message_text import Text, written
from tests.messages.people import WAYS
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.page import Page

PROVIDERS = {"email": "ACCUEIL_EMAIL_URL", "sms": "ACCUEIL_SMS_URL"}


def provide(patch: pytest.MonkeyPatch, *ways: str) -> None:
    """The house has a provider for these ways, and none for the others."""
    for way, name in PROVIDERS.items():
        if way in ways:
            patch.setenv(name, "json://127.0.0.1:9/?-to={to}")
        else:
            patch.delenv(name, raising=False)


def send(
    app: Flask, db: Db, clock: Clock, outcome: Outcome = "accepted"
) -> list[tuple[Leaving, Text]]:
    """Half a minute later the sender has worked; what it wrote."""
    clock.pass_by(seconds=30)
    wrote: list[tuple[Leaving, Text]] = []

    def provider(leaving: Leaving) -> Outcome:
        with app.app_context():
            wrote.append((leaving, written(leaving)))
        return outcome

    fill(db, clock())
    fill_near(db, clock())
    drain(db, WAYS, clock, provider)
    return wrote


def form(visitor: Browser, here: str) -> Page:
    """The page where one says where to be told."""
    page = visitor.get(here).page
    return visitor.press(page, here, show="notify").page


def said(page: Page) -> str:
    return page.one("main").text
