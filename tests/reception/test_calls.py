from collections.abc import Callable
from datetime import timedelta

import pytest

from accueil.house.accounts import Account
from accueil.house.sites import Unknown
from accueil.house.text import HouseText
from accueil.reception import calls, passages, queue, visits
from accueil.reception.calls import Host, NotNow
from accueil.reception.queue import Entry
from accueil.store import journal
from accueil.store.db import Db
from accueil.store.errors import Refused
from tests.personae import (
    BEARN,
    DESK,
    MISSION_LOCALE,
    MISSION_LOCALE_ROOM,
    MONDAY,
    PARQUET,
    PARQUET_ROOM,
    after,
    arrive,
    claire_calling,
    karim_calling,
    turn_of,
)

Verb = Callable[[Db, str, Account], object]
VERBS: dict[str, Verb] = {
    "call": lambda db, turn, by: calls.call(db, turn, claire_calling(by), after(9)),
    "recall": lambda db, turn, by: calls.recall(db, turn, by.id, after(9)),
    "receive": lambda db, turn, by: calls.receive(db, turn, by.id, after(9)),
    "finish": lambda db, turn, by: calls.finish(db, turn, by.id, after(9)),
    "did_not_come": lambda db, turn, by: calls.did_not_come(db, turn, by.id, after(9)),
    "move": lambda db, turn, by: passages.move(db, turn, DESK, by.id, after(9)),
}
ALLOWED = {
    "waiting": {"call", "move"},
    "called": {"recall", "receive", "finish", "did_not_come", "move"},
    "serving": {"finish", "move"},
    "done": set[str](),
    "absent": set[str](),
    "left": set[str](),
    "moved": set[str](),
    "undone": set[str](),
}


def turn_in(db: Db, claire: Account, state: str) -> str:
    """A turn with the Parquet that is in such a state."""
    visit = arrive(db, service_id=PARQUET)
    turn = turn_of(db, visit).id
    if state not in ("waiting", "left", "moved", "undone"):
        calls.call(db, turn, claire_calling(claire), after(1))
    if state == "serving":
        calls.receive(db, turn, claire.id, after(2))
    elif state == "done":
        calls.finish(db, turn, claire.id, after(2))
    elif state == "absent":
        calls.did_not_come(db, turn, claire.id, after(2))
    elif state == "left":
        calls.leave(db, visit.id, after(2))
    elif state == "moved":
        passages.move(db, turn, MISSION_LOCALE, claire.id, after(2))
    elif state == "undone":
        db.run("UPDATE queue_entry SET state = 'undone' WHERE id = :id", id=turn)
    assert queue.entry(db, turn).state == state
    return turn


def called(db: Db, claire: Account) -> Entry:
    """Claire has just called somebody."""
    arrive(db, service_id=PARQUET)
    turn = calls.call_next(db, [PARQUET], claire_calling(claire), after(1))
    assert turn is not None
    return turn


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", ALLOWED)
def test_a_verb_takes_a_turn_only_from_the_states_it_knows(
    db: Db, claire: Account, state: str, verb: str
) -> None:
    turn = turn_in(db, claire, state)
    before, events = queue.entry(db, turn), journal.version(db, BEARN)
    if verb in ALLOWED[state]:
        VERBS[verb](db, turn, claire)
        assert journal.version(db, BEARN) == events + 1
    else:
        with pytest.raises(NotNow):
            VERBS[verb](db, turn, claire)
        assert queue.entry(db, turn) == before
        assert journal.version(db, BEARN) == events


def test_the_next_is_called_into_the_hosts_room(db: Db, claire: Account) -> None:
    turn = called(db, claire)
    assert (turn.number, turn.state, turn.room, turn.host_id, turn.called_at, turn.calls) == (
        1, "called", "Bureau 3", claire.id, after(1), 1,
    )  # fmt: skip


def test_nobody_is_called_when_nobody_waits(db: Db, claire: Account) -> None:
    assert calls.call_next(db, [PARQUET], claire_calling(claire), MONDAY) is None
    arrive(db, service_id=MISSION_LOCALE)
    assert calls.call_next(db, [PARQUET], claire_calling(claire), MONDAY) is None
    assert calls.call_next(db, [], claire_calling(claire), MONDAY) is None


