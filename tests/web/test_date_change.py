"""One date of a permanence: looked at, cancelled, moved, in another room, with somebody else."""

import pytest

from accueil.planning import agenda
from accueil.planning.agenda import Entry
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.browser import Answer, Browser
from tests.web.rule_form import WEDNESDAYS, booked, now


def first(db: Db) -> Entry:
    return agenda.next_of(db, WEDNESDAYS, MONDAY)[0]


def again(db: Db, entry: Entry) -> Entry:
    return agenda.entry(db, entry.occurrence.id)


def act(browser: Browser, entry: Entry, action: str, **fields: str) -> Answer:
    return browser.post(f"/planning/seances/{entry.occurrence.id}/{action}", fields)


def hours(db: Db, entry: Entry) -> tuple[str, str]:
    found = again(db, entry).occurrence
    return found.starts_at.strftime("%d %H:%M"), found.ends_at.strftime("%d %H:%M")


def test_a_date_says_where_when_and_who_is_booked(db: Db, partner: Browser) -> None:
    held, nameless = booked(db), booked(db, name=None, nth=1)
    page = partner.get(f"/planning/seances/{held.occurrence_id}").page
    assert "mercredi 2 décembre" in page.one("h1").text
    assert "9:00 – 12:30" in page.one("h1").text
    people = [each.text for each in page.one("ul", class_="people").all("li")]
    assert len(people) == 2
    assert "Amina" in people[0]
    assert "06 12 34 56 78" in people[0]
    assert "sans nom" in people[1]
    assert nameless.occurrence_id == held.occurrence_id
    assert "Bureau 3" in page.one("main").text


def test_another_partner_s_date_is_not_here(db: Db, other_partner: Browser) -> None:
    entry = first(db)
    assert other_partner.get(f"/planning/seances/{entry.occurrence.id}").status == 404
    assert act(other_partner, entry, "annuler").status == 404
    assert again(db, entry) == entry


def test_the_desk_changes_any_date(db: Db, agent: Browser, admin: Browser) -> None:
    entry = first(db)
    assert act(agent, entry, "annuler").status == 303
    assert act(admin, entry, "retablir").status == 303
    assert again(db, entry).occurrence.status == "scheduled"


def test_a_date_is_cancelled_then_held_after_all(db: Db, partner: Browser) -> None:
    entry = first(db)
    for _ in range(2):
        assert act(partner, entry, "annuler").status == 303
    page = partner.get(f"/planning/seances/{entry.occurrence.id}").page
    assert "Annulée" in page.one("main").text
    assert page.all("form", action=f"/planning/seances/{entry.occurrence.id}/bureau") == []
    for _ in range(2):
        answer = partner.press(page, f"/planning/seances/{entry.occurrence.id}/retablir")
        assert answer.status == 303
    assert again(db, entry).occurrence.status == "scheduled"


def test_a_date_is_shortened_then_moved_to_another_day(db: Db, partner: Browser) -> None:
    entry = first(db)
    assert (
        act(partner, entry, "horaires", day="2026-12-02", start="10:00", end="12:00").status == 303
    )
    assert hours(db, entry) == ("02 09:00", "02 11:00")
    assert (
        act(partner, entry, "horaires", day="2026-12-04", start="14:00", end="15:30").status == 303
    )
    assert hours(db, entry) == ("04 13:00", "04 14:30")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("day", ""), ("day", "demain"), ("day", "2026-02-30"), ("day", "2031-01-01"),
        ("start", ""), ("start", "24:30"), ("end", "midi"),
    ],
)  # fmt: skip
def test_hours_that_cannot_be_used_are_said(
    field: str, value: str, db: Db, partner: Browser
) -> None:
    entry = first(db)
    fields = {"day": "2026-12-02", "start": "10:00", "end": "12:00"} | {field: value}
    answer = act(partner, entry, "horaires", **fields)
    assert answer.status == 422
    assert answer.page.one(id=f"trouble-{field}").text
    assert answer.page.one(id=field)["value"] == value
    assert again(db, entry) == entry


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"day": "2026-12-02", "start": "12:00", "end": "10:00"}, "après le début"),
        ({"day": "2027-03-28", "start": "02:30", "end": "10:00"}, "n’existe pas"),
        ({"day": "2026-11-23", "start": "08:00", "end": "09:00"}, "passé"),
    ],
)
def test_hours_that_the_planning_refuses_are_said(
    fields: dict[str, str], word: str, db: Db, partner: Browser
) -> None:
    entry = first(db)
    answer = act(partner, entry, "horaires", **fields)
    assert answer.status == 422
    assert word in answer.page.one("p", role="alert").text
    assert again(db, entry) == entry


