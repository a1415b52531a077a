import json
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from accueil.house.accounts import Account
from accueil.house.sites import Unknown
from accueil.house.text import HouseText
from accueil.planning.permanences import NotReceiving
from accueil.planning.timetable import load
from accueil.reception import calls, overnight, passages, queue, visits
from accueil.reception.visits import BadAlias, CodeUsed, Outcome
from accueil.store.codes import LETTERS, BadCode, new_code
from accueil.store.db import Db
from accueil.store.errors import Refused
from tests.personae import (
    BEARN,
    DESK,
    MANDELA,
    MONDAY,
    PARQUET,
    after,
    arrive,
    claire_calling,
    paris,
    turn_of,
)

TOMORROW = MONDAY + timedelta(days=1)


def number_at(db: Db, at: datetime, site_id: str = BEARN) -> int:
    service_id = DESK if site_id == BEARN else "ecs-clic6"
    return arrive(db, at=at, site_id=site_id, service_id=service_id).number


def test_numbers_follow_each_other_from_one(db: Db, house: HouseText) -> None:
    assert [arrive(db).number for _ in range(5)] == [1, 2, 3, 4, 5]


def test_numbers_are_the_same_series_for_every_service(db: Db, house: HouseText) -> None:
    assert arrive(db, service_id=PARQUET).number == 1
    assert arrive(db).number == 2


def test_numbers_restart_every_day(db: Db, house: HouseText) -> None:
    assert number_at(db, MONDAY) == 1
    assert number_at(db, TOMORROW) == 1
    assert number_at(db, TOMORROW) == 2


def test_each_site_has_its_own_numbers(db: Db, house: HouseText) -> None:
    assert number_at(db, MONDAY) == 1
    assert number_at(db, MONDAY, MANDELA) == 1
    assert number_at(db, MONDAY) == 2


def test_numbers_restart_at_midnight_on_the_wall(db: Db, house: HouseText) -> None:
    assert number_at(db, paris(2026, 11, 23, 23, 59)) == 1
    assert number_at(db, paris(2026, 11, 24, 0, 1)) == 1


def test_numbers_go_on_through_the_hour_that_autumn_repeats(db: Db, house: HouseText) -> None:
    assert number_at(db, paris(2026, 10, 24, 23, 59)) == 1
    assert number_at(db, paris(2026, 10, 25, 0, 1)) == 1
    assert number_at(db, paris(2026, 10, 25, 2, 30)) == 2
    assert number_at(db, paris(2026, 10, 25, 2, 30, fold=1)) == 3
    assert number_at(db, paris(2026, 10, 25, 23, 59)) == 4
    assert number_at(db, paris(2026, 10, 26, 0, 1)) == 1


def test_numbers_go_on_over_the_hour_that_spring_skips(db: Db, house: HouseText) -> None:
    assert number_at(db, paris(2027, 3, 27, 23, 59)) == 1
    assert number_at(db, paris(2027, 3, 28, 1, 59)) == 1
    assert number_at(db, paris(2027, 3, 28, 3, 0)) == 2
    assert number_at(db, paris(2027, 3, 28, 23, 59)) == 3
    assert number_at(db, paris(2027, 3, 29, 0, 1)) == 1


def test_the_schema_itself_refuses_one_number_twice(db: Db, house: HouseText) -> None:
    arrive(db)
    arrive(db)
    with pytest.raises(Refused), db.transaction():
        db.run("UPDATE visit SET number = 1 WHERE number = 2")


def test_somebody_who_names_no_service_waits_for_the_desk(db: Db, house: HouseText) -> None:
    turn = turn_of(db, arrive(db))
    assert (turn.service_id, turn.state, turn.priority) == (DESK, "waiting", False)


def test_the_kiosk_gives_no_number_for_a_service_that_receives_nobody(
    db: Db, house: HouseText
) -> None:
    at_11 = paris(2026, 11, 23, 11)
    with pytest.raises(NotReceiving):
        arrive(db, channel="kiosk", service_id=PARQUET, at=at_11)
    assert arrive(db, channel="kiosk", at=at_11).number == 1
    assert arrive(db, channel="kiosk", service_id=PARQUET, at=MONDAY).number == 2


def test_the_desk_may_know_better(db: Db, house: HouseText) -> None:
    assert arrive(db, channel="desk", service_id=PARQUET, at=paris(2026, 11, 23, 11)).number == 1


