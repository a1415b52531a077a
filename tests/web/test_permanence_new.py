"""A partner opens a permanence: by what the flyer says, or by the form."""

from typing import Any

import pytest

from accueil.planning import agenda
from accueil.store.db import Db
from blueprints.repetition import Repetition, repetition
from tests.personae import MISSION_LOCALE, MONDAY
from tests.web.browser import Browser
from tests.web.rule_form import NEW, asked, filled, opened, preview, problems, read, send

THURSDAYS = "un jeudi sur deux à partir de 14h sur rendez-vous"
FRIDAYS = {"weekday": "FR", "start1": "14:00", "end1": "16:00", "mode": "walk_in"}


def test_a_phrase_is_read_asked_about_shown_and_kept(db: Db, partner: Browser) -> None:
    questions = read(partner, THURSDAYS)
    assert questions.status == 200
    assert asked(questions.page) == ["Quel jeudi en premier ?", "Jusqu’à quelle heure ?"]
    dates = [each["value"] for each in questions.page.all("input", type="radio", name="first")]
    assert dates == ["2026-11-26", "2026-12-03"]
    shown = send(partner, questions.page, first="2026-12-03", end1="17:00")
    assert asked(shown.page) == []
    assert "un jeudi sur deux" in preview(shown.page).text.lower()
    assert len(preview(shown.page).one("ol").all("li")) == 6
    assert "6 créneaux" in preview(shown.page).text
    assert opened(db) == []
    kept = send(partner, shown.page, "save")
    assert kept.status == 303
    [held] = opened(db)
    assert (held.rrule, held.times) == ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", (("14:00", "17:00"),))
    assert held.first_day.isoformat() == "2026-12-03"
    assert (held.mode, held.said) == ("appointment", THURSDAYS)
    assert len(agenda.next_of(db, held.id, MONDAY)) == 6
    assert partner.follow(kept).status == 200


@pytest.mark.parametrize(
    ("phrase", "questions"),
    [
        ("1er et 5e mercredis du mois de 9h à 12h30 sur rendez-vous", []),
        ("1er vendredi du mois, le matin, sur rendez-vous", ["À quelles heures ?"]),
        ("2e mardi du mois à 17h, sur rendez-vous", ["Jusqu’à quelle heure ?"]),
        ("lundi 9h-10h30 et 13h30-17h30 sans rendez-vous", []),
        ("lundi 9h-10h30", ["Avec ou sans rendez-vous ?"]),
        ("de 9h à 12h sans rendez-vous", ["Quel jour ?"]),
        (
            "toutes les six semaines le mardi, sur rendez-vous",
            ["Quel mardi en premier ?", "À quelles heures ?"],
        ),
        (
            "le jeudi de 14h à 17h hors vacances scolaires, sur rendez-vous",
            ["Les vacances scolaires de quelle zone ?"],
        ),
        (
            "le jeudi de 14h à 17h jusqu’en juin, sur rendez-vous",
            ["Jusqu’à quelle date ?"],
        ),
    ],
)
def test_what_a_phrase_does_not_say_is_asked(
    phrase: str, questions: list[str], partner: Browser
) -> None:
    page = read(partner, phrase).page
    assert asked(page) == questions
    assert bool(preview(page).all("ol")) == (questions == [])


def test_an_alternation_begins_on_one_of_its_dates(db: Db, partner: Browser) -> None:
    page = read(partner, "toutes les six semaines le mardi de 14h à 16h sans rendez-vous").page
    assert len(page.all("input", type="radio", name="first")) == 6
    wrong = send(partner, page, "save", first="2026-11-25")
    assert wrong.status == 422
    assert problems(wrong.page) == ["first"]
    assert opened(db) == []


def test_words_that_are_no_timetable_are_quoted(db: Db, partner: Browser) -> None:
    answer = read(partner, "le blurg de 9h à 12h")
    assert answer.status == 422
    assert "blurg" in answer.page.one("q").text
    assert answer.page.one("textarea").text == "le blurg de 9h à 12h"


def test_words_left_aside_are_shown(partner: Browser) -> None:
    answer = read(partner, "mercredi 14h-17h sur rendez-vous à la mairie")
    assert [each.text for each in answer.page.all("q")] == ["à la mairie"]


