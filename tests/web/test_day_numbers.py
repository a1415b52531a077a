"""The numbers of the day: for the desk and the house, and with nobody in them."""

import pytest

from accueil.reception import visits
from accueil.store.db import Db
from tests.personae import DESK, PARQUET, after, turn_of
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.page import Page
from tests.web.passages import wait
from tests.web.people import arrive

NUMBERS = "/accueil/chiffres"


def figures(page: Page) -> dict[str, str]:
    return {each.one("dt").text: each.one("dd").text for each in page.one("main").all("div")
            if each.all("dt")}  # fmt: skip


def test_a_day_is_told_in_numbers(db: Db, agent: Browser, clock: Clock) -> None:
    for _ in range(3):
        turn = turn_of(db, arrive(db, service_id=DESK, alias="Zébulon Kanari"))
        agent.post(f"/accueil/passages/{turn.id}/appeler")
        agent.post(f"/accueil/passages/{turn.id}/finish")
    for outcome, missing in (("address", None), ("left", None), ("unmet", "language")):
        visits.close(
            db, arrive(db, service_id=PARQUET).id, outcome, "nadia", after(60), missing=missing
        )
    absent = turn_of(db, arrive(db, service_id=DESK))
    agent.post(f"/accueil/passages/{absent.id}/appeler")
    agent.post(f"/accueil/passages/{absent.id}/absent")
    wait(clock, agent, 5)
    page = agent.get(NUMBERS).page
    found = figures(page)
    assert found["Reçues"] == "3"
    assert found["Avec une adresse"] == "1"
    assert found["Parties sans être reçues"] == "1"
    assert found["Sans réponse"] == "1"
    assert found["À leur appel"] == "1"
    assert "Pas dans sa langue" in page.text
    assert "7 personnes sont venues" in page.text
    assert "dont 1 encore là" in page.text


def test_nobody_is_in_the_numbers(db: Db, agent: Browser) -> None:
    visit = arrive(db, service_id=DESK, alias="Zébulon Kanari")
    html = agent.get(NUMBERS).page.html
    assert "Kanari" not in html
    assert visit.id not in html
    assert f"/visites/{visit.id}" not in html


def test_one_person_s_wait_is_not_told(db: Db, agent: Browser) -> None:
    turn = turn_of(db, arrive(db, service_id=DESK))
    agent.post(f"/accueil/passages/{turn.id}/appeler")
    assert "Trop peu de passages" in agent.get(NUMBERS).page.text


def test_a_day_without_anybody_has_its_numbers_too(agent: Browser) -> None:
    page = agent.get(f"{NUMBERS}?jour=2026-11-22").page
    assert "Dimanche 22 novembre" in page.one("h1").text
    assert set(figures(page).values()) == {"0"}


@pytest.mark.parametrize("day", ["hier", "2026-11-24", "1999-01-01", "2026-13-01", "\0", "9" * 99])
def test_a_day_that_cannot_be_shown_is_said(day: str, agent: Browser) -> None:
    answer = agent.get(NUMBERS, query_string={"jour": day})
    assert answer.status == 422
    assert answer.page.one("p", role="alert").text
    assert "Lundi 23 novembre" in answer.page.one("h1").text


def test_it_is_the_desk_s_and_the_house_s(admin: Browser, partner: Browser) -> None:
    assert admin.get(NUMBERS).status == 200
    assert partner.get(NUMBERS).status == 403