def test_a_host_of_several_services_calls_who_came_first(db: Db, claire: Account) -> None:
    arrive(db, service_id=MISSION_LOCALE, at=after(2))
    arrive(db, service_id=PARQUET, at=after(1))
    turn = calls.call_next(db, [MISSION_LOCALE, PARQUET], claire_calling(claire), after(3))
    assert turn is not None
    assert turn.service_id == PARQUET


def test_a_host_of_several_services_calls_who_asked_in_private_before_who_came_first(
    db: Db, claire: Account
) -> None:
    arrive(db, service_id=MISSION_LOCALE)
    arrive(db, service_id=PARQUET, at=after(1), private=True)
    turn = calls.call_next(db, [MISSION_LOCALE, PARQUET], claire_calling(claire), after(3))
    assert turn is not None
    assert turn.service_id == PARQUET


def test_a_double_tap_calls_nobody_else(db: Db, claire: Account) -> None:
    first = called(db, claire)
    arrive(db, service_id=PARQUET)
    again = calls.call_next(db, [PARQUET], claire_calling(claire), after(1.2))
    assert again == first
    assert len(calls.latest(db, BEARN, after(2), 5)) == 1


def test_the_next_is_called_once_the_one_before_has_come(db: Db, claire: Account) -> None:
    first = called(db, claire)
    arrive(db, service_id=PARQUET)
    calls.receive(db, first.id, claire.id, after(2))
    second = calls.call_next(db, [PARQUET], claire_calling(claire), after(3))
    assert second is not None
    assert second.number == 2


def test_two_hosts_never_have_the_same_person(db: Db, claire: Account, nadia: Account) -> None:
    first = called(db, claire)
    assert calls.call_next(db, [PARQUET], Host(nadia.id, "bearn-accueil"), after(2)) is None
    with pytest.raises(NotNow):
        calls.call(db, first.id, Host(nadia.id, "bearn-accueil"), after(2))


def test_somebody_in_a_room_is_not_called_into_another(
    db: Db, claire: Account, karim: Account
) -> None:
    turn = called(db, claire)
    passages.send_to(db, turn.visit_id, MISSION_LOCALE, claire.id, after(2))
    with pytest.raises(NotNow):
        calls.call(db, queue.entries(db, turn.visit_id)[1].id, karim_calling(karim), after(3))


def test_a_host_who_has_called_somebody_does_not_call_another(db: Db, claire: Account) -> None:
    called(db, claire)
    other = turn_of(db, arrive(db, service_id=PARQUET))
    with pytest.raises(NotNow):
        calls.call(db, other.id, claire_calling(claire), after(2))


def test_somebody_who_waits_may_be_called_out_of_turn(db: Db, claire: Account) -> None:
    arrive(db, service_id=PARQUET)
    second = turn_of(db, arrive(db, service_id=PARQUET))
    assert calls.call(db, second.id, claire_calling(claire), after(1)).state == "called"


def test_a_call_that_nobody_answered_yesterday_does_not_hold_the_host_today(
    db: Db, claire: Account
) -> None:
    called(db, claire)
    tomorrow = MONDAY + timedelta(days=1)
    visit = arrive(db, service_id=PARQUET, at=tomorrow)
    turn = calls.call_next(db, [PARQUET], claire_calling(claire), tomorrow)
    assert turn is not None
    assert turn.visit_id == visit.id


def test_yesterdays_people_are_not_called_today(db: Db, claire: Account) -> None:
    arrive(db, service_id=PARQUET)
    tomorrow = MONDAY + timedelta(days=1)
    assert calls.call_next(db, [PARQUET], claire_calling(claire), tomorrow) is None


def test_a_recall_sounds_the_number_again(db: Db, claire: Account) -> None:
    turn = called(db, claire)
    calls.recall(db, turn.id, claire.id, after(30))
    assert queue.entry(db, turn.id).calls == 2
    [call] = calls.latest(db, BEARN, after(31), 5)
    assert (call.nth, call.called_at, call.number, call.room) == (2, after(30), 1, "Bureau 3")


def test_a_person_who_came_in_is_being_received(db: Db, claire: Account) -> None:
    turn = called(db, claire)
    calls.receive(db, turn.id, claire.id, after(20))
    turn = queue.entry(db, turn.id)
    assert (turn.state, turn.started_at) == ("serving", after(20))


