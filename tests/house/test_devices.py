"""A screen is one of the house's once its code was typed on it, until it is revoked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from accueil.house import devices
from accueil.house.accounts import Account
from accueil.house.devices import BadDevice, Device, Settings, WrongCode
from accueil.house.sessions import TooManyAttempts
from accueil.house.sites import Unknown
from accueil.store import journal
from accueil.store.codes import LETTERS
from accueil.store.db import Db, Store
from tests.personae import BEARN, MANDELA, MONDAY, PARQUET_ROOM, after

HOUR = timedelta(hours=1)
HALL = Settings("La borne du hall")


@pytest.fixture
def sylvie(nadia: Account) -> str:
    """Whoever looks after the screens."""
    return nadia.id


def make(db: Db, by: str, kind: str = "kiosk", settings: Settings = HALL) -> tuple[Device, str]:
    return devices.make(db, BEARN, kind, settings, by, MONDAY)


def test_a_code_is_eight_letters_that_nobody_mistakes(db: Db, sylvie: str) -> None:
    _, code = make(db, sylvie)
    assert len(code) == 8
    assert set(code) <= set(LETTERS)


def test_neither_a_code_nor_a_token_is_ever_stored(db: Db, sylvie: str) -> None:
    _, code = make(db, sylvie)
    _, token = devices.enrol(db, code, "tablet", MONDAY)
    _, other = make(db, sylvie)
    kept = str(db.all("SELECT * FROM device")) + str(db.all("SELECT * FROM journal"))
    assert not {secret for secret in (code, token, other) if secret in kept}


def test_a_code_typed_once_makes_the_screen_one_of_the_house(db: Db, sylvie: str) -> None:
    made, code = make(db, sylvie)
    assert not made.is_enrolled
    enrolled, token = devices.enrol(db, code, "tablet", after(60))
    assert (enrolled.id, enrolled.is_enrolled, enrolled.seen_at) == (made.id, True, after(60))
    assert devices.device_of(db, token) == enrolled
    assert devices.device_of(db, token + "x") is None


@pytest.mark.parametrize("how", ["{0}", "{1}", " {2} {3} ", "{2}-{3}", "{2}\u00a0{3}\n"])
def test_a_code_is_read_however_it_is_typed(how: str, db: Db, sylvie: str) -> None:
    made, code = make(db, sylvie)
    typed = how.format(code, code.lower(), code[:4], code[4:].lower())
    assert devices.enrol(db, typed, "tablet", MONDAY)[0].id == made.id


def test_a_code_serves_once(db: Db, sylvie: str) -> None:
    _, code = make(db, sylvie)
    devices.enrol(db, code, "tablet", MONDAY)
    with pytest.raises(WrongCode):
        devices.enrol(db, code, "another", MONDAY)


def test_one_code_typed_on_two_screens_at_once_enrols_one(
    db: Db, store: Store, sylvie: str
) -> None:
    _, code = make(db, sylvie)

    def enrol(tablet: str) -> bool:
        with store.connection() as mine:
            try:
                devices.enrol(mine, code, tablet, MONDAY)
            except WrongCode:
                return False
            return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(enrol, map(str, range(8)))) == 1


def test_a_code_serves_for_an_hour(db: Db, sylvie: str) -> None:
    made, code = make(db, sylvie)
    assert made.awaits_code(MONDAY + HOUR - timedelta(seconds=1))
    assert not made.awaits_code(MONDAY + HOUR)
    with pytest.raises(WrongCode):
        devices.enrol(db, code, "tablet", MONDAY + HOUR)


@pytest.mark.parametrize("typed", ["", "BCDFGHJK", "\0", "B" * 5_000, "' OR 1=1 --", "١٢٣٤٥٦٧٨"])
def test_nothing_else_enrols(typed: str, db: Db, sylvie: str) -> None:
    make(db, sylvie)
    with pytest.raises(WrongCode):
        devices.enrol(db, typed, "tablet", MONDAY)


def test_guessing_is_slowed_down_by_device(db: Db, sylvie: str) -> None:
    _, code = make(db, sylvie)
    fail(db, "tablet", 6)
    with pytest.raises(TooManyAttempts):
        devices.enrol(db, code, "tablet", MONDAY)
    assert devices.enrol(db, code, "another", MONDAY)


def test_guessing_from_ever_new_devices_is_slowed_down_too(db: Db, sylvie: str) -> None:
    _, code = make(db, sylvie)
    for number in range(devices.EVERYBODY_FREE + 1):
        fail(db, f"tablet {number}", 1)
    with pytest.raises(TooManyAttempts) as haste:
        devices.enrol(db, code, "one more", MONDAY)
    wait = timedelta(seconds=haste.value.wait_s)
    assert devices.enrol(db, code, "one more", MONDAY + wait)[0].is_enrolled


def fail(db: Db, tablet: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongCode):
            devices.enrol(db, "BCDFGHJK", tablet, MONDAY)


def test_a_revoked_screen_is_one_no_more_until_a_new_code_is_typed(db: Db, sylvie: str) -> None:
    made, code = make(db, sylvie)
    _, token = devices.enrol(db, code, "tablet", MONDAY)
    devices.revoke(db, made.id, sylvie, after(60))
    assert devices.device_of(db, token) is None
    again = devices.give_code(db, made.id, sylvie, after(120))
    assert devices.device(db, made.id).revoked_at == after(60)
    back, other_token = devices.enrol(db, again, "tablet", after(180))
    assert (back.id, back.is_enrolled) == (made.id, True)
    assert devices.device_of(db, token) is None
    assert devices.device_of(db, other_token) == back


def test_a_code_that_was_never_typed_is_revoked_with_its_screen(db: Db, sylvie: str) -> None:
    made, code = make(db, sylvie)
    devices.revoke(db, made.id, sylvie, MONDAY)
    with pytest.raises(WrongCode):
        devices.enrol(db, code, "tablet", MONDAY)


def test_a_new_code_replaces_the_one_before(db: Db, sylvie: str) -> None:
    made, code = make(db, sylvie)
    again = devices.give_code(db, made.id, sylvie, MONDAY)
    with pytest.raises(WrongCode):
        devices.enrol(db, code, "tablet", MONDAY)
    assert devices.enrol(db, again, "tablet", MONDAY)[0].id == made.id


def test_another_device_may_take_the_place_of_one_that_broke(db: Db, sylvie: str) -> None:
    made, code = make(db, sylvie)
    _, broken = devices.enrol(db, code, "tablet", MONDAY)
    code = devices.give_code(db, made.id, sylvie, MONDAY)
    assert devices.device_of(db, broken) is not None  # until the code is typed
    devices.enrol(db, code, "new tablet", MONDAY)
    assert devices.device_of(db, broken) is None


def test_a_device_that_becomes_another_screen_is_the_first_no_more(db: Db, sylvie: str) -> None:
    _, code = make(db, sylvie)
    was, token = devices.enrol(db, code, "tablet", MONDAY)
    _, code = make(db, sylvie, "board")
    devices.enrol(db, code, "tablet", after(60), was)
    assert devices.device_of(db, token) is None
    assert devices.device(db, was.id).revoked_at == after(60)


def test_a_site_has_enrolled_a_kind_for_good(db: Db, sylvie: str) -> None:
    made, code = make(db, sylvie)
    assert not devices.ever_enrolled(db, BEARN, "kiosk")
    devices.enrol(db, code, "tablet", MONDAY)
    devices.revoke(db, made.id, sylvie, MONDAY)
    assert devices.ever_enrolled(db, BEARN, "kiosk")
    assert not devices.ever_enrolled(db, BEARN, "board")
    assert not devices.ever_enrolled(db, MANDELA, "kiosk")


def test_a_sign_of_life_is_written_once_a_minute(db: Db, sylvie: str) -> None:
    _, code = make(db, sylvie)
    known, _ = devices.enrol(db, code, "tablet", MONDAY)
    devices.seen(db, known, after(59))
    assert devices.device(db, known.id).seen_at == MONDAY
    devices.seen(db, known, after(60))
    assert devices.device(db, known.id).seen_at == after(60)


def test_settings_are_changed_and_the_screens_of_the_site_are_told(db: Db, sylvie: str) -> None:
    made, _ = make(db, sylvie, "board")
    before = journal.version(db, BEARN)
    wanted = Settings("La salle", rooms=(PARQUET_ROOM,), voice=False)
    devices.change(db, made.id, wanted, sylvie, MONDAY)
    assert devices.device(db, made.id).settings == wanted
    assert journal.version(db, BEARN) > before


WRONG = {
    "kind": ("tv", BEARN, HALL),
    "site": ("board", "ailleurs", HALL),
    "name": ("board", BEARN, Settings("  ")),
    "rooms": ("board", BEARN, Settings("Salle", rooms=("mandela-bureau-partage",))),
    "text_size": ("kiosk", BEARN, Settings("Hall", text_size="huge")),
}


@pytest.mark.parametrize("field", WRONG)
def test_what_cannot_be_is_named(field: str, db: Db, sylvie: str) -> None:
    kind, site, settings = WRONG[field]
    with pytest.raises(BadDevice) as bad:
        devices.make(db, site, kind, settings, sylvie, MONDAY)
    assert bad.value.field == field
    assert devices.devices(db) == []


def test_a_kiosk_stands_where_there_is_a_desk(db: Db, sylvie: str) -> None:
    with pytest.raises(BadDevice) as bad:
        devices.make(db, MANDELA, "kiosk", HALL, sylvie, MONDAY)
    assert bad.value.field == "site"


def test_a_name_has_its_length(db: Db, sylvie: str) -> None:
    make(db, sylvie, settings=Settings("é" * 40))
    with pytest.raises(BadDevice):
        make(db, sylvie, settings=Settings("é" * 41))


def test_a_screen_that_does_not_exist_is_unknown(db: Db, sylvie: str) -> None:
    for act in (devices.revoke, devices.give_code):
        with pytest.raises(Unknown):
            act(db, "nothing", sylvie, MONDAY)
    with pytest.raises(Unknown):
        devices.change(db, "nothing", HALL, sylvie, MONDAY)
