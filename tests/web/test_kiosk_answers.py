"""The third look: who can help, here now, here another day, or elsewhere."""

import pytest

from accueil.store.db import Db
from tests.personae import DESK, PARQUET, paris
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.kiosk import TICKET, answers, card, cards
from tests.web.people import arrive


@pytest.fixture
def parquet(db: Db) -> str:
    row = db.one("SELECT name FROM service WHERE id = :id", id=PARQUET)
    assert row
    return str(row["name"])


def test_who_is_here_is_said_with_the_people_before_and_a_ticket(
    db: Db, visitor: Browser, parquet: str
) -> None:
    for _ in range(3):
        arrive(db, service_id=PARQUET)
    here = card(answers(visitor, "droit"), parquet)
    assert here.one(class_="badge--here_now").text
    assert "10:30" in [each.text for each in here.all("bdi")]
    assert "3" in here.one(class_="facts").text.split()
    assert here.one("button", name="service", value=PARQUET)


def test_people_before_are_counted_for_the_desk_too(db: Db, visitor: Browser) -> None:
    for _ in range(4):
        arrive(db, service_id=DESK)
    assert "4" in answers(visitor, "droit").form(TICKET).text.split()


def test_who_comes_back_later_today_gives_the_hour_and_no_ticket(
    visitor: Browser, clock: Clock, parquet: str
) -> None:
    clock.set(paris(2026, 11, 23, 11, 0))
    page = answers(visitor, "droit")
    later = card(page, parquet)
    assert later.one(class_="badge--here_on").text
    assert {"13:30", "17:30"} <= {each.text for each in later.all("bdi")}
    assert later.all("button") == []
    assert page.form(TICKET)


def test_who_comes_another_day_is_said_with_the_day(
    visitor: Browser, clock: Clock, parquet: str
) -> None:
    clock.set(paris(2026, 11, 23, 18, 0))
    later = card(answers(visitor, "droit"), parquet)
    assert "30 novembre" in later.one(class_="badge--here_on").text
    assert {"9:00", "10:30"} <= {each.text for each in later.all("bdi")}


def test_the_one_at_work_is_gone_at_the_very_minute_it_ends(
    visitor: Browser, clock: Clock, parquet: str
) -> None:
    clock.set(paris(2026, 11, 23, 10, 29))
    assert card(answers(visitor, "droit"), parquet).all(class_="badge--here_now")
    clock.set(paris(2026, 11, 23, 10, 30))
    assert not card(answers(visitor, "droit"), parquet).all(class_="badge--here_now")


def test_an_answer_elsewhere_has_an_address_and_a_phone(visitor: Browser) -> None:
    there = card(answers(visitor, "seniors"), "Clic6")
    assert there.one(class_="badge--elsewhere").text
    assert "4 place Nelson Mandela" in there.text
    assert there.all("button") == []
    phones = [each for each in there.all("bdi") if each.within("span", **{"class": "tel"})]
    assert [each.text.replace("\N{NO-BREAK SPACE}", " ") for each in phones] == ["01 48 53 79 09"]
    assert all(each["dir"] == "ltr" for each in phones)


def test_what_is_possible_now_comes_first(visitor: Browser) -> None:
    kinds = {"badge--here_now": 0, "badge--here_on": 1, "badge--elsewhere": 2}
    page = answers(visitor, "autre")
    order = [kinds[next(iter(each.classes & set(kinds)))] for each in page.all(class_="badge")]
    assert len(set(order)) > 1
    assert order == sorted(order)


def test_what_is_for_staff_or_between_partners_is_not_offered(visitor: Browser, db: Db) -> None:
    hidden = {
        each["name"] for each in db.all("SELECT name FROM service WHERE audience != 'public'")
    }
    assert len(hidden) == 2
    for need in ("autre", "logement", "seniors", "argent"):
        assert not hidden & set(cards(answers(visitor, need)))


@pytest.mark.parametrize("day", [21, 22], ids=["Saturday", "Sunday"])
def test_when_the_house_is_closed_everybody_still_has_an_answer(
    day: int, visitor: Browser, clock: Clock, parquet: str
) -> None:
    clock.set(paris(2026, 11, day, 11, 0))
    page = answers(visitor, "droit")
    assert "23 novembre" in card(page, parquet).one(class_="badge--here_on").text
    assert "23 novembre" in page.one("main").text
    assert page.all(class_="badge--here_now") == []


def test_on_a_public_holiday_nobody_is_here(visitor: Browser, clock: Clock) -> None:
    clock.set(paris(2026, 12, 25, 9, 30))
    assert answers(visitor, "droit").all(class_="badge--here_now") == []
