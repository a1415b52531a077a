"""A planning at a secret address: what it shows, to whom, and what makes it change."""

from datetime import datetime, timedelta

import icalendar
import pytest
import vobject

from accueil.house.accounts import Account, close
from accueil.house.sites import Unknown
from accueil.house.text import HouseText
from accueil.planning import calendars, exceptions, feeds
from accueil.planning.calendars import Entry
from accueil.planning.changes import carry_out
from accueil.planning.closures import Closure
from accueil.planning.feeds import Address, Kind
from accueil.planning.horizon import top_up
from accueil.planning.plans import cancelling, closing
from accueil.planning.undoing import undo
from accueil.store.db import Db
from tests.personae import BEARN, MONDAY, PARQUET_ROOM, after

DAY = timedelta(days=1)


def opened(db: Db, kind: Kind, subject_id: str, by: Account) -> Address:
    token = feeds.open_address(db, kind, subject_id, by.id, MONDAY)
    return feeds.address_of_token(db, token)


def written(db: Db, shown: Address, at: datetime = MONDAY) -> bytes:
    zone = feeds.place_of(db, shown).zone
    return calendars.calendar(shown.title, feeds.entries(db, shown, at), zone)


def tag(db: Db, shown: Address, at: datetime = MONDAY) -> str:
    return feeds.state(db, shown, at).tag


def coming(db: Db, shown: Address, at: datetime = MONDAY) -> list[Entry]:
    return [each for each in feeds.entries(db, shown, at) if each.starts_at > at]


def cancel(db: Db, entry: Entry, by: Account, at: datetime = MONDAY) -> str:
    occurrence_id = entry.uid.partition("@")[0]
    carry_out(db, cancelling([occurrence_id], at), {}, by.id, at)
    return occurrence_id


@pytest.fixture
def parquet(db: Db, claire: Account) -> Address:
    return opened(db, "organisation", "parquet", claire)


# ---- addresses -------------------------------------------------------------------------------


def test_an_address_cannot_be_guessed_nor_read_in_the_house_s_file(db: Db, claire: Account) -> None:
    tokens = {feeds.open_address(db, "organisation", "parquet", claire.id, MONDAY) for _ in "123"}
    assert len(tokens) == 3
    assert all(len(each) >= 43 for each in tokens)
    kept = repr([db.all("SELECT * FROM calendar_address"), db.all("SELECT * FROM journal")])
    assert not any(each in kept for each in tokens)


def test_opening_and_revoking_are_in_the_journal(db: Db, claire: Account) -> None:
    shown = opened(db, "host", claire.id, claire)
    feeds.revoke(db, shown.id, claire.id, MONDAY)
    rows = db.all("SELECT verb, actor FROM journal WHERE verb LIKE 'calendar%' ORDER BY seq")
    assert rows == [
        {"verb": "calendar opened", "actor": claire.id},
        {"verb": "calendar revoked", "actor": claire.id},
    ]


def test_a_revoked_address_is_unknown_and_the_others_stay(db: Db, claire: Account) -> None:
    first, second = (
        feeds.open_address(db, "organisation", "parquet", claire.id, MONDAY) for _ in "12"
    )
    feeds.revoke(db, feeds.address_of_token(db, first).id, claire.id, MONDAY)
    with pytest.raises(Unknown):
        feeds.address_of_token(db, first)
    assert feeds.addresses(db) == [feeds.address_of_token(db, second)]


@pytest.mark.parametrize("token", ["", "x", "é" * 43, "a" * 10_000])
def test_any_other_token_is_unknown(token: str, db: Db, house: HouseText) -> None:
    with pytest.raises(Unknown):
        feeds.address_of_token(db, token)


def test_the_address_of_whoever_has_left_is_unknown(db: Db, claire: Account) -> None:
    token = feeds.open_address(db, "host", claire.id, claire.id, MONDAY)
    close(db, claire.id, "house", MONDAY)
    with pytest.raises(Unknown):
        feeds.address_of_token(db, token)


def test_addresses_are_listed_by_what_they_show(db: Db, claire: Account, karim: Account) -> None:
    mine = opened(db, "organisation", "parquet", claire)
    opened(db, "organisation", "mission-locale", karim)
    assert feeds.addresses(db, {("organisation", "parquet")}) == [mine]
    assert (mine.subject, mine.maker) == ("Correspondant du Parquet", "Claire Morel")
    assert len(feeds.addresses(db)) == 2


def test_being_asked_is_remembered_once_an_hour(db: Db, parquet: Address) -> None:
    for minutes in (0, 1, 59, 60, 61):
        [shown] = feeds.addresses(db)
        feeds.note_asked(db, shown, after(minutes * 60))
    [shown] = feeds.addresses(db)
    assert shown.asked_at == after(3600)


# ---- what a feed shows -----------------------------------------------------------------------


def test_a_partner_sees_the_dates_of_their_services(db: Db, parquet: Address) -> None:
    rows = db.all(
        "SELECT o.id FROM occurrence AS o JOIN permanence AS p ON p.id = o.permanence_id"
        " JOIN service AS s ON s.id = p.service_id WHERE s.organisation_id = 'parquet'"
    )
    shown = feeds.entries(db, parquet, MONDAY)
    assert {each.uid for each in shown} == {f"{row['id']}@accueil-commun" for row in rows}
    assert shown[0].title == "Correspondant du Parquet"
    assert shown[0].place == "Bureau 3, 3 rue du Béarn, 94550 Chevilly-Larue"


