"""The week of the house: who receives when, where, and how full it is."""

from datetime import date

import pytest
from flask import Flask

from accueil.planning import booking, changes, closures, plans, slots
from accueil.planning.booking import Wish
from accueil.planning.closures import Closure
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import BEARN, MANDELA, MONDAY, PARQUET_ROOM, paris
from tests.web.browser import Browser
from tests.web.conftest import Clock, log_in
from tests.web.planning import add, cancel, cards, days, heads, occurrences, table

WEEK = "/planning?semaine=2026-W48"
TODAY, THURSDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 26), date(2026, 11, 28)


def test_the_rooms_are_rows_and_the_days_are_columns(agent: Browser) -> None:
    page = agent.get("/planning").page
    rows = table(page)
    assert list(rows)[:2] == ["Accueil", "Bureau 1"]
    assert all(len(cells) == 5 for cells in rows.values())
    assert heads(page)[0].startswith("lundi 23")
    assert heads(page)[4] == "vendredi 27"
    assert page.one("table").one("caption").text.endswith("3 rue du Béarn")
    monday, tuesday = rows["Bureau 3"][:2]
    assert cards(monday) == [
        "9:00–10:30 Correspondant du Parquet sans rendez-vous",
        "13:30–17:30 Correspondant du Parquet sans rendez-vous",
    ]
    assert cards(tuesday) == []


def test_the_partners_can_be_the_rows(agent: Browser) -> None:
    page = agent.get(f"{WEEK}&par=partenaire").page
    rows = table(page)
    assert "Bureau 1" not in rows
    assert cards(rows["Correspondant du Parquet"][0])[0] == (
        "9:00–10:30 Correspondant du Parquet Bureau 3 · sans rendez-vous"
    )
    assert page.one("a", class_="choice", href=f"{WEEK}&lieu=bearn&par=partenaire")["aria-current"]


def test_the_list_of_the_small_screens_says_what_the_table_says(agent: Browser) -> None:
    page = agent.get("/planning").page
    listed = days(page)
    assert sorted(card for found in listed.values() for card in found) == sorted(
        cards(page.one("table"))
    )
    assert [each.split()[0] for each in listed] == [
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
    ]


def test_today_stands_out_and_has_its_own_lines(agent: Browser, db: Db) -> None:
    cancel(db, occurrences(db, "parquet-lundi", TODAY)[1])
    page = agent.get("/planning").page
    assert heads(page)[0] == "lundi 23 aujourd’hui"
    lines = {
        each.one("p", class_="present-name").text: each
        for each in page.all("li", class_="present-line")
    }
    assert "AEF 94, premier rendez-vous" not in lines
    parquet = lines["Correspondant du Parquet"].text
    assert "Bureau 3 · sans rendez-vous" in parquet
    assert "9:00–10:30" in parquet
    assert parquet.endswith("13:30–17:30 annulée")
    elsewhere = agent.get("/planning?semaine=2026-W49").page
    assert elsewhere.all(class_="present") == []
    assert not any("aujourd’hui" in head for head in heads(elsewhere))


def test_a_date_says_how_many_places_are_left(app: Flask, db: Db, clock: Clock) -> None:
    def shown() -> str:
        agent = log_in(Browser(app), "nadia")
        return cards(table(agent.get("/planning").page)["Bureau 1"][0])[0]

    assert "6 libres sur 7" in shown()  # the slot of 9:00 has begun
    slot = slots.free(db, "ecs-mission-locale", MONDAY, asker="desk")[0]
    booking.book(db, Wish(slot.id, new_code(), "desk", "fr"), "desk", "an agent", MONDAY)
    assert "5 libres sur 7" in shown()
    clock.set(paris(2026, 11, 23, 12, 10))
    assert "plus de place" in shown()
    clock.set(paris(2026, 11, 23, 13))
    assert "1 rendez-vous" in shown()


def test_a_date_without_any_place_left_is_full(agent: Browser, db: Db) -> None:
    for slot in slots.free(db, "ecs-cramif", MONDAY, asker="desk", number=7):
        booking.book(db, Wish(slot.id, new_code(), "desk", "fr"), "desk", "an agent", MONDAY)
    [card] = cards(table(agent.get("/planning").page)["Bureau 4"][3])
    assert "complet" in card


def test_what_was_done_to_one_date_is_said_in_words(agent: Browser, db: Db) -> None:
    cancel(db, occurrences(db, "cramif-jeudi", THURSDAY)[0])
    add(db, "parquet-mercredis", THURSDAY, PARQUET_ROOM)
    rows = table(agent.get("/planning").page)
    assert cards(rows["Bureau 4"][3]) == ["13:30–17:00 annulée Assistante sociale de la Cramif"]
    assert len(rows["Bureau 4"][3].all("s")) == 2  # its hours and its name are struck out
    assert "ajoutée" in cards(rows["Bureau 3"][3])[0]


def test_what_has_no_room_is_said(agent: Browser, db: Db) -> None:
    assert "Sans bureau" not in table(agent.get("/planning").page)
    add(db, "parquet-mercredis", THURSDAY)
    [card] = cards(table(agent.get("/planning").page)["Sans bureau"][3])
    assert card.endswith("sans bureau")


def test_saturday_is_a_column_when_something_is_held_then(agent: Browser, db: Db) -> None:
    add(db, "parquet-mercredis", SATURDAY, PARQUET_ROOM)
    assert heads(agent.get("/planning").page)[5:] == ["samedi 28"]
    assert len(heads(agent.get("/planning?semaine=2026-W49").page)) == 5


