"""The days when the house is closed: shown to everybody, changed by the desk and the admin."""

from datetime import date

import pytest

from accueil.planning import booking, closures, slots
from accueil.planning.booking import Wish
from accueil.planning.closures import Closure
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import BEARN, MANDELA, MISSION_LOCALE, MONDAY
from tests.web.browser import Answer, Browser
from tests.web.page import Node

PAGE = "/planning/fermetures"
WORKS = {"first_day": "2027-01-05", "last_day": "2027-01-06", "reason": "Travaux", "site": ""}


def close(browser: Browser, **typed: str) -> Answer:
    return browser.post(PAGE, {**WORKS, **typed})


def kept(db: Db) -> list[Closure]:
    return closures.closures(db, date(2026, 11, 23))


def held(db: Db, day: str, site_id: str = BEARN) -> int:
    [row] = db.all(
        "SELECT count(*) AS number FROM occurrence"
        " WHERE day = :day AND site_id = :site_id AND status = 'scheduled'",
        day=day,
        site_id=site_id,
    )
    return int(row["number"])


def own_form(answer: Answer) -> Node:
    return next(form for form in answer.page.forms if form.all("select", name="site"))


def suggested(answer: Answer, reason: str, year: str) -> Node:
    return next(
        each
        for each in answer.page.all("li", class_="suggested")
        if each.one("h3").text.startswith(reason) and year in each.all("p")[0].text
    )


def test_everybody_reads_the_days_that_are_coming(
    agent: Browser, partner: Browser, admin: Browser
) -> None:
    for browser in (agent, partner, admin):
        text = browser.get(PAGE).page.one("main").text
        for words in ("Noël", "ven. 25 déc. 2026", "Vacances d’hiver", "Saint-Étienne"):
            assert words in text


def test_a_partner_reads_and_changes_nothing(db: Db, partner: Browser) -> None:
    assert partner.get(PAGE).page.one("main").all("form") == []
    assert close(partner).status == 403
    assert kept(db) == []


def test_the_house_is_closed_for_some_days_and_then_open_again(db: Db, agent: Browser) -> None:
    assert held(db, "2027-01-05") > 0
    shown = agent.follow(close(agent))
    assert "Travaux" in shown.page.text
    assert "du mardi 5 janvier au mercredi 6 janvier 2027" in shown.page.text
    assert [held(db, day) for day in ("2027-01-05", "2027-01-06")] == [0, 0]
    assert held(db, "2027-01-07") > 0
    [closure] = kept(db)
    assert agent.press(shown.page, f"{PAGE}/{closure.id}/rouvrir").status == 303
    assert kept(db) == []
    assert held(db, "2027-01-05") > 0


def test_one_site_alone_may_be_closed_and_one_day_alone(db: Db, admin: Browser) -> None:
    before = held(db, "2027-01-05")
    assert close(admin, site=MANDELA, last_day="").status == 303
    [closure] = kept(db)
    assert (closure.site_id, closure.first_day, closure.last_day) == (
        MANDELA,
        date(2027, 1, 5),
        date(2027, 1, 5),
    )
    assert held(db, "2027-01-05") == before


def test_people_who_had_booked_are_decided_of_first(db: Db, agent: Browser) -> None:
    free = slots.free(db, MISSION_LOCALE, MONDAY, asker="mission-locale", number=60)
    slot = next(each for each in free if each.starts_at.date() > MONDAY.date())
    wish = Wish(slot_id=slot.id, code=new_code(), channel="desk", language="fr", name="Zoé")
    booked = booking.book(db, wish, "mission-locale", "desk", MONDAY)
    day = booked.starts_at.date().isoformat()
    asked = close(agent, first_day=day, last_day=day)
    assert asked.status == 409
    assert "Zoé" in asked.page.text
    assert kept(db) == []
    fill = {f"decision-{booked.id}": "tell"}
    assert agent.press(asked.page, PAGE, fill=fill).status == 303
    assert len(kept(db)) == 1
    [row] = db.all("SELECT state FROM appointment WHERE id = :id", id=booked.id)
    assert row["state"] == "cancelled"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"first_day": ""}, "premier jour"),
        ({"first_day": "2027-02-30"}, "n’existe pas"),
        ({"last_day": "demain"}, "n’existe pas"),
        ({"last_day": "2027-01-04"}, "avant le premier"),
        ({"last_day": "2028-02-01"}, "un an"),
        ({"first_day": "0001-01-01", "last_day": "9999-12-31"}, "n’existe pas"),
        ({"first_day": "9999-12-31", "last_day": ""}, "n’existe pas"),
        ({"first_day": "2027-01-05", "last_day": "2999-12-31"}, "un an"),
        ({"first_day": "2026-11-20", "last_day": "2026-11-22"}, "passés"),
        ({"reason": " "}, "raison"),
        ({"reason": "x" * 81}, "80 caractères"),
        ({"site": "inconnu"}, "Recommencez"),
        ({"zone": "D"}, "Recommencez"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    wrong: dict[str, str], words: str, db: Db, agent: Browser
) -> None:
    refused = close(agent, **wrong)
    assert refused.status == 422
    assert words in refused.page.one(role="alert").text
    form, typed = own_form(refused), {**WORKS, **wrong}
    for name in ("first_day", "last_day", "reason"):
        assert (form.one("input", name=name).get("value") or "").strip() == typed[name].strip()
    assert kept(db) == []