def test_an_arrival_keeps_what_was_said(db: Db, house: HouseText) -> None:
    visit = arrive(
        db,
        service_id=PARQUET,
        need="droit",
        language="ar",
        private=True,
        alias="Awa",
        channel="desk",
    )
    assert visits.visit(db, visit.id) == visit
    assert (visit.need, visit.language, visit.private, visit.alias, visit.channel) == (
        "droit", "ar", True, "Awa", "desk",
    )  # fmt: skip
    assert (visit.day, visit.arrived_at, visit.closed_at) == ("2026-11-23", MONDAY, None)


def test_a_double_tap_is_one_visit_and_one_turn(db: Db, house: HouseText) -> None:
    code = new_code()
    first = arrive(db, code=code)
    assert arrive(db, code=code, at=after(1)) == first
    assert arrive(db, code=code.lower() + " ", at=after(120)) == first
    assert len(queue.entries(db, first.id)) == 1
    assert arrive(db).number == 2


def test_a_code_is_not_shown_again_after_two_minutes(db: Db, house: HouseText) -> None:
    code = new_code()
    arrive(db, code=code)
    with pytest.raises(CodeUsed):
        arrive(db, code=code, at=after(121))
    assert arrive(db).number == 2


def test_a_code_is_not_shown_again_when_its_visit_is_over(db: Db, house: HouseText) -> None:
    code = new_code()
    visit = arrive(db, code=code)
    visits.close(db, visit.id, "left", "visitor", after(5))
    with pytest.raises(CodeUsed):
        arrive(db, code=code, at=after(6))


def test_a_code_is_not_shown_again_when_nothing_of_it_is_to_come(db: Db, claire: Account) -> None:
    code = new_code()
    turn = turn_of(db, arrive(db, code=code, service_id=PARQUET))
    calls.call(db, turn.id, claire_calling(claire), after(1))
    calls.did_not_come(db, turn.id, claire.id, after(2))
    with pytest.raises(CodeUsed):
        arrive(db, code=code, at=after(3))


@pytest.mark.parametrize(
    "code", ["", "B", "B" * 30, "B" * 32, "A" * 31, "B" * 30 + "é", "B" * 30 + "\0", "1" * 31]
)
def test_what_is_no_code_of_ours_gives_no_number(db: Db, house: HouseText, code: str) -> None:
    with pytest.raises(BadCode):
        arrive(db, code=code)
    assert arrive(db).number == 1


def test_codes_are_long_and_all_different() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(len(code) == 31 and set(code) <= set(LETTERS) for code in codes)


def test_a_code_is_never_stored(db: Db, house: HouseText) -> None:
    code = new_code()
    arrive(db, code=code)
    everything = [db.all(f"SELECT * FROM {table}") for table in ("visit", "queue_entry", "journal")]
    assert code not in str(everything)


def test_a_code_opens_its_visit_on_its_own_day_only(db: Db, house: HouseText) -> None:
    code = new_code()
    visit = arrive(db, code=code, at=paris(2026, 11, 23, 23, 58))
    assert visits.visit_of_code(db, code, paris(2026, 11, 23, 23, 59)) == visit
    with pytest.raises(Unknown):
        visits.visit_of_code(db, code, paris(2026, 11, 24, 0, 1))
    with pytest.raises(Unknown):
        visits.visit_of_code(db, new_code(), MONDAY)
    with pytest.raises(BadCode):
        visits.visit_of_code(db, "code", MONDAY)


@pytest.mark.parametrize(
    "fields",
    [{"site_id": "nowhere"}, {"service_id": "nobody"}, {"site_id": MANDELA}],
    ids=["no such site", "no such service", "no desk there"],
)
def test_an_arrival_for_nowhere_or_nobody_gives_no_number(
    db: Db, house: HouseText, fields: dict[str, object]
) -> None:
    with pytest.raises(Unknown):
        arrive(db, **fields)
    assert arrive(db).number == 1


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (None, None),
        ("", None),
        ("  \t ", None),
        ("Awa", "Awa"),
        ("  Awa   Diop ", "Awa Diop"),
        ("Awa\0Diop", "Awa Diop"),
        ("Awa\nDiop\r\n", "Awa Diop"),
        ("Awa\u2028Diop", "Awa Diop"),
        ("\u202eawA\u202c", "awA"),
        ("\u200fعائشة\u200f", "عائشة"),
        ("A\u200bw\ufeffa", "Awa"),
        ("\u200b\u200f", None),
        ("Awa 🌻", "Awa 🌻"),
        ("Awa\ud800", "Awa"),
        ("Awa\ue000", "Awa"),
        ("Nguyễn", "Nguyễn"),
        ("<b>Awa</b>", "<b>Awa</b>"),
        ("x" * 40, "x" * 40),
        (" " * 50 + "x", "x"),
    ],
)
def test_an_alias_is_kept_without_what_cannot_be_read(
    db: Db, house: HouseText, said: str | None, kept: str | None
) -> None:
    assert arrive(db, alias=said).alias == kept