def test_a_phrase_that_says_two_things_is_taken_one_at_a_time(db: Db, partner: Browser) -> None:
    both = read(partner, "lundi 9h-12h sans rendez-vous et mercredi 14h-17h sur rendez-vous").page
    assert len(both.all("button", name="clause")) == 2
    unchosen = send(partner, both, "save")
    assert unchosen.page.all("button", name="clause")
    chosen = partner.send(NEW, filled(both) | {"clause": "1"})
    assert "mercredi" in preview(chosen.page).text
    send(partner, chosen.page, "save")
    assert [each.rrule for each in opened(db)] == ["FREQ=WEEKLY;BYDAY=WE"]


def test_the_same_rule_is_made_without_a_phrase(db: Db, partner: Browser) -> None:
    blank = partner.get(NEW).page
    fields = {
        "repeat": "monthly", "position": ["1", "-1"], "weekday": ["TU", "TH"], "start1": "9h",
        "end1": "11:30", "start2": "14:00", "end2": "15:00", "mode": "both", "slot_minutes": "15",
        "places": "2", "notice": "2", "notice_unit": "days", "kept": "1", "released_days": "3",
        "closed_on": ["house", "school-c"], "break_start1": "10:00", "break_end1": "10:15",
        "room": "bearn-bureau-6", "last": "2027-06-30",
    }  # fmt: skip
    assert send(partner, blank, "save", **fields).status == 303
    [held] = opened(db)
    assert held.rrule == "FREQ=MONTHLY;BYDAY=1TU,1TH,-1TU,-1TH"
    assert held.times == (("09:00", "11:30"), ("14:00", "15:00"))
    assert held.breaks == (("10:00", "10:15"),)
    assert (held.slot_minutes, held.places, held.kept, held.released_days) == (15, 2, 1, 3)
    assert (held.notice_minutes, held.ahead_days, held.kept_for) == (2 * 1440, 90, None)
    assert held.closed_on == {"house", "school-c"}
    assert str(held.last_day) == "2027-06-30"
    assert held.room_id == "bearn-bureau-6"