def test_the_same_days_twice_are_closed_once(db: Db, agent: Browser) -> None:
    assert [close(agent).status for _ in range(2)] == [303, 422]
    assert "déjà fermés" in close(agent).page.one(role="alert").text
    assert len(kept(db)) == 1


def test_what_is_no_closure_cannot_be_taken_back(agent: Browser) -> None:
    assert agent.post(f"{PAGE}/inconnue/rouvrir").status == 404


# ---- school holidays -------------------------------------------------------------------------


def test_the_zone_of_the_house_is_shown_first_and_the_others_are_near(agent: Browser) -> None:
    here = agent.get(PAGE)
    [chosen] = here.page.one("nav", class_="zones").all("a", **{"aria-current": "page"})
    assert chosen.text == "Zone C"
    assert "du samedi 6 février" in suggested(here, "Vacances d’hiver", "2027").text
    assert (
        "du samedi 13 février"
        in suggested(agent.get(f"{PAGE}?zone=A"), "Vacances d’hiver", "2027").text
    )


def test_a_suggestion_is_confirmed_with_the_dates_that_somebody_checked(
    db: Db, agent: Browser
) -> None:
    line = suggested(agent.get(f"{PAGE}?zone=A"), "Vacances d’hiver", "2027")
    typed = {each["name"]: each["value"] for each in line.all("input")}
    done = agent.send(PAGE, {**typed, "last_day": "2027-03-01"})
    assert done.location == f"{PAGE}?zone=A"
    [closure] = kept(db)
    assert (closure.kind, closure.zone, closure.reason) == ("school", "A", "Vacances d’hiver")
    assert (closure.first_day, closure.last_day) == (date(2027, 2, 13), date(2027, 3, 1))
    again = agent.follow(done)
    assert "Vacances d’hiver" not in [
        each.one("h3").text.removesuffix(" à confirmer")
        for each in again.page.all("li", class_="suggested")
    ]
    agent.press(again.page, f"{PAGE}/{closure.id}/rouvrir")
    assert suggested(agent.get(f"{PAGE}?zone=A"), "Vacances d’hiver", "2027")


def test_a_suggestion_that_was_mistyped_keeps_its_dates_on_its_own_line(
    db: Db, agent: Browser
) -> None:
    line = suggested(agent.get(PAGE), "Vacances de printemps", "2027")
    typed = {each["name"]: each["value"] for each in line.all("input")}
    refused = agent.send(PAGE, {**typed, "last_day": "2027-01-01"})
    assert refused.status == 422
    again = suggested(refused, "Vacances de printemps", "2027")
    assert "avant le premier" in again.one(role="alert").text
    assert again.one("input", name="last_day")["value"] == "2027-01-01"
    assert len(refused.page.all(role="alert")) == 1
    assert own_form(refused).one("input", name="last_day").get("value") in (None, "")
    assert kept(db) == []


def test_the_page_says_who_keeps_what(db: Db, agent: Browser) -> None:
    assert "Toutes les permanences ferment ces jours-là" in agent.get(PAGE).page.text
    assert "Aucune permanence ne ferme pendant les vacances" in agent.get(PAGE).page.text
    with db.transaction():
        db.run(
            "UPDATE permanence SET closed_on = 'house school-c' WHERE service_id = :id",
            id=MISSION_LOCALE,
        )
    text = agent.get(PAGE).page.text.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "Reçoivent aussi ces jours-là : Mission locale" in text
    assert "Ferment pendant les vacances confirmées de cette zone : Mission locale" in text