def test_an_alias_that_is_too_long_gives_no_number(db: Db, house: HouseText) -> None:
    with pytest.raises(BadAlias):
        arrive(db, alias="x" * 41)
    assert arrive(db).number == 1


def test_names_are_forgotten_when_their_day_is_over(db: Db, house: HouseText) -> None:
    old = arrive(db, alias="Awa")
    new = arrive(db, alias="Bilal", at=TOMORROW)
    assert overnight.forget_aliases(db, MONDAY) == 0
    assert overnight.forget_aliases(db, TOMORROW) == 1
    assert visits.visit(db, old.id).alias is None
    assert visits.visit(db, new.id).alias == "Bilal"


def test_names_are_forgotten_at_midnight_and_not_before(db: Db, house: HouseText) -> None:
    arrive(db, alias="Awa", at=paris(2026, 11, 23, 23, 58))
    assert overnight.forget_aliases(db, paris(2026, 11, 23, 23, 59)) == 0
    assert overnight.forget_aliases(db, paris(2026, 11, 24, 0, 1)) == 1


def test_names_given_at_a_site_that_has_closed_are_forgotten_too(db: Db, house: HouseText) -> None:
    visit = arrive(db, alias="Awa", site_id=MANDELA, service_id="ecs-clic6")
    text = replace(
        house,
        sites=tuple(each for each in house.sites if each.id != MANDELA),
        rooms=tuple(each for each in house.rooms if each.site != MANDELA),
        permanences=tuple(each for each in house.permanences if each.site != MANDELA),
    )
    load(db, text, TOMORROW)
    overnight.forget_aliases(db, TOMORROW)
    assert visits.visit(db, visit.id).alias is None


def test_a_name_is_never_in_the_journal(db: Db, house: HouseText) -> None:
    visit = arrive(db, alias="Awa")
    visits.close(db, visit.id, "address", "kiosk", MONDAY)
    assert "Awa" not in str(db.all("SELECT * FROM journal"))


def test_an_arrival_is_in_the_journal_by_its_id(db: Db, house: HouseText) -> None:
    visit = arrive(db, by="kiosk")
    event = db.all("SELECT * FROM journal ORDER BY seq DESC LIMIT 1")[0]
    assert (event["verb"], event["actor"], event["site_id"], event["visit_id"]) == (
        "arrived", "kiosk", BEARN, visit.id,
    )  # fmt: skip
    assert json.loads(event["data"]) == {"before": {"visit": None, "entries": []}}


@pytest.mark.parametrize("outcome", visits.OUTCOMES)
def test_a_visit_ends_with_what_its_person_leaves_with(
    db: Db, house: HouseText, outcome: Outcome
) -> None:
    visit = arrive(db)
    visits.close(db, visit.id, outcome, "kiosk", after(60))
    closed = visits.visit(db, visit.id)
    assert (closed.outcome, closed.closed_at) == (outcome, after(60))
    assert queue.open_entries(db, visit.id) == []
    assert visits.open_visits(db, BEARN, visit.day) == []


def test_closing_a_visit_ends_its_turns(db: Db, claire: Account) -> None:
    visit = arrive(db, service_id=PARQUET)
    passages.send_to(db, visit.id, DESK, claire.id, after(1))
    turn = queue.entries(db, visit.id)[0]
    calls.call(db, turn.id, claire_calling(claire), after(2))
    calls.receive(db, turn.id, claire.id, after(3))
    visits.close(db, visit.id, "relay", claire.id, after(4))
    assert [(turn.service_id, turn.state) for turn in queue.entries(db, visit.id)] == [
        (PARQUET, "done"),
        (DESK, "left"),
    ]


