"""Nothing is kept before it is said what becomes of each person whom a change touches."""

import pytest

from accueil.planning import agenda, booking
from accueil.planning.slots import DESK
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.browser import Answer, Browser
from tests.web.page import Node
from tests.web.rule_form import WEDNESDAYS, booked, now


def cancel(browser: Browser, occurrence_id: str, **answers: str) -> Answer:
    return browser.post(f"/planning/seances/{occurrence_id}/annuler", answers)


def status(db: Db, occurrence_id: str) -> str:
    return agenda.entry(db, occurrence_id).occurrence.status


def choices(answer: Answer, name: str) -> list[str]:
    return [each["value"] for each in answer.page.all("input", name=name)]


def persons(answer: Answer) -> list[Node]:
    return answer.page.one("ol", class_="affected").all("li")


def test_a_change_that_touches_nobody_is_kept_at_once(db: Db, partner: Browser) -> None:
    entry = agenda.next_of(db, WEDNESDAYS, MONDAY)[0]
    assert cancel(partner, entry.occurrence.id).status == 303
    assert status(db, entry.occurrence.id) == "cancelled"


def test_everybody_who_is_affected_is_listed_and_nothing_is_kept(db: Db, partner: Browser) -> None:
    first, second = booked(db), booked(db, name=None, nth=1)
    answer = cancel(partner, first.occurrence_id)
    assert answer.status == 409
    named, unnamed = persons(answer)
    for word in ("mercredi 2 décembre", "9:00", "Amina", "06 12 34 56 78"):
        assert word in named.text
    assert "sans nom" in unnamed.text
    kinds = [value.partition(":")[0] for value in choices(answer, f"decision-{second.id}")]
    assert kinds == ["keep", "move", "move", "move", "tell"]
    assert not any(each.get("checked") is not None for each in answer.page.all("input"))
    assert status(db, first.occurrence_id) == "scheduled"
    assert (now(db, first), now(db, second)) == (first, second)


def test_one_answer_missing_keeps_nothing_and_the_other_answers(db: Db, partner: Browser) -> None:
    first, second = booked(db), booked(db, nth=1)
    answer = cancel(partner, first.occurrence_id, **{f"decision-{first.id}": "tell"})
    assert answer.status == 409
    kept = [each for each in answer.page.all("input") if each.get("checked") is not None]
    assert [(each["name"], each["value"]) for each in kept] == [(f"decision-{first.id}", "tell")]
    assert len(answer.page.all("li", class_="card--missing")) == 1
    assert (now(db, first), now(db, second)) == (first, second)


def test_each_becomes_what_was_said_of_them(db: Db, partner: Browser) -> None:
    kept, moved, told = booked(db), booked(db, nth=1), booked(db, nth=2)
    answer = cancel(partner, kept.occurrence_id)
    [slot, *_] = [each for each in choices(answer, f"decision-{moved.id}") if "move" in each]
    answers = {"keep": kept, slot: moved, "tell": told}
    done = cancel(
        partner, kept.occurrence_id, **{f"decision-{who.id}": what for what, who in answers.items()}
    )
    assert done.status == 303
    assert (now(db, kept).state, now(db, kept).starts_at) == ("booked", kept.starts_at)
    assert now(db, moved).starts_at > moved.starts_at
    assert now(db, moved).tell == "moved"
    assert (now(db, told).state, now(db, told).tell) == ("cancelled", "cancelled")


def test_a_form_carries_what_was_asked_to_the_next(db: Db, partner: Browser) -> None:
    held = booked(db)
    address = f"/planning/seances/{held.occurrence_id}/horaires"
    asked = {"day": "2026-12-02", "start": "10:00", "end": "12:30"}
    answer = partner.post(address, asked)
    assert answer.status == 409
    form = answer.page.form(address)
    carried = {each["name"]: each["value"] for each in form.all("input", type="hidden")}
    assert asked.items() <= carried.items()
    assert partner.post(address, carried | {f"decision-{held.id}": "tell"}).status == 303
    assert agenda.entry(db, held.occurrence_id).occurrence.starts_at.hour == 9


def test_one_answer_is_given_for_all_who_have_none(db: Db, partner: Browser) -> None:
    first, second, third = booked(db), booked(db, nth=1), booked(db, nth=2)
    own = {f"decision-{first.id}": "keep"}
    assert cancel(partner, first.occurrence_id, everyone="first", **own).status == 303
    assert now(db, first).starts_at == first.starts_at
    assert now(db, second).starts_at != now(db, third).starts_at
    assert {now(db, each).tell for each in (second, third)} == {"moved"}


def test_a_slot_taken_meanwhile_keeps_nothing_and_the_other_answers(
    db: Db, partner: Browser
) -> None:
    first, second = booked(db), booked(db, nth=1)
    answer = cancel(partner, first.occurrence_id)
    slot = next(each for each in choices(answer, f"decision-{first.id}") if "move" in each)
    other = booked(db, "Rosa", nth=5)
    booking.move(db, other.id, slot.removeprefix("move:"), DESK, "an agent", MONDAY)
    answers = {f"decision-{first.id}": slot, f"decision-{second.id}": "tell"}
    again = cancel(partner, first.occurrence_id, **answers)
    assert again.status == 409
    assert "pris" in again.page.one("p", role="alert").text
    checked = [each["name"] for each in again.page.all("input") if each.get("checked") is not None]
    assert checked == [f"decision-{second.id}"]
    assert slot not in choices(again, f"decision-{first.id}")
    assert status(db, first.occurrence_id) == "scheduled"
    assert (now(db, first), now(db, second)) == (first, second)


def test_one_slot_for_two_people_keeps_nothing(db: Db, partner: Browser) -> None:
    first, second = booked(db), booked(db, nth=1)
    answer = cancel(partner, first.occurrence_id)
    both = set(choices(answer, f"decision-{first.id}")) & set(
        choices(answer, f"decision-{second.id}")
    )
    slot = next(each for each in both if "move" in each)
    answers = {f"decision-{first.id}": slot, f"decision-{second.id}": slot}
    again = cancel(partner, first.occurrence_id, **answers)
    assert again.status == 409
    assert again.page.one("p", role="alert").text
    assert (now(db, first), now(db, second)) == (first, second)


@pytest.mark.parametrize("answer", ["", "move", "move:", "move:nothing", "perhaps"])
def test_what_is_no_answer_keeps_nothing(answer: str, db: Db, partner: Browser) -> None:
    held = booked(db)
    again = cancel(partner, held.occurrence_id, **{f"decision-{held.id}": answer})
    assert again.status == 409
    assert now(db, held) == held
    assert status(db, held.occurrence_id) == "scheduled"


def test_nobody_is_moved_to_a_slot_that_was_not_proposed(db: Db, partner: Browser) -> None:
    held = booked(db)
    row = db.one(
        "SELECT s.id FROM slot AS s JOIN occurrence AS o ON o.id = s.occurrence_id"
        " JOIN permanence AS p ON p.id = o.permanence_id WHERE p.service_id <> :mine LIMIT 1",
        mine=held.service_id,
    )
    assert row
    answers = {f"decision-{held.id}": f"move:{row['id']}"}
    assert cancel(partner, held.occurrence_id, **answers).status == 409
    assert now(db, held) == held


def test_the_same_answers_twice_are_harmless(db: Db, partner: Browser) -> None:
    held = booked(db)
    answers = {f"decision-{held.id}": "tell"}
    statuses = [cancel(partner, held.occurrence_id, **answers).status for _ in range(2)]
    assert statuses == [303, 303]
    assert status(db, held.occurrence_id) == "cancelled"
    assert now(db, held).state == "cancelled"