def test_a_closed_day_says_why(agent: Browser, db: Db) -> None:
    with db.transaction():
        closures.add(
            db,
            Closure(
                "holiday", "house", None, "", date(2026, 12, 24), date(2026, 12, 24), "Inventaire"
            ),
        )
    page = agent.get("/planning?semaine=2026-W52").page
    assert heads(page)[3:] == ["jeudi 24 Fermé : Inventaire", "vendredi 25 Fermé : Noël"]


def test_another_place_has_its_own_week(agent: Browser) -> None:
    page = agent.get(f"/planning?lieu={MANDELA}").page
    assert "Bureau partagé" in table(page)
    choice = page.one("select", id="lieu")
    assert [each["value"] for each in choice.all("option") if each.get("selected") is not None] == [
        MANDELA
    ]


def test_a_place_without_rooms_is_no_warning(agent: Browser) -> None:
    page = agent.get("/planning?lieu=maison-pour-tous&semaine=2026-W49").page
    assert list(table(page)) == ["Maison pour tous"]
    assert "sans bureau" not in page.one("table").text


def test_the_weeks_follow_one_another_across_the_year(agent: Browser) -> None:
    page = agent.get("/planning?semaine=2026-W53&par=partenaire").page
    assert page.one("h1").text == "Semaine du 28 décembre 2026"
    after = page.one("a", **{"aria-label": "Semaine suivante"})
    assert after["href"] == "/planning?semaine=2027-W01&lieu=bearn&par=partenaire"
    assert agent.get(after["href"]).page.one("h1").text == "Semaine du 4 janvier 2027"


def test_any_day_leads_to_its_week(agent: Browser) -> None:
    page = agent.get("/planning").page
    chosen = agent.press(page, "/planning", fill={"lieu": BEARN, "jour": "2027-01-03"})
    assert chosen.page.one("h1").text == "Semaine du 28 décembre 2026"


@pytest.mark.parametrize(
    "asked",
    [
        *("semaine=foo", "semaine=2026-W60", "semaine=2026-W00", "semaine=%00", "semaine=-1"),
        *("semaine=9999-W52", "semaine=9999-W01", "semaine=0001-W01", "semaine=1999-W01"),
        *("jour=2026-02-30", "jour=demain", "jour=9999-12-31", "semaine=٢٠٢٦-W48"),
    ],
)
def test_a_week_that_cannot_be_shown_is_said_and_this_one_shown(asked: str, agent: Browser) -> None:
    answer = agent.get(f"/planning?{asked}")
    assert answer.status == 422
    assert "Voici la semaine en cours" in answer.page.one(role="alert").text
    assert answer.page.one("h1").text == "Semaine du 23 novembre 2026"


@pytest.mark.parametrize("place", ["inconnu", "%00", "bearn%20"])
def test_a_place_that_does_not_exist_is_not_found(place: str, agent: Browser) -> None:
    assert agent.get(f"/planning?lieu={place}").status == 404
    assert agent.get(f"/planning/semaine?lieu={place}").status == 404


def test_an_unknown_arrangement_is_by_room(agent: Browser) -> None:
    assert "Bureau 1" in table(agent.get("/planning?par=x").page)


def test_the_week_refreshes_itself_as_it_is(agent: Browser) -> None:
    page = agent.get("/planning?semaine=2026-W49&par=partenaire").page
    region = page.one(id="day")
    again = agent.get(region["hx-get"]).page
    assert not again.whole
    assert again.one(id="day").text == region.text
    assert again.all("input") + again.all("select") + again.all("button") == []


def test_what_was_just_changed_can_be_taken_back_from_here(agent: Browser, db: Db) -> None:
    [nadia] = db.all("SELECT id FROM account WHERE login = 'nadia'")
    [held] = occurrences(db, "cramif-jeudi", THURSDAY)
    changes.carry_out(db, plans.cancelling([held.id], MONDAY), {}, nadia["id"], MONDAY)
    page = agent.get("/planning?par=partenaire").page
    undo = page.one("form", class_="undo")
    undone = agent.press(page, undo["action"])
    assert undone.location == "/planning?semaine=2026-W48&lieu=bearn&par=partenaire"
    assert agent.follow(undone).page.all(class_="card--off") == []


def test_a_partner_sees_the_whole_house_and_opens_their_own_dates(
    partner: Browser, agent: Browser
) -> None:
    page = partner.get("/planning").page
    assert cards(page.one("table")) == cards(agent.get("/planning").page.one("table"))
    opened = {each.one(class_="card-name").text for each in page.all("a", class_="card")}
    assert opened == {"Correspondant du Parquet"}
    assert len(page.all("div", class_="card")) > 20


def test_a_partner_begins_where_they_receive(partner: Browser, db: Db) -> None:
    db.run("UPDATE permanence SET site_id = 'mandela' WHERE service_id LIKE 'ecs-parquet%'")
    assert "Bureau partagé" in table(partner.get("/planning").page)


def test_nobody_s_name_is_on_the_planning(partner: Browser, agent: Browser, db: Db) -> None:
    slot = slots.free(db, "ecs-mission-locale", MONDAY, asker="desk")[0]
    wish = Wish(slot.id, new_code(), "desk", "fr", "Aminata", "06 18 42 04 84")
    booking.book(db, wish, "desk", "an agent", MONDAY)
    for browser in (partner, agent):
        for address in (WEEK, "/planning/mois"):
            assert "Aminata" not in browser.get(address).page.html
