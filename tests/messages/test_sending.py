"""Never twice, tried again when refused, and a person phones when nobody knows."""

from datetime import timedelta
from pathlib import Path

import pytest

from accueil.house.accounts import Account
from accueil.house.sites import Unknown, site
from accueil.house.text import HouseText
from accueil.messages import outbox, phoning
from accueil.messages.contacts import withdraw
from accueil.messages.filling import fill
from accueil.messages.outbox import BACK_OFF, Outcome
from accueil.messages.phoning import NotSent
from accueil.messages.sending import Leaving, Sending, alone, drain, take
from accueil.planning import appointments, booking
from accueil.store.db import Db
from tests.messages.people import MAIL, SOON, WAYS, every, kinds, of, send, told
from tests.personae import BEARN, MONDAY
from tests.web.bookings import again, free

LATER = SOON + timedelta(days=1)


def to_tell(db: Db) -> list[str]:
    return [held.id for held in appointments.to_tell(db, BEARN, LATER)]


def called_off(db: Db) -> appointments.Appointment:
    """Somebody who asked to be told, and whose appointment the house has just cancelled."""
    held = told(db)
    send(db, SOON)
    booking.cancel(db, held.id, "house", "an agent", LATER - timedelta(minutes=1), "cancelled")
    return held


def test_refused_it_is_tried_again_later_and_later_then_given_up(db: Db, house: HouseText) -> None:
    told(db)
    at = SOON
    for wait in BACK_OFF:
        assert send(db, at, "refused") == ["confirmation"]
        assert send(db, at + wait - timedelta(seconds=1), "refused") == []
        at += wait
    assert kinds(db, "due") == ["confirmation"]
    assert send(db, at, "refused") == ["confirmation"]
    assert [(each.state, each.tries) for each in every(db)] == [("failed", len(BACK_OFF) + 1)]
    assert send(db, LATER) == []
    assert [each.message.state for each in phoning.missed(db, LATER)] == ["failed"]


def test_refused_then_taken_it_is_sent_once(db: Db, house: HouseText) -> None:
    told(db)
    assert send(db, SOON, "refused") == ["confirmation"]
    assert send(db, SOON + BACK_OFF[0]) == ["confirmation"]
    assert send(db, LATER) == []
    assert kinds(db, "sent") == ["confirmation"]


def test_when_nobody_knows_it_is_never_sent_again(db: Db, house: HouseText) -> None:
    told(db)
    assert send(db, SOON, "unsure") == ["confirmation"]
    assert send(db, LATER) == []
    assert [each.message.state for each in phoning.missed(db, LATER)] == ["unsure"]


def test_it_is_sending_before_the_provider_is_asked(db: Db, house: HouseText) -> None:
    told(db)
    fill(db, SOON)

    def look(_leaving: Leaving) -> Outcome:
        assert not db.in_transaction
        assert kinds(db, "sending") == ["confirmation"]
        return "accepted"

    assert drain(db, WAYS, lambda: SOON, look) == 1


def test_what_was_sending_when_the_sender_died_is_phoned(db: Db, house: HouseText) -> None:
    told(db)
    fill(db, SOON)

    def dies(_leaving: Leaving) -> Outcome:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drain(db, WAYS, lambda: SOON, dies)
    assert outbox.is_due(db, WAYS, SOON), "the next sender finds out what became of it"
    assert send(db, SOON) == []
    assert [each.message.state for each in phoning.missed(db, SOON)] == ["unsure"]
    assert not outbox.is_due(db, WAYS, LATER)


