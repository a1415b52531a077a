from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from accueil.house import sessions
from accueil.house.accounts import Account
from accueil.house.sessions import TooManyAttempts, WrongPassword
from accueil.store.db import Db, Store
from tests.personae import MONDAY, PASSWORD, after

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def token(db: Db, nadia: Account) -> str:
    """Nadia is at work on the desk's computer since MONDAY."""
    return sessions.open_session(db, "nadia", PASSWORD, "desk", MONDAY)


def fail(db: Db, login: str, device: str, times: int, at: float = 0) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            sessions.open_session(db, login, "not the password", device, after(at))


def is_locked(db: Db, token: str, at: timedelta) -> bool:
    found = sessions.session(db, token, MONDAY + at)
    assert found is not None
    return found.locked


def test_a_session_is_its_account_at_work(db: Db, nadia: Account, token: str) -> None:
    found = sessions.session(db, token, after(60))
    assert found == sessions.Session(nadia, False, MONDAY, idle=10 * MINUTE)


def test_a_token_is_never_stored(db: Db, token: str) -> None:
    assert token not in str(db.all("SELECT * FROM login_session"))


def test_an_unknown_token_opens_nothing(db: Db, token: str) -> None:
    assert sessions.session(db, token + "x", MONDAY) is None
    assert sessions.session(db, "", MONDAY) is None


def test_a_session_locks_when_nothing_was_asked_for_ten_minutes(db: Db, token: str) -> None:
    assert not is_locked(db, token, 10 * MINUTE)
    assert is_locked(db, token, 10 * MINUTE + SECOND)


def test_a_partner_who_receives_behind_a_door_has_an_hour(db: Db, claire: Account) -> None:
    token = sessions.open_session(db, "claire", PASSWORD, "office", MONDAY)
    assert not is_locked(db, token, HOUR)
    assert is_locked(db, token, HOUR + SECOND)


def test_what_the_person_does_keeps_the_session_awake(db: Db, token: str) -> None:
    sessions.keep_awake(db, token, MONDAY + 9 * MINUTE)
    assert not is_locked(db, token, 19 * MINUTE)
    assert is_locked(db, token, 19 * MINUTE + SECOND)


def test_a_session_locked_by_idleness_opens_with_the_password_only(db: Db, token: str) -> None:
    sessions.keep_awake(db, token, MONDAY + 11 * MINUTE)
    assert is_locked(db, token, 11 * MINUTE)


def test_a_session_locked_by_hand_opens_with_the_password_only(db: Db, token: str) -> None:
    sessions.lock(db, token)
    sessions.keep_awake(db, token, MONDAY + MINUTE)
    assert is_locked(db, token, MINUTE)


def test_the_password_opens_a_locked_session_again(db: Db, token: str) -> None:
    sessions.lock(db, token)
    sessions.unlock(db, token, PASSWORD, "desk", MONDAY + HOUR)
    assert not is_locked(db, token, HOUR + 10 * MINUTE)


def test_a_wrong_password_leaves_the_session_locked(db: Db, token: str) -> None:
    sessions.lock(db, token)
    with pytest.raises(WrongPassword):
        sessions.unlock(db, token, "not the password", "desk", MONDAY)
    assert is_locked(db, token, SECOND)


def test_a_session_ends_after_ten_hours_whatever_was_done(db: Db, token: str) -> None:
    for minutes in range(0, 600, 9):
        sessions.keep_awake(db, token, MONDAY + minutes * MINUTE)
    assert sessions.session(db, token, MONDAY + 10 * HOUR) is not None
    assert sessions.session(db, token, MONDAY + 10 * HOUR + SECOND) is None
    with pytest.raises(WrongPassword):
        sessions.unlock(db, token, PASSWORD, "desk", MONDAY + 10 * HOUR + SECOND)


def test_logging_out_ends_this_session_and_no_other(db: Db, token: str) -> None:
    other = sessions.open_session(db, "nadia", PASSWORD, "tablet", MONDAY)
    sessions.end(db, token)
    assert sessions.session(db, token, MONDAY) is None
    assert sessions.session(db, other, MONDAY) is not None


def test_a_session_that_has_ended_is_not_unlocked(db: Db, token: str) -> None:
    sessions.end(db, token)
    with pytest.raises(WrongPassword):
        sessions.unlock(db, token, PASSWORD, "desk", MONDAY)


def test_five_mistakes_cost_nothing(db: Db, nadia: Account) -> None:
    fail(db, "nadia", "desk", 5)
    assert sessions.open_session(db, "nadia", PASSWORD, "desk", MONDAY)