def test_rooms_and_sites_name_the_partner_as_well(db: Db, nadia: Account) -> None:
    of_room = feeds.entries(db, opened(db, "room", PARQUET_ROOM, nadia), MONDAY)
    of_site = feeds.entries(db, opened(db, "site", BEARN, nadia), MONDAY)
    assert {each.place.split(",")[0] for each in of_room} == {"Bureau 3"}
    assert "Mission locale – " in " ".join(each.title for each in of_site)
    assert {each.uid for each in of_room} < {each.uid for each in of_site}


def test_a_host_sees_the_dates_where_they_receive(
    db: Db, claire: Account, parquet: Address
) -> None:
    mine = opened(db, "host", claire.id, claire)
    assert feeds.entries(db, mine, MONDAY) == []
    chosen = coming(db, parquet)[2]
    with db.transaction():
        exceptions.put_host(db, [chosen.uid.partition("@")[0]], claire.id, MONDAY)
    assert [each.uid for each in feeds.entries(db, mine, MONDAY)] == [chosen.uid]
    assert claire.name not in written(db, mine).decode()


def test_a_feed_goes_from_a_month_ago_to_thirteen_months_ahead(db: Db, parquet: Address) -> None:
    later = MONDAY + timedelta(days=60)
    top_up(db, later)
    days = [each.starts_at for each in feeds.entries(db, parquet, later)]
    assert later - 31 * DAY < min(days) < later - 20 * DAY
    assert later + 380 * DAY < max(days) < later + 397 * DAY


def test_cancelled_dates_stay_until_past_for_other_programs_to_read(
    db: Db, claire: Account, parquet: Address
) -> None:
    by_hand, *others = coming(db, parquet)
    day = MONDAY.date() + 7 * DAY
    by_rule = [each for each in others if each.starts_at.date() == day]
    assert by_rule
    cancel(db, by_hand, claire)
    shut = Closure("shut", "house", None, "", day, day, "Travaux")
    carry_out(db, closing(db, shut, MONDAY), {}, claire.id, MONDAY)
    gone = {each.uid for each in (by_hand, *by_rule)}
    content = written(db, parquet)
    for events in (
        icalendar.Calendar.from_ical(content).walk("VEVENT"),
        vobject.readOne(content.decode()).vevent_list,
    ):
        found = {text(each, "uid"): text(each, "status") for each in events}
        assert {uid for uid, status in found.items() if status == "CANCELLED"} == gone
    for uid, until in ((each.uid, each.ends_at) for each in (by_hand, *by_rule)):
        assert uid in {each.uid for each in feeds.entries(db, parquet, until)}
        assert uid not in {each.uid for each in feeds.entries(db, parquet, until + DAY)}


def text(event: object, name: str) -> str:
    found = event[name] if isinstance(event, icalendar.Event) else getattr(event, name).value
    return str(found)


# ---- what makes it change --------------------------------------------------------------------


def test_nothing_new_means_the_same_tag_and_the_same_bytes(db: Db, parquet: Address) -> None:
    later = after(3600)
    assert tag(db, parquet) == tag(db, parquet, later)
    assert written(db, parquet) == written(db, parquet, later)


def test_another_partner_s_change_changes_nothing(db: Db, parquet: Address, karim: Account) -> None:
    theirs = opened(db, "organisation", "mission-locale", karim)
    before = tag(db, parquet), tag(db, theirs)
    cancel(db, coming(db, theirs)[0], karim)
    assert tag(db, parquet) == before[0]
    assert tag(db, theirs) != before[1]


def test_an_event_alone_is_stamped_anew_when_it_changes(
    db: Db, claire: Account, parquet: Address
) -> None:
    before = {each.uid: each for each in feeds.entries(db, parquet, MONDAY)}
    chosen, later = coming(db, parquet)[0], after(60)
    cancel(db, chosen, claire, later)
    changed = [each for each in feeds.entries(db, parquet, later) if before[each.uid] != each]
    assert [(each.uid, each.cancelled) for each in changed] == [(chosen.uid, True)]
    assert changed[0].sequence > chosen.sequence
    assert changed[0].changed_at == later
    assert feeds.state(db, parquet, later).changed_at == later


def test_each_change_has_its_tag_and_so_has_its_undoing(
    db: Db, claire: Account, parquet: Address
) -> None:
    seen = [tag(db, parquet)]
    first, second = coming(db, parquet)[:2]
    cancel(db, first, claire, after(1))
    seq = db.all("SELECT max(seq) AS seq FROM journal")[0]["seq"]
    seen.append(tag(db, parquet))
    with db.transaction():
        exceptions.cancel(db, [second.uid.partition("@")[0]], after(2))
    seen.append(tag(db, parquet))
    undo(db, seq, claire.id, after(3))
    seen.append(tag(db, parquet))
    assert len(set(seen)) == 4


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE service SET name = 'Autre nom' WHERE organisation_id = 'parquet'",
        "UPDATE organisation SET name = 'Autre nom' WHERE id = 'parquet'",
        "UPDATE room SET name = 'Salle bleue' WHERE id = 'bearn-bureau-3'",
        "UPDATE site SET address = '5 rue du Béarn' WHERE id = 'bearn'",
    ],
)
def test_another_name_changes_the_tag(change: str, db: Db, parquet: Address) -> None:
    before = tag(db, parquet)
    with db.transaction():
        db.run(change)
    assert tag(db, parquet) != before


def test_midnight_changes_the_tag(db: Db, parquet: Address) -> None:
    assert tag(db, parquet, MONDAY + DAY) != tag(db, parquet)