def test_the_same_button_twice_opens_one_permanence(db: Db, partner: Browser) -> None:
    page = send(partner, partner.get(NEW).page, **FRIDAYS).page
    first, second = send(partner, page, "save"), send(partner, page, "save")
    assert (first.status, second.status) == (303, 303)
    assert first.location == second.location
    assert len(opened(db)) == 1


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("end1", {"end1": "13:00"}),
        ("start1", {"start1": "25:00"}),
        ("start1", {"start2": "15:00", "end2": "17:00"}),
        ("repeat", {"repeat": "other", "rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}),
        ("repeat", {"repeat": "other", "rrule": "FREQ=MONTHLY;BYDAY=6MO"}),
        ("repeat", {"repeat": "other", "rrule": "n’importe quoi"}),
        ("repeat", {"first": "2029-01-01"}),
        ("first", {"first": "9998-01-01"}),
        ("first", {"first": "2026-02-30"}),
        ("last", {"last": "2026-01-01"}),
        ("places", {"places": "201"}),
        ("slot_minutes", {"slot_minutes": "4", "mode": "both"}),
        ("released_days", {"released_days": "-1"}),
        ("weekday", {"weekday": "XX"}),
        ("position", {"position": "6"}),
        ("mode", {"mode": "telepathy"}),
        ("room", {"room": "nowhere"}),
        ("room", {"room": "mandela-bureau-partage"}),
        ("closed_on", {"closed_on": "always"}),
        ("host", {"host": "nobody"}),
        ("phrase", {"phrase": "x" * 201, "read": "x" * 201}),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(
    field: str, changed: dict[str, Any], db: Db, partner: Browser
) -> None:
    answer = send(partner, partner.get(NEW).page, "save", **(FRIDAYS | changed))
    assert answer.status == 422
    assert field in problems(answer.page)
    assert opened(db) == []
    kept = filled(answer.page)
    typed = {name for name in changed if name.startswith(("start", "end", "first", "last", "pl"))}
    assert all(kept[name] == [changed[name]] for name in typed)


def test_an_hour_that_a_clock_change_skips_is_said(db: Db, partner: Browser) -> None:
    night = FRIDAYS | {"weekday": "SU", "start1": "02:30", "end1": "04:00"}
    answer = send(partner, partner.get(NEW).page, "save", **night)
    assert answer.status == 422
    assert "dimanche 28 mars" in preview(answer.page).text
    assert opened(db) == []


def test_a_rule_with_too_many_dates_is_refused(db: Db, partner: Browser) -> None:
    hours = {f"{end}{n}": f"{8 + n:02}:{minute}" for n in range(1, 7)
             for end, minute in (("start", "00"), ("end", "30"))}  # fmt: skip
    week = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    answer = send(partner, partner.get(NEW).page, "save", **(FRIDAYS | hours | {"weekday": week}))
    assert answer.status == 422
    assert opened(db) == []


def test_a_room_that_is_taken_is_named_and_a_free_one_proposed(db: Db, partner: Browser) -> None:
    thursday = FRIDAYS | {"weekday": "TH", "room": "bearn-bureau-4"}
    answer = send(partner, partner.get(NEW).page, "save", **thursday)
    assert answer.status == 422
    refused = preview(answer.page).one("p", role="alert").text
    for word in ("Bureau 4", "jeudi 26 novembre", "13:30", "17:00", "Cramif"):
        assert word in refused
    proposed = preview(answer.page).all("button", name="take_room")
    assert "bearn-bureau-4" not in {each["value"] for each in proposed}
    moved = send(partner, answer.page, take_room=proposed[0]["value"])
    assert send(partner, moved.page, "save").status == 303
    assert [each.room_id for each in opened(db)] == [proposed[0]["value"]]


def test_the_preview_alone_is_sent_while_the_form_is_filled(db: Db, partner: Browser) -> None:
    form = filled(partner.get(NEW).page) | FRIDAYS | {"phrase": "un blurg"}
    asked_by_htmx = {"HX-Request": "true", "HX-Target": "preview"}
    answer = partner.send(NEW, form, headers=asked_by_htmx)
    assert answer.status == 200
    assert not answer.page.whole
    assert len(answer.page.one("ol").all("li")) == 6
    assert opened(db) == []


def test_a_partner_opens_permanences_of_its_own_services_only(db: Db, partner: Browser) -> None:
    page = partner.get(f"{NEW}?service={MISSION_LOCALE}").page
    assert MISSION_LOCALE not in {each["value"] for each in page.one(id="service").all("option")}
    answer = send(partner, page, "save", **(FRIDAYS | {"service": MISSION_LOCALE}))
    assert answer.status == 422
    assert opened(db) == []


def test_the_desk_opens_one_for_any_partner(db: Db, agent: Browser) -> None:
    page = agent.get(f"{NEW}?service={MISSION_LOCALE}").page
    assert send(agent, page, "save", **FRIDAYS).status == 303
    assert [each.service_id for each in opened(db)] == [MISSION_LOCALE]


def test_a_single_date_is_asked_for_then_kept(db: Db, partner: Browser) -> None:
    once = FRIDAYS | {"repeat": "once"}
    page = send(partner, partner.get(NEW).page, **once).page
    assert asked(page) == ["Quelle date ?"]
    assert page.one(id="first")["type"] == "date"
    assert send(partner, page, "save", first="2026-12-12").status == 303
    [held] = opened(db)
    days = [str(each.occurrence.day) for each in agenda.next_of(db, held.id, MONDAY)]
    assert days == ["2026-12-12"]


@pytest.mark.parametrize(
    ("changed", "warned"),
    [
        ({}, False),
        ({"last": "2027-06-30"}, False),
        ({"weekday": "FR"}, True),
        ({"end1": "18:00"}, True),
    ],
)
def test_a_flyer_that_says_something_else_is_pointed_out(
    changed: dict[str, str], warned: bool, partner: Browser
) -> None:
    page = read(partner, "le jeudi de 14h à 17h sur rendez-vous").page
    shown = send(partner, page, **changed)
    assert ("autre chose" in preview(shown.page).text) == warned


def test_a_day_that_nobody_said_is_asked_for() -> None:
    chosen, _ = repetition("FREQ=WEEKLY;INTERVAL=6")
    assert (chosen.kind, chosen.every) == ("weekly", 6)
    assert chosen.lacks_day()
    assert Repetition("other", rrule="FREQ=WEEKLY;INTERVAL=6").lacks_day()