def test_a_visit_ends_with_its_last_turn(db: Db, claire: Account) -> None:
    turn = called(db, claire)
    calls.finish(db, turn.id, claire.id, after(60))
    visit = visits.visit(db, turn.visit_id)
    assert (visit.outcome, visit.closed_at) == ("received", after(60))
    assert queue.entry(db, turn.id).ended_at == after(60)


def test_a_visit_goes_on_while_another_turn_is_to_come(db: Db, claire: Account) -> None:
    turn = called(db, claire)
    passages.send_to(db, turn.visit_id, MISSION_LOCALE, claire.id, after(30))
    calls.finish(db, turn.id, claire.id, after(60))
    assert visits.visit(db, turn.visit_id).closed_at is None
    assert [each.state for each in queue.entries(db, turn.visit_id)] == ["done", "waiting"]


def test_a_person_who_did_not_come_still_is_a_visit_for_the_desk_to_see(
    db: Db, claire: Account
) -> None:
    turn = called(db, claire)
    calls.did_not_come(db, turn.id, claire.id, after(120))
    assert queue.entry(db, turn.id).state == "absent"
    assert visits.visit(db, turn.visit_id).closed_at is None


def test_a_person_who_did_not_come_can_wait_again(db: Db, claire: Account) -> None:
    turn = called(db, claire)
    calls.did_not_come(db, turn.id, claire.id, after(120))
    passages.send_to(db, turn.visit_id, PARQUET, claire.id, after(180))
    again = calls.call_next(db, [PARQUET], claire_calling(claire), after(190))
    assert again is not None
    assert (again.visit_id, again.calls) == (turn.visit_id, 1)


def test_moving_a_turn_exchanges_it_for_another_service(db: Db, house: HouseText) -> None:
    visit = arrive(db, service_id=PARQUET, private=True)
    passages.move(db, turn_of(db, visit).id, MISSION_LOCALE, "nadia", after(1))
    found = [(each.service_id, each.state, each.priority) for each in queue.entries(db, visit.id)]
    assert found == [(PARQUET, "moved", True), (MISSION_LOCALE, "waiting", True)]


def test_moving_a_turn_to_where_it_is_changes_nothing(db: Db, house: HouseText) -> None:
    visit = arrive(db, service_id=PARQUET)
    events = journal.version(db, BEARN)
    passages.move(db, turn_of(db, visit).id, PARQUET, "nadia", after(1))
    assert turn_of(db, visit).state == "waiting"
    assert journal.version(db, BEARN) == events


def test_moving_a_turn_to_a_queue_where_the_person_waits_keeps_one_turn(
    db: Db, house: HouseText
) -> None:
    visit = arrive(db, service_id=PARQUET)
    passages.send_to(db, visit.id, MISSION_LOCALE, "nadia", after(1))
    passages.move(db, queue.entries(db, visit.id)[0].id, MISSION_LOCALE, "nadia", after(2))
    assert [each.state for each in queue.entries(db, visit.id)] == ["moved", "waiting"]


@pytest.mark.parametrize("verb", [passages.move, passages.send_to])
def test_nobody_is_sent_to_a_service_that_does_not_exist(
    db: Db, house: HouseText, verb: Callable[..., None]
) -> None:
    visit = arrive(db, service_id=PARQUET)
    target = turn_of(db, visit).id if verb is passages.move else visit.id
    before = queue.entries(db, visit.id)
    with pytest.raises(Unknown):
        verb(db, target, "nobody", "nadia", after(1))
    assert queue.entries(db, visit.id) == before


def test_sending_a_visit_that_had_ended_opens_it_again(db: Db, claire: Account) -> None:
    turn = called(db, claire)
    calls.finish(db, turn.id, claire.id, after(60))
    passages.send_to(db, turn.visit_id, MISSION_LOCALE, claire.id, after(70))
    visit = visits.visit(db, turn.visit_id)
    assert (visit.closed_at, visit.outcome) == (None, None)
    assert [each.service_id for each in queue.open_entries(db, visit.id)] == [MISSION_LOCALE]


def test_sending_a_visit_nobody_knows_is_refused(db: Db, house: HouseText) -> None:
    with pytest.raises(Unknown):
        passages.send_to(db, "nobody", PARQUET, "nadia", MONDAY)