def test_two_senders_do_not_work_at_once(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(Sending), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def test_even_so_a_message_is_taken_by_one_of_them(db: Db, house: HouseText) -> None:
    told(db)
    fill(db, SOON)
    assert take(db, WAYS, SOON) is not None
    assert take(db, WAYS, SOON) is None


def test_taken_back_while_it_is_being_sent_it_stays_taken_back(db: Db, house: HouseText) -> None:
    held = told(db)
    fill(db, SOON)

    def meanwhile(_leaving: Leaving) -> Outcome:
        withdraw(db, of(held), "visitor", SOON)
        return "refused"

    drain(db, WAYS, lambda: SOON, meanwhile)
    assert send(db, SOON + BACK_OFF[0]) == []
    assert not outbox.is_due(db, WAYS, SOON + BACK_OFF[0]), "no sender is started for it"


def test_a_way_without_provider_sends_nothing_and_says_so(db: Db, house: HouseText) -> None:
    told(db)
    told(db, MAIL)
    fill(db, SOON)
    assert drain(db, frozenset({"email"}), lambda: SOON, lambda _leaving: "accepted") == 1
    assert not outbox.is_due(db, frozenset({"email"}), LATER)
    assert [(each.way, each.message.state) for each in phoning.missed(db, LATER)] == [
        ("sms", "due")
    ]


def test_a_change_that_a_provider_took_is_told(db: Db, house: HouseText) -> None:
    held = called_off(db)
    assert to_tell(db) == [held.id]
    assert phoning.on_their_way(db, WAYS) == set()
    fill(db, LATER)
    assert phoning.on_their_way(db, WAYS) == {held.id}
    send(db, LATER)
    assert to_tell(db) == []


@pytest.mark.parametrize("outcome", ["refused", "unsure"])
def test_a_change_that_did_not_leave_is_still_to_be_told(
    outcome: Outcome, db: Db, house: HouseText
) -> None:
    held = called_off(db)
    assert send(db, LATER, outcome) == ["cancelled"]
    assert to_tell(db) == [held.id]


def test_what_changed_while_it_was_being_sent_is_still_to_be_told(db: Db, house: HouseText) -> None:
    held = told(db)
    send(db, SOON)
    first, second = free(db)[2:4]
    booking.move(db, held.id, first.id, "desk", "an agent", LATER, "moved")
    soon = LATER + timedelta(minutes=1)
    fill(db, soon)

    def meanwhile(_leaving: Leaving) -> Outcome:
        booking.move(db, held.id, second.id, "desk", "an agent", soon, "moved")
        return "accepted"

    drain(db, WAYS, lambda: soon, meanwhile)
    assert again(db, held).tell == "moved"
    assert send(db, soon + timedelta(minutes=1)) == ["moved"]
    assert again(db, held).tell is None


def test_taken_and_not_received_it_is_to_be_told_again(
    db: Db, house: HouseText, nadia: Account
) -> None:
    held = called_off(db)
    send(db, LATER)
    lost = every(db)[-1]
    for _ in range(2):
        phoning.returned(db, lost.id, nadia.id, LATER)
    assert [each.message.id for each in phoning.missed(db, LATER)] == [lost.id]
    assert to_tell(db) == [held.id]
    assert send(db, LATER + timedelta(hours=1)) == [], "and never sent a second time"
    phoning.phoned(db, of(held), nadia.id, LATER)
    assert (phoning.missed(db, LATER), to_tell(db)) == ([], [])


def test_only_what_was_sent_is_lost_on_its_way(db: Db, house: HouseText, nadia: Account) -> None:
    told(db)
    send(db, SOON, "unsure")
    with pytest.raises(NotSent):
        phoning.returned(db, every(db)[0].id, nadia.id, LATER)
    with pytest.raises(Unknown):
        phoning.returned(db, "none", nadia.id, LATER)


def test_once_somebody_phoned_nothing_is_left(db: Db, house: HouseText, nadia: Account) -> None:
    held = called_off(db)
    send(db, LATER, "unsure")
    for _ in range(2):
        phoning.phoned(db, of(held), nadia.id, LATER)
    assert (phoning.missed(db, LATER), to_tell(db)) == ([], [])
    assert send(db, LATER + timedelta(hours=1)) == []


def test_when_the_hour_is_over_nobody_is_phoned(db: Db, house: HouseText) -> None:
    held = told(db)
    send(db, SOON, "unsure")
    assert len(phoning.missed(db, held.starts_at - timedelta(minutes=1))) == 1
    assert phoning.missed(db, held.starts_at) == []


def test_what_was_sent_today_can_be_looked_at(db: Db, house: HouseText) -> None:
    told(db)
    send(db, SOON)
    place = site(db, BEARN)
    assert [each.message.kind for each in phoning.sent_today(db, place, SOON)] == ["confirmation"]
    assert phoning.sent_today(db, place, MONDAY + timedelta(days=1)) == []
