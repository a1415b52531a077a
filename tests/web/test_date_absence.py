"""An absence of a period, a replacement, another room for a while."""

from typing import Any

import pytest

from accueil.planning import agenda
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.browser import Browser
from tests.web.rule_form import WEDNESDAYS, booked, now

ABSENCE = "/planning/absence"
MONDAYS = "parquet-lundi"
WEEKS: dict[str, Any] = {
    "first": "2026-11-30", "last": "2026-12-07", "permanence": [MONDAYS, WEDNESDAYS],
    "what": "absent", "step": "save",
}  # fmt: skip


def statuses(db: Db, permanence_id: str) -> list[str]:
    return [each.occurrence.status for each in agenda.next_of(db, permanence_id, MONDAY, 7)]


def test_a_partner_s_own_permanences_are_chosen_to_begin_with(
    partner: Browser, agent: Browser
) -> None:
    boxes = partner.get(ABSENCE).page.all("input", name="permanence")
    assert {each["value"] for each in boxes} == {MONDAYS, WEDNESDAYS}
    assert all(each.get("checked") is not None for each in boxes)
    boxes = agent.get(ABSENCE).page.all("input", name="permanence")
    assert len(boxes) > 10
    assert all(each.get("checked") is None for each in boxes)


def test_the_dates_are_shown_before_anything_is_kept(db: Db, partner: Browser) -> None:
    shown = partner.post(ABSENCE, WEEKS | {"step": "check"})
    assert shown.status == 200
    dates = [each.text for each in shown.page.one("ul", class_="dates").all("li")]
    assert len(dates) == 5  # two Mondays, morning and afternoon, and a Wednesday
    assert "cancelled" not in statuses(db, MONDAYS) + statuses(db, WEDNESDAYS)


def test_nobody_receives_during_a_period(db: Db, partner: Browser) -> None:
    for expected in (303, 422):  # the second time nothing is left to cancel
        assert partner.post(ABSENCE, WEEKS).status == expected
    assert statuses(db, MONDAYS)[:5].count("cancelled") == 4
    assert statuses(db, WEDNESDAYS)[0] == "cancelled"


def test_hours_bound_the_absence(db: Db, partner: Browser) -> None:
    morning = WEEKS | {"first": "2026-11-30", "last": "2026-11-30", "start": "8:00", "end": "9:30"}
    assert partner.post(ABSENCE, morning).status == 303
    entries = agenda.next_of(db, MONDAYS, MONDAY, 3)
    shortened = next(each for each in entries if str(each.occurrence.day) == "2026-11-30")
    assert shortened.occurrence.starts_at.hour == 8  # 9:30 in Paris
    assert shortened.occurrence.starts_at.minute == 30


def test_people_booked_in_the_period_are_asked_about(db: Db, partner: Browser) -> None:
    held = booked(db)
    asked = partner.post(ABSENCE, WEEKS)
    assert asked.status == 409
    form = asked.page.form(ABSENCE)
    carried = [each["value"] for each in form.all("input", name="permanence")]
    assert carried == [MONDAYS, WEDNESDAYS]
    assert "cancelled" not in statuses(db, MONDAYS)
    assert partner.post(ABSENCE, WEEKS | {f"decision-{held.id}": "tell"}).status == 303
    assert now(db, held).state == "cancelled"
    assert "cancelled" in statuses(db, MONDAYS)


def test_somebody_else_receives_during_a_period(db: Db, partner: Browser) -> None:
    claire, karim = (
        db.all("SELECT id FROM account WHERE login = :login", login=login)[0]["id"]
        for login in ("claire", "karim")
    )
    for host in ("", karim, "nobody"):
        assert partner.post(ABSENCE, WEEKS | {"what": "host", "host": host}).status == 422
    assert partner.post(ABSENCE, WEEKS | {"what": "host", "host": claire}).status == 303
    hosts = [each.occurrence.host for each in agenda.next_of(db, MONDAYS, MONDAY, 7)]
    assert hosts.count("Claire Morel") == 4


def test_another_room_during_a_period(db: Db, partner: Browser) -> None:
    room = {"what": "room", "permanence": WEDNESDAYS}
    for wrong in ("", "nowhere", "mandela-bureau-partage"):
        assert partner.post(ABSENCE, WEEKS | room | {"room": wrong}).status == 422
    taken = partner.post(ABSENCE, WEEKS | room | {"room": "bearn-bureau-1"})
    assert taken.status == 422
    assert "Mission locale" in taken.page.one("p", role="alert").text
    assert partner.post(ABSENCE, WEEKS | room | {"room": "bearn-bureau-6"}).status == 303
    assert agenda.next_of(db, WEDNESDAYS, MONDAY)[0].occurrence.room == "Bureau 6"


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("first", {"first": ""}),
        ("last", {"last": "2026-11-01"}),
        ("last", {"last": "2030-11-01"}),
        ("last", {"first": "2026-12-05", "last": "2026-12-06"}),
        ("end", {"last": "2026-11-30", "start": "10:00", "end": "9:00"}),
        ("permanence", {"permanence": []}),
        ("permanence", {"permanence": ["mission-locale"]}),
        ("what", {"what": "dance"}),
    ],
)
def test_what_cannot_be_used_is_said(
    field: str, changed: dict[str, Any], db: Db, partner: Browser
) -> None:
    answer = partner.post(ABSENCE, WEEKS | changed)
    assert answer.status == 422
    assert answer.page.one(id=f"trouble-{field}").text
    assert "cancelled" not in statuses(db, MONDAYS) + statuses(db, "mission-locale")