def test_a_visitor_may_leave_from_their_phone(db: Db, house: HouseText) -> None:
    visit = arrive(db, service_id=PARQUET)
    calls.leave(db, visit.id, after(60))
    assert visits.visit(db, visit.id).outcome == "left"
    assert turn_of(db, visit).state == "left"
    event = db.all("SELECT actor, verb FROM journal ORDER BY seq DESC LIMIT 1")[0]
    assert event == {"actor": "visitor", "verb": "closed left"}


def test_a_number_that_left_can_no_longer_be_called(db: Db, claire: Account) -> None:
    visit = arrive(db, service_id=PARQUET)
    calls.leave(db, visit.id, after(60))
    assert calls.call_next(db, [PARQUET], claire_calling(claire), after(61)) is None


def test_the_board_shows_the_last_calls_newest_first(
    db: Db, claire: Account, karim: Account
) -> None:
    called(db, claire)
    arrive(db, service_id=MISSION_LOCALE)
    calls.call_next(db, [MISSION_LOCALE], karim_calling(karim), after(2))
    found = [(call.number, call.room_id) for call in calls.latest(db, BEARN, after(3), 5)]
    assert found == [(2, MISSION_LOCALE_ROOM), (1, PARQUET_ROOM)]
    assert [call.number for call in calls.latest(db, BEARN, after(3), 1)] == [2]


def test_a_number_was_called_into_its_room_today_and_nowhere_else(db: Db, claire: Account) -> None:
    turn = called(db, claire)
    assert calls.was_called(db, PARQUET_ROOM, turn.number, after(2))
    assert not calls.was_called(db, PARQUET_ROOM, turn.number + 1, after(2))
    assert not calls.was_called(db, MISSION_LOCALE_ROOM, turn.number, after(2))
    assert not calls.was_called(db, PARQUET_ROOM, turn.number, MONDAY + timedelta(days=1))


def test_the_board_is_empty_in_the_morning_and_elsewhere(db: Db, claire: Account) -> None:
    called(db, claire)
    assert calls.latest(db, BEARN, MONDAY + timedelta(days=1), 5) == []
    assert calls.latest(db, "mandela", after(2), 5) == []


def test_a_board_knows_neither_service_nor_name(db: Db, claire: Account) -> None:
    arrive(db, service_id=PARQUET, alias="Awa")
    calls.call_next(db, [PARQUET], claire_calling(claire), after(1))
    [call] = calls.latest(db, BEARN, after(2), 5)
    assert "Awa" not in str(call)
    assert "parquet" not in str(call).lower()


def test_the_schema_itself_refuses_two_first_calls_of_one_turn(db: Db, claire: Account) -> None:
    called(db, claire)
    with pytest.raises(Refused), db.transaction():
        db.run(
            "INSERT INTO call SELECT 'again', entry_id, nth, site_id, day, number, room_id,"
            " called_at, withdrawn FROM call"
        )


def test_a_room_that_is_not_in_the_house_calls_nobody(db: Db, claire: Account) -> None:
    arrive(db, service_id=PARQUET)
    with pytest.raises(Unknown):
        calls.call_next(db, [PARQUET], Host(claire.id, "attic"), after(1))


def test_to_end_and_call_touched_twice_calls_once(
    db: Db, house: HouseText, claire: Account
) -> None:
    people = [arrive(db, service_id=PARQUET, at=after(n)) for n in range(3)]
    host = claire_calling(claire)
    first = calls.call_next(db, [PARQUET], host, after(5))
    assert first
    calls.receive(db, first.id, claire.id, after(6))
    second = calls.finish_and_call_next(db, first.id, [PARQUET], host, after(7))
    again = calls.finish_and_call_next(db, first.id, [PARQUET], host, after(8))
    assert second
    assert again
    assert (second.id, second.visit_id) == (again.id, people[1].id)
    assert turn_of(db, people[0]).state == "done"
    assert turn_of(db, people[2]).state == "waiting"


def test_a_call_is_current_until_the_person_has_been_in_for_a_minute(
    db: Db, house: HouseText, claire: Account
) -> None:
    arrive(db, service_id=PARQUET)
    turn = calls.call_next(db, [PARQUET], claire_calling(claire), after(0))
    assert turn
    [called] = calls.latest(db, BEARN, after(300), 5)
    assert called.is_current(after(300))
    calls.receive(db, turn.id, claire.id, after(301))
    [received] = calls.latest(db, BEARN, after(302), 5)
    assert received.is_current(after(30))
    assert not received.is_current(after(302))