def test_moved_where_its_room_is_taken_another_is_proposed(db: Db, partner: Browser) -> None:
    entry = first(db)
    fields = {"day": "2026-11-26", "start": "14:00", "end": "16:00"}
    address = f"/planning/seances/{entry.occurrence.id}/horaires"
    held = "nouvelles-voies-bearn"
    day = agenda.next_of(db, held, MONDAY)[0].occurrence.day.isoformat()
    answer = partner.post(address, fields | {"day": day})
    assert answer.status == 422
    assert "Bureau 3" in answer.page.one("p", role="alert").text
    assert again(db, entry) == entry
    rooms = answer.page.all("button", name="room")
    free = next(each["value"] for each in rooms if each.get("disabled") is None)
    done = partner.press(answer.page, address, room=free)
    assert done.status == 303
    found = again(db, entry).occurrence
    assert (found.day.isoformat(), found.room_id) == (day, free)


def test_a_room_that_is_free_then_is_chosen(db: Db, partner: Browser) -> None:
    entry = first(db)
    page = partner.get(f"/planning/seances/{entry.occurrence.id}").page
    form = page.form(f"/planning/seances/{entry.occurrence.id}/bureau", room="bearn-bureau-6")
    taken = [each["value"] for each in form.all("button") if each.get("disabled") is not None]
    assert "bearn-bureau-1" in taken
    assert act(partner, entry, "bureau", room="bearn-bureau-6").status == 303
    assert again(db, entry).occurrence.room == "Bureau 6"
    refused = act(partner, entry, "bureau", room="bearn-bureau-1")
    assert refused.status == 422
    assert "Mission locale" in refused.page.one("p", role="alert").text
    for room in ("mandela-bureau-partage", "nowhere"):
        assert act(partner, entry, "bureau", room=room).status == 422
    assert again(db, entry).occurrence.room == "Bureau 6"


def test_somebody_else_of_the_partner_receives(db: Db, partner: Browser) -> None:
    entry, held = first(db), booked(db)
    claire = db.one("SELECT id FROM account WHERE login = 'claire'")
    karim = db.one("SELECT id FROM account WHERE login = 'karim'")
    assert claire
    assert karim
    assert act(partner, entry, "professionnel", host=karim["id"]).status == 422
    assert act(partner, entry, "professionnel", host=claire["id"]).status == 409
    answers = {f"decision-{held.id}": "keep", "host": claire["id"]}
    assert act(partner, entry, "professionnel", **answers).status == 303
    assert again(db, entry).occurrence.host == "Claire Morel"
    assert now(db, held).state == "booked"


def test_an_absence_of_a_part_of_a_date(db: Db, partner: Browser) -> None:
    entry = first(db)
    assert act(partner, entry, "absence", start="10:00", end="11:00").status == 303
    assert again(db, entry).occurrence.breaks == "10:00-11:00"
    assert again(db, entry).places == entry.places - 2
    for start, end in (("11:00", "10:00"), ("14:00", "15:00"), ("", "10:00")):
        assert act(partner, entry, "absence", start=start, end=end).status == 422
    assert again(db, entry).occurrence.breaks == "10:00-11:00"


def test_what_has_begun_does_not_change(db: Db, partner: Browser) -> None:
    today = agenda.between(db, MONDAY.date(), MONDAY.date(), service_ids=["ecs-parquet-sans-rdv"])
    entry = today[0]  # since 9:00, and it is 9:20
    page = partner.get("/planning/seances/" + entry.occurrence.id).page
    assert "ne change plus" in page.one("main").text
    assert page.one("main").all("form") == []
    for action in ("annuler", "bureau", "professionnel"):
        assert act(partner, entry, action).status == 422
    assert again(db, entry) == entry


def test_a_date_leads_to_its_series(db: Db, partner: Browser) -> None:
    entry = first(db)
    page = partner.get("/planning/seances/" + entry.occurrence.id).page
    assert page.all("a", href=f"/planning/permanences/{WEDNESDAYS}?from=2026-12-02")
    assert page.all("a", href=f"/planning/permanences/{WEDNESDAYS}")