def test_a_visit_that_was_received_does_not_become_one_that_left(db: Db, claire: Account) -> None:
    """The visitor's phone still shows the page of before."""
    visit = arrive(db, service_id=PARQUET)
    turn = turn_of(db, visit)
    calls.call(db, turn.id, claire_calling(claire), after(1))
    calls.finish(db, turn.id, claire.id, after(2))
    with suppress(ValueError):
        calls.leave(db, visit.id, after(60))
    assert visits.visit(db, visit.id).outcome == "received"
    assert visits.visit(db, visit.id).closed_at == after(2)


def test_open_visits_are_listed_newest_first(db: Db, house: HouseText) -> None:
    first, second, third = arrive(db), arrive(db), arrive(db)
    visits.close(db, second.id, "left", "visitor", MONDAY)
    assert visits.open_visits(db, BEARN, first.day) == [third, first]


def test_asking_in_private_is_first_at_the_desk_and_keeps_the_other_turns(
    db: Db, house: HouseText
) -> None:
    arrive(db)
    visit = arrive(db, service_id=PARQUET, at=after(1))
    visits.ask_in_private(db, visit.id, "visitor", after(2))
    assert visits.visit(db, visit.id).private
    assert [(turn.service_id, turn.priority) for turn in queue.entries(db, visit.id)] == [
        (PARQUET, False),
        (DESK, True),
    ]
    assert queue.people_before(db, turn_of(db, visit), MONDAY) == 0


def test_asking_in_private_from_the_desks_own_queue_goes_first(db: Db, house: HouseText) -> None:
    arrive(db)
    visit = arrive(db, at=after(1))
    assert queue.people_before(db, turn_of(db, visit), MONDAY) == 1
    visits.ask_in_private(db, visit.id, "visitor", after(2))
    assert len(queue.entries(db, visit.id)) == 1
    assert queue.people_before(db, turn_of(db, visit), MONDAY) == 0


def test_a_visit_that_asks_in_private_after_its_end_is_open_again(db: Db, house: HouseText) -> None:
    """Whoever waits can be seen by the desk."""
    visit = arrive(db)
    visits.close(db, visit.id, "address", "kiosk", after(1))
    visits.ask_in_private(db, visit.id, "visitor", after(2))
    assert [turn.state for turn in queue.open_entries(db, visit.id)] == ["waiting"]
    assert [each.id for each in visits.open_visits(db, BEARN, visit.day)] == [visit.id]


def test_a_visit_that_never_was_is_unknown(db: Db, house: HouseText) -> None:
    with pytest.raises(Unknown):
        visits.visit(db, "nobody")


def test_whoever_leaves_with_an_address_waits_for_nobody(db: Db, house: HouseText) -> None:
    visit = arrive(db, outcome="address")
    assert (visit.outcome, visit.number) == ("address", 1)
    assert queue.entries(db, visit.id) == []


def test_a_code_touched_again_in_another_language_is_in_that_language(
    db: Db, house: HouseText
) -> None:
    code = new_code()
    first = arrive(db, code=code)
    again = arrive(db, code=code, language="ar", at=after(5))
    assert (again.id, again.language) == (first.id, "ar")
    assert visits.visit(db, first.id).language == "ar"


def test_days_that_are_over_end_with_nobody_waiting(db: Db, house: HouseText) -> None:
    yesterday, today = arrive(db), arrive(db, at=MONDAY + timedelta(days=1))
    assert overnight.end_past_days(db, MONDAY + timedelta(days=1)) == 1
    assert queue.open_entries(db, yesterday.id) == []
    assert visits.visit(db, today.id).closed_at is None
    assert overnight.end_past_days(db, MONDAY + timedelta(days=1)) == 0


def test_whoever_nobody_received_that_day_is_counted_as_unanswered(db: Db, claire: Account) -> None:
    waiting, received, absent = (arrive(db, service_id=PARQUET, at=after(n)) for n in range(3))
    passages.send_to(db, received.id, DESK, "nadia", after(4))
    for visit in (received, absent):
        calls.call(db, queue.entries(db, visit.id)[0].id, claire_calling(claire), after(5))
        verb = calls.finish if visit is received else calls.did_not_come
        verb(db, queue.entries(db, visit.id)[0].id, claire.id, after(6))
    overnight.end_past_days(db, MONDAY + timedelta(days=1))
    ended = [visits.visit(db, each.id) for each in (waiting, received, absent)]
    assert [each.outcome for each in ended] == ["unmet", "left", "left"]
    assert ended[0].missing == "wait"