def test_after_too_many_mistakes_even_the_right_password_waits(db: Db, nadia: Account) -> None:
    fail(db, "nadia", "desk", 6)
    with pytest.raises(TooManyAttempts) as refusal:
        sessions.open_session(db, "nadia", PASSWORD, "desk", after(0.5))
    assert 1.5 <= refusal.value.wait_s <= 3
    assert sessions.open_session(db, "nadia", PASSWORD, "desk", after(2))


def test_an_attempt_that_was_too_early_is_not_counted(db: Db, nadia: Account) -> None:
    fail(db, "nadia", "desk", 6)
    for _ in range(20):
        with pytest.raises(TooManyAttempts):
            sessions.open_session(db, "nadia", "not the password", "desk", after(1))
    assert sessions.open_session(db, "nadia", PASSWORD, "desk", after(2))


def test_each_further_mistake_waits_twice_as_long_up_to_a_quarter_of_an_hour(
    db: Db, nadia: Account
) -> None:
    fail(db, "nadia", "desk", 5)
    at = 0.0
    for wait_s in (2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900):
        fail(db, "nadia", "desk", 1, at)
        with pytest.raises(TooManyAttempts):
            sessions.open_session(db, "nadia", PASSWORD, "desk", after(at + wait_s - 1))
        at += wait_s
    assert sessions.open_session(db, "nadia", PASSWORD, "desk", after(at))


def test_a_success_forgets_the_mistakes_before_it(db: Db, nadia: Account) -> None:
    fail(db, "nadia", "desk", 5)
    sessions.open_session(db, "nadia", PASSWORD, "desk", MONDAY)
    fail(db, "nadia", "desk", 5)
    assert sessions.open_session(db, "nadia", PASSWORD, "desk", MONDAY)


def test_an_account_attacked_from_many_devices_is_slowed_down(db: Db, nadia: Account) -> None:
    for number in range(6):
        fail(db, "nadia", f"stranger {number}", 1)
    with pytest.raises(TooManyAttempts):
        sessions.open_session(db, "nadia", PASSWORD, "one more stranger", MONDAY)


def test_a_device_that_tries_many_accounts_is_slowed_down(db: Db, nadia: Account) -> None:
    for number in range(6):
        fail(db, f"login {number}", "stranger", 1)
    with pytest.raises(TooManyAttempts):
        sessions.open_session(db, "nadia", PASSWORD, "stranger", MONDAY)


def test_strangers_do_not_lock_a_person_out_of_her_own_device(
    db: Db, nadia: Account, token: str
) -> None:
    for number in range(6):
        fail(db, "nadia", f"stranger {number}", 1)
    assert sessions.open_session(db, "nadia", PASSWORD, "desk", MONDAY)


def test_a_device_known_to_one_account_is_a_stranger_to_another(
    db: Db, nadia: Account, claire: Account, token: str
) -> None:
    for number in range(6):
        fail(db, "claire", f"stranger {number}", 1)
    with pytest.raises(TooManyAttempts):
        sessions.open_session(db, "claire", PASSWORD, "desk", MONDAY)


def test_guesses_on_a_known_device_are_slowed_down_too(db: Db, token: str) -> None:
    fail(db, "nadia", "desk", 6)
    with pytest.raises(TooManyAttempts):
        sessions.open_session(db, "nadia", PASSWORD, "desk", MONDAY)


def test_guesses_at_a_locked_session_are_slowed_down_too(db: Db, token: str) -> None:
    sessions.lock(db, token)
    for _ in range(6):
        with pytest.raises(WrongPassword):
            sessions.unlock(db, token, "not the password", "desk", MONDAY)
    with pytest.raises(TooManyAttempts):
        sessions.unlock(db, token, PASSWORD, "desk", MONDAY)


def test_what_no_longer_counts_is_forgotten(db: Db, token: str) -> None:
    fail(db, "nobody", "stranger", 1)
    sessions.forget_old(db, MONDAY + 9 * HOUR)
    assert sessions.session(db, token, MONDAY + 9 * HOUR) is not None
    sessions.forget_old(db, MONDAY + timedelta(days=181))
    for table in ("login_session", "login_throttle", "known_device"):
        assert db.all(f"SELECT * FROM {table}") == []


def test_many_attempts_at_once_are_slowed_down_like_one_after_the_other(
    store: Store, nadia: Account
) -> None:
    def attempt(_: int) -> type[Exception] | None:
        with store.connection() as db:
            try:
                sessions.open_session(db, "nadia", "not the password", "a stranger's", MONDAY)
            except (WrongPassword, TooManyAttempts) as error:
                return type(error)
        return None

    with ThreadPoolExecutor(12) as people:
        answers = list(people.map(attempt, range(24)))
    assert answers.count(WrongPassword) == sessions.FREE_FAILURES + 1
    assert answers.count(TooManyAttempts) == 24 - sessions.FREE_FAILURES - 1
