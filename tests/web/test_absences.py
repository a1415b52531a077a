"""An .ics of absences: what it would change is shown, then it is done, and only times are kept."""

import io
import json

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from accueil.planning import booking, slots
from accueil.planning.booking import Wish
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import MONDAY, PARQUET, paris
from tests.web.browser import Answer, Browser

PAGE = "/planning/absences"
SECRET = "Mariage de Zébulon"


def event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"SUMMARY:{SECRET}", "UID:a", *lines, "END:VEVENT"])


def file(*events: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", *events, "END:VCALENDAR", ""]).encode()


def day(text: str) -> str:
    return event(f"DTSTART;VALUE=DATE:{text}")


def hours(start: str, end: str) -> str:
    return event(f"DTSTART;TZID=Europe/Paris:{start}", f"DTEND;TZID=Europe/Paris:{end}")


def send(browser: Browser, content: bytes | None, *permanences: str) -> Answer:
    if browser.token is None:
        browser.get(browser.home)
    form: dict[str, object] = {"csrf_token": browser.token, "permanence": list(permanences)}
    if content is not None:
        form["calendar"] = FileStorage(io.BytesIO(content), f"{SECRET}.ics")
    boundary, body = encode_multipart(form)
    return browser.send(PAGE, body, content_type=f'multipart/form-data; boundary="{boundary}"')


def confirm(browser: Browser, found: Answer) -> Answer:
    return browser.press(found.page, PAGE)


def dates(db: Db, permanence_id: str, day: str) -> list[tuple[str, str, str]]:
    rows = db.all(
        "SELECT * FROM occurrence WHERE permanence_id = :id AND day = :day ORDER BY original_start",
        id=permanence_id,
        day=day,
    )
    return [
        (row["status"], f"{row['starts_at'][11:16]} {row['ends_at'][11:16]}", row["breaks"])
        for row in rows
    ]


def everything(db: Db) -> str:
    tables = ("occurrence", "slot", "appointment", "journal")
    return json.dumps([db.all(f"SELECT * FROM {table} ORDER BY 1") for table in tables])


@pytest.fixture
def mondays(db: Db) -> str:
    row = db.one(
        "SELECT id FROM permanence WHERE service_id = :id AND retired = 0 AND rrule LIKE '%MO%'",
        id=PARQUET,
    )
    assert row
    return str(row["id"])


def test_mine_are_all_chosen_and_another_partner_s_are_not_there(
    db: Db, partner: Browser, mondays: str
) -> None:
    boxes = partner.get(PAGE).page.all("input", type="checkbox")
    mine = db.all(
        "SELECT p.id FROM permanence AS p JOIN service AS s ON s.id = p.service_id"
        " WHERE s.organisation_id = 'parquet' AND p.retired = 0"
    )
    assert {each["value"] for each in boxes} == {row["id"] for row in mine}
    assert mondays in {each["value"] for each in boxes}
    assert all(each.get("checked") is not None for each in boxes)


def test_the_desk_chooses_among_all_and_nothing_is_chosen_for_it(agent: Browser) -> None:
    boxes = agent.get(PAGE).page.all("input", type="checkbox")
    assert len(boxes) > 10
    assert all(each.get("checked") is None for each in boxes)


def test_what_it_would_change_is_shown_and_nothing_is_changed_yet(
    db: Db, partner: Browser, mondays: str
) -> None:
    before = everything(db)
    content = file(
        day("20261130"),
        hours("20261207T083000", "20261207T093000"),
        hours("20261214T141500", "20261214T150000"),
        hours("20261215T100000", "20261215T110000"),
    )
    page = send(partner, content, mondays).page
    shown = [each.text for each in page.all(class_="line")]
    assert [line.split(" Correspondant")[0] for line in shown] == [
        "lundi 30 novembre",
        "lundi 30 novembre",
        "lundi 7 décembre",
        "lundi 14 décembre",
    ]
    assert shown[0].endswith("annulée 9:00 – 10:30")
    assert shown[2].endswith("raccourcie 9:00 – 10:30 9:30 – 10:30")
    assert shown[3].endswith("interrompue 13:30 – 17:30 sauf 14:15 – 15:00")
    assert "4 absences lues dans le fichier" in page.text
    assert "mardi 15 décembre, 10:00 – 11:00" in page.text
    assert everything(db) == before


def test_confirmed_the_dates_are_cancelled_shortened_and_interrupted(
    db: Db, partner: Browser, mondays: str
) -> None:
    content = file(
        day("20261130"),
        hours("20261207T083000", "20261207T093000"),
        hours("20261214T141500", "20261214T150000"),
    )
    done = confirm(partner, send(partner, content, mondays))
    assert done.status == 303
    assert {status for status, _, _ in dates(db, mondays, "2026-11-30")} == {"cancelled"}
    assert dates(db, mondays, "2026-12-07")[0][1] == "08:30 09:30"
    assert dates(db, mondays, "2026-12-14")[1][2] == "14:15-15:00"
    assert {status for status, _, _ in dates(db, mondays, "2026-12-21")} == {"scheduled"}


def test_only_times_are_kept(db: Db, partner: Browser, mondays: str) -> None:
    found = send(partner, file(day("20261130")), mondays)
    assert SECRET not in found.page.html
    confirm(partner, found)
    assert "bulon" not in everything(db)


def test_people_who_had_booked_are_decided_of_first(
    db: Db, partner: Browser, agent: Browser
) -> None:
    services = db.all("SELECT id FROM service WHERE organisation_id = 'parquet' ORDER BY id")
    slot = next(
        each
        for row in services
        for each in slots.free(db, row["id"], paris(2026, 11, 24), asker="parquet")
    )
    wish = Wish(slot_id=slot.id, code=new_code(), channel="desk", language="fr", name="Zoé")
    held = booking.book(db, wish, "parquet", "desk", MONDAY)
    [permanence] = db.all(
        "SELECT permanence_id AS id FROM occurrence WHERE id = :id", id=held.occurrence_id
    )
    content = file(day(held.starts_at.strftime("%Y%m%d")))
    asked = confirm(partner, send(partner, content, permanence["id"]))
    assert asked.status == 409
    assert "Zoé" in asked.page.text
    [row] = db.all("SELECT status FROM occurrence WHERE id = :id", id=held.occurrence_id)
    assert row["status"] == "scheduled"
    fill = {f"decision-{held.id}": "tell"}
    assert partner.press(asked.page, PAGE, fill=fill).status == 303
    [row] = db.all("SELECT state, tell FROM appointment WHERE id = :id", id=held.id)
    assert row == {"state": "cancelled", "tell": "cancelled"}


def test_an_absence_that_touches_nothing_offers_nothing(partner: Browser, mondays: str) -> None:
    page = send(partner, file(day("20261201")), mondays).page
    assert page.one("h1").text == "Rien à changer"
    assert [each for each in page.forms if each["action"] == PAGE] == []


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "fichier de calendrier"),
        (b"\x00\xff" * 500, "fichier de calendrier"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "avant sa fin"),
        (file(day("20261399")), "20261399"),
        (file(event("DTSTART;TZID=Mars/Olympus:20261130T100000")), "Mars/Olympus"),
        (file(hours("20261130T100000", "20261130T090000")), "avant de commencer"),
        (file(event("DTSTART:20261130T100000Z", "RRULE:FREQ=SECONDLY")), "répétition"),
        (file(*[day("20261130")] * 60_000), "1 Mo"),
        (file(day("20200101")), "aucune absence"),
        (file(), "aucune absence"),
        (None, "Choisissez le fichier"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_why(
    content: bytes | None, word: str, db: Db, partner: Browser, mondays: str
) -> None:
    before = everything(db)
    refused = send(partner, content, mondays)
    assert refused.status in (413, 422)
    assert word in refused.page.one("main").text
    if refused.status == 422:
        chosen = [each["value"] for each in refused.page.all("input", type="checkbox", checked="")]
        assert chosen == [mondays]
        assert refused.page.all(role="alert")
    assert everything(db) == before


def test_nobody_chosen_is_said(agent: Browser) -> None:
    refused = send(agent, file(day("20261130")))
    assert refused.status == 422
    assert "au moins une permanence" in refused.page.one(role="alert").text


def test_a_file_far_too_big_is_told_to_whoever_sends_it(
    partner: Browser, visitor: Browser, mondays: str
) -> None:
    content = b"x" * 1_300_000
    refused = send(partner, content, mondays)
    assert (refused.status, refused.page.one("h1").text) == (413, "Ce fichier est trop gros")
    assert send(visitor, content, mondays).status == 413


def test_everywhere_else_a_form_stays_small(partner: Browser) -> None:
    assert partner.post("/planning/calendriers", {"of": "x" * 70_000}).status == 413


def test_another_partner_s_permanence_is_as_none(
    other_partner: Browser, db: Db, mondays: str
) -> None:
    before = everything(db)
    for permanence_id in (mondays, "inconnue"):
        assert send(other_partner, file(day("20261130")), permanence_id).status == 404
        spans = {"permanence": permanence_id, "spans": "20261129T2300-20261130T2300"}
        assert other_partner.post(PAGE, spans).status == 404
    assert everything(db) == before


@pytest.mark.parametrize(
    "spans",
    ["x", "20261130T0900", "20261130T0900-20261130T0900", "99999999T9999-20261130T0900", "\0"],
)
def test_times_that_were_tampered_with_change_nothing(
    spans: str, db: Db, partner: Browser, mondays: str
) -> None:
    before = everything(db)
    refused = partner.post(PAGE, {"permanence": mondays, "spans": spans})
    assert refused.status == 422
    assert refused.page.one(role="alert").text
    assert everything(db) == before
