"""The wait, as a range, on the kiosk, the ticket and the phone; and a service's last ticket."""

import pytest

from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import PARQUET
from tests.reception.measured import some_weeks
from tests.web.browser import Browser
from tests.web.kiosk import TICKET, answers, card, take
from tests.web.people import arrive


@pytest.fixture
def known(db: Db, partner: Browser) -> None:
    """Three Mondays of the Parquet, ten minutes each."""
    host = db.all("SELECT id FROM account WHERE organisation_id = 'parquet'")[0]["id"]
    some_weeks(db, host)


def queue(db: Db, number: int) -> str:
    """So many people for the Parquet; the code of the last."""
    code = ""
    for _ in range(number):
        code = new_code()
        arrive(db, service_id=PARQUET, code=code)
    return code


def test_no_range_is_shown_without_measures(db: Db, visitor: Browser) -> None:
    code = queue(db, 4)
    assert "min" not in visitor.get(f"/v/{code}").page.one(id="turn").text
    assert take(visitor, service=PARQUET).page.all(class_="wait") == []


@pytest.mark.usefixtures("known")
def test_the_answers_and_the_ticket_say_the_same_range(db: Db, visitor: Browser) -> None:
    queue(db, 3)
    shown = answers(visitor, "droit").all(class_="wait")[0].text
    assert shown.startswith("environ ")
    assert take(visitor, service=PARQUET).page.one(class_="wait").text == shown


@pytest.mark.usefixtures("known")
def test_the_phone_says_when_to_come_back(db: Db, visitor: Browser) -> None:
    first, last = queue(db, 1), queue(db, 3)
    assert "Revenez vers" not in visitor.get(f"/v/{first}").page.one(id="turn").text
    said = visitor.get(f"/v/{last}").page.one(id="turn").text
    assert "environ" in said
    assert "Revenez vers 9:" in said


@pytest.mark.usefixtures("known")
def test_a_full_service_says_so_with_its_next_hours(db: Db, visitor: Browser) -> None:
    before = answers(visitor, "droit")
    queue(db, 12)
    page = answers(visitor, "droit")
    full = card(page, "Correspondant du Parquet").text
    assert "Plus de ticket pour l’instant" in full
    assert "de 13:30 à 17:30" in full
    assert "9:00" not in full
    # Whoever read the answers a moment before is told at once, with the other ways.
    assert visitor.press(before, TICKET, service=PARQUET).status == 409
