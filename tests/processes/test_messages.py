"""The sender as the server starts it, in a process of its own, and how it ends."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from accueil.messages.filling import fill
from accueil.store.db import Store
from app import create_app
from blueprints.outbox import tend
from tests.messages.people import SOON, told
from tests.messages.providers import Provider, gateway, mail_server, mail_url, text_url
from tests.personae import MONDAY
from tests.processes.server import ROOT, furnish

MAIL = "moussa@example.org"
NOW = "2026-11-23T09:30"


class House:
    """A house whose outbox holds a text message and a mail, and its senders."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.store: Store = furnish(folder)
        with self.store.connection() as db:
            told(db)
            told(db, MAIL)
            fill(db, SOON)

    def sender(self, text: str = "", mail: str = "", now: str = NOW) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "messages", "send"],
            cwd=ROOT,
            env={
                **{name: each for name, each in os.environ.items() if "ACCUEIL" not in name},
                "ACCUEIL_DATA": str(self.folder),
                "ACCUEIL_NOW": now,
                "ACCUEIL_URL": "https://accueil.example.org",
                "ACCUEIL_SMS_URL": text,
                "ACCUEIL_EMAIL_URL": mail,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def send(self, text: str = "", mail: str = "", now: str = NOW) -> str:
        """What a sender says, once it has ended."""
        sender = self.sender(text, mail, now)
        said, _ = sender.communicate(timeout=60)
        assert sender.returncode == 0, said
        assert "618420484" not in said
        assert "example.org" not in said
        assert "Traceback" not in said
        return said

    def states(self) -> list[str]:
        """What became of the text message, then of the mail."""
        with self.store.connection() as db:
            rows = db.all(
                "SELECT m.state FROM message AS m JOIN contact AS c ON c.id = m.contact_id"
                " ORDER BY c.kind DESC"
            )
        return [row["state"] for row in rows]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def killed(house: House, provider: Provider, text: str = "", mail: str = "") -> None:
    """A sender is killed once the provider has everything, and before it has answered."""
    sender = house.sender(text, mail)
    try:
        assert provider.reached.wait(30)
    finally:
        sender.kill()
        sender.communicate()


def test_what_is_due_is_sent_and_the_sender_ends(house: House) -> None:
    with gateway() as texts, mail_server() as mails:
        assert "2 sent." in house.send(text_url(texts), mail_url(mails))
        assert "0 sent." in house.send(text_url(texts), mail_url(mails))
    assert house.states() == ["sent", "sent"]
    assert texts.numbers == ["+33618420484"]
    assert [mail["To"] for mail in mails.mails] == [MAIL]
    assert "https://accueil.example.org/r/" in texts.texts[0]


def test_killed_before_the_gateway_answers_it_is_not_sent_again(house: House) -> None:
    with gateway("silent") as texts:
        killed(house, texts, text_url(texts))
    assert house.states() == ["sending", "due"]
    with gateway() as texts:
        assert "0 sent." in house.send(text_url(texts))
    assert texts.asked == []
    assert house.states() == ["unsure", "due"]


def test_killed_before_the_mail_server_answers_it_is_not_sent_again(house: House) -> None:
    with mail_server("silent") as mails:
        killed(house, mails, mail=mail_url(mails))
    with mail_server() as mails:
        assert "0 sent." in house.send(mail=mail_url(mails))
    assert mails.asked == []
    assert house.states() == ["due", "unsure"]


def test_a_provider_that_does_not_answer_in_time_is_not_asked_twice(house: House) -> None:
    with gateway("silent") as texts:
        house.send(text_url(texts, "&rto=1"))
    assert house.states() == ["unsure", "due"]
    with gateway() as others:
        house.send(text_url(others))
    assert (len(texts.asked), others.asked) == (1, [])


def test_refused_then_taken_it_is_sent_once(house: House) -> None:
    with gateway("403", "ok") as texts:
        house.send(text_url(texts))
        assert house.states() == ["due", "due"]
        house.send(text_url(texts))
        assert len(texts.asked) == 1, "not so soon"
        house.send(text_url(texts), now="2026-11-23T09:40")
        house.send(text_url(texts), now="2026-11-23T09:50")
    assert len(texts.asked) == 2
    assert house.states() == ["sent", "due"]


def test_a_second_sender_leaves_the_first_alone(house: House) -> None:
    with gateway("silent") as texts:
        first = house.sender(text_url(texts))
        try:
            assert texts.reached.wait(30)
            with gateway() as others:
                assert "Another sender is at work." in house.send(text_url(others))
            assert others.asked == []
            assert house.states() == ["sending", "due"]
        finally:
            first.kill()
            first.communicate()


def test_with_no_provider_nothing_leaves_and_nothing_pretends(house: House) -> None:
    assert "0 sent." in house.send()
    assert house.states() == ["due", "due"]


def test_a_provider_s_address_without_a_place_for_the_person_s_is_not_used(house: House) -> None:
    with gateway() as texts:
        said = house.send(text_url(texts).replace("{to}", "+33600000000"))
    assert "ACCUEIL_SMS_URL is not used" in said
    assert texts.asked == []


def test_the_server_starts_a_sender_when_something_is_due(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCUEIL_NOW", NOW)
    monkeypatch.delenv("ACCUEIL_EMAIL_URL", raising=False)
    server = create_app(house.folder).extensions["house"]
    with gateway() as texts:
        monkeypatch.setenv("ACCUEIL_SMS_URL", text_url(texts))
        assert [tend(server) for _ in range(2)] == [True, False]
    assert house.states() == ["sent", "due"]
    server.store.close()


def test_the_server_never_loads_what_sends() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import app, sys; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "accueil.messages.sending" in loaded
    assert {"apprise", "phonenumbers", "requests"}.isdisjoint(loaded)


def test_the_clock_of_these_tests_is_after_the_bookings() -> None:
    assert datetime.fromisoformat(f"{NOW}+01:00") > SOON > MONDAY
