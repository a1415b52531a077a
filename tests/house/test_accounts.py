import time

import pytest

from accueil.house import accounts, sessions
from accueil.house.accounts import Account, LoginTaken, WeakPassword
from accueil.house.sites import Unknown
from accueil.house.text import HouseText
from accueil.store.db import Db
from accueil.store.errors import Refused
from tests.personae import MONDAY, PASSWORD, admin, agent


def create(db: Db, **fields: object) -> Account:
    known: dict[str, object] = {
        "login": "paul",
        "name": "Paul",
        "role": "agent",
        "organisation_id": None,
        "password": PASSWORD,
        "at": MONDAY,
    }
    return accounts.create(db, **{**known, **fields})


def test_an_account_opens_with_its_login_and_password(db: Db, nadia: Account) -> None:
    assert accounts.with_password(db, "nadia", PASSWORD) == nadia


@pytest.mark.parametrize("login", ["NADIA", " nadia ", "ｎａｄｉａ"])
def test_a_login_is_the_same_however_it_is_typed(db: Db, nadia: Account, login: str) -> None:
    assert accounts.with_password(db, login, PASSWORD) == nadia


def test_a_wrong_password_opens_nothing(db: Db, nadia: Account) -> None:
    assert accounts.with_password(db, "nadia", PASSWORD.upper()) is None
    assert accounts.with_password(db, "nadia", "") is None


def test_an_unknown_login_opens_nothing(db: Db) -> None:
    assert accounts.with_password(db, "nobody", PASSWORD) is None


def test_an_unknown_login_takes_as_long_as_a_wrong_password(db: Db, nadia: Account) -> None:
    def fastest(login: str) -> float:
        times = []
        for _ in range(3):
            start = time.perf_counter()
            accounts.with_password(db, login, "not the password")
            times.append(time.perf_counter() - start)
        return min(times)

    assert fastest("nobody") > fastest("nadia") / 3


def test_a_short_password_is_refused_and_opens_no_account(db: Db) -> None:
    with pytest.raises(WeakPassword):
        create(db, password="eleven char")
    assert accounts.accounts(db) == []
    assert create(db, password="twelve chars")


def test_a_password_is_never_stored(db: Db, nadia: Account) -> None:
    rows = db.all("SELECT * FROM account")
    assert PASSWORD not in str(rows)
    assert rows[0]["password_hash"].startswith("$argon2id$")


@pytest.mark.parametrize("login", ["nadia", " Nadia", "ＮＡＤＩＡ"])
def test_a_login_is_given_once(db: Db, nadia: Account, login: str) -> None:
    with pytest.raises(LoginTaken):
        create(db, login=login)
    assert accounts.accounts(db) == [nadia]


def test_a_closed_account_opens_nothing(db: Db, nadia: Account) -> None:
    accounts.close(db, nadia.id, "house", MONDAY)
    assert accounts.with_password(db, "nadia", PASSWORD) is None
    assert accounts.accounts(db) == []
    with pytest.raises(Unknown):
        accounts.account(db, nadia.id)


def test_closing_an_account_ends_its_sessions(db: Db, nadia: Account) -> None:
    token = sessions.open_session(db, "nadia", PASSWORD, "desk", MONDAY)
    accounts.close(db, nadia.id, "house", MONDAY)
    assert sessions.session(db, token, MONDAY) is None


def test_another_password_replaces_the_one_before(db: Db, nadia: Account) -> None:
    accounts.set_password(db, nadia.id, "une autre phrase", "house", MONDAY)
    assert accounts.with_password(db, "nadia", PASSWORD) is None
    assert accounts.with_password(db, "nadia", "une autre phrase") == nadia


def test_another_password_ends_the_sessions_of_before(db: Db, nadia: Account) -> None:
    token = sessions.open_session(db, "nadia", PASSWORD, "desk", MONDAY)
    accounts.set_password(db, nadia.id, "une autre phrase", "house", MONDAY)
    assert sessions.session(db, token, MONDAY) is None


def test_a_short_password_replaces_nothing(db: Db, nadia: Account) -> None:
    with pytest.raises(WeakPassword):
        accounts.set_password(db, nadia.id, "eleven char", "house", MONDAY)
    assert accounts.with_password(db, "nadia", PASSWORD) == nadia


def test_a_closed_account_is_given_no_password(db: Db, nadia: Account) -> None:
    accounts.close(db, nadia.id, "house", MONDAY)
    with pytest.raises(Unknown):
        accounts.set_password(db, nadia.id, "une autre phrase", "house", MONDAY)


def test_accounts_are_listed_by_login(db: Db, house: HouseText) -> None:
    sylvie, nadia = admin(db), agent(db)
    assert accounts.accounts(db) == [nadia, sylvie]


@pytest.mark.parametrize(
    ("role", "organisation_id"),
    [("partner", None), ("agent", "parquet"), ("admin", "parquet"), ("partner", "nobody")],
)
def test_a_partner_belongs_to_an_organisation_and_nobody_else_does(
    db: Db, house: HouseText, role: str, organisation_id: str | None
) -> None:
    with pytest.raises(Refused):
        create(db, role=role, organisation_id=organisation_id)


def test_opening_and_closing_are_in_the_journal_without_the_name(db: Db, nadia: Account) -> None:
    accounts.close(db, nadia.id, "house", MONDAY)
    events = db.all("SELECT verb, data FROM journal WHERE verb LIKE 'account%' ORDER BY seq")
    assert [event["verb"] for event in events] == ["account opened", "account closed"]
    assert "Nadia" not in str(events)
