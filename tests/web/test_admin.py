"""The admin's page: who may work here, and what nobody has confirmed yet."""

import pytest

from accueil.house import accounts
from accueil.house.accounts import Account
from accueil.store.db import Db
from tests.web.browser import Answer, Browser
from tests.web.conftest import log_in

OPEN = "/admin/comptes"
PASSWORD = "encore une phrase de passe"
LEILA = {"login": "Leila", "name": "Leïla", "role": "agent", "password": PASSWORD}


def known(db: Db, login: str) -> Account:
    return next(each for each in accounts.accounts(db) if each.login == login)


def open_account(admin: Browser, **fields: str) -> Answer:
    return admin.press(admin.get("/admin").page, OPEN, fill={**LEILA, **fields})


def test_an_account_that_was_opened_comes_to_work(admin: Browser, visitor: Browser) -> None:
    assert open_account(admin).status == 303
    log_in(visitor, "leila", PASSWORD)


def test_a_partner_s_account_is_of_one_organisation(db: Db, admin: Browser) -> None:
    open_account(admin, role="partner", organisation="cramif")
    assert known(db, "leila").organisation_id == "cramif"
    assert open_account(admin, login="x", role="agent", organisation="cramif").status == 303
    assert known(db, "x").organisation_id is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"login": ""},
        {"login": "NADIA"},
        {"name": " "},
        {"role": "chef"},
        {"role": "partner", "organisation": "inconnue"},
        {"role": "partner", "organisation": ""},
        {"password": "court"},
        {"login": "\0", "password": ""},
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept_but_the_password(
    wrong: dict[str, str], db: Db, admin: Browser
) -> None:
    before = accounts.accounts(db)
    refused = open_account(admin, **wrong)
    assert refused.status == 422
    assert refused.page.one(role="alert").text
    form = refused.page.form(OPEN)
    assert form.one("input", name="password").get("value") in (None, "")
    assert form.one("input", name="name").get("value") == {**LEILA, **wrong}["name"].strip()
    assert accounts.accounts(db) == before


def test_a_double_tap_opens_one_account(db: Db, admin: Browser) -> None:
    page = admin.get("/admin").page
    assert [admin.press(page, OPEN, fill=LEILA).status for _ in range(2)] == [303, 422]
    assert len([each for each in accounts.accounts(db) if each.login == "leila"]) == 1


def test_a_new_password_replaces_the_old_one(db: Db, admin: Browser, visitor: Browser) -> None:
    address = f"{OPEN}/{known(db, 'nadia').id}/mot-de-passe"
    changed = admin.press(admin.get("/admin").page, address, fill={"password": PASSWORD})
    assert changed.status == 303
    log_in(visitor, "nadia", PASSWORD)


def test_a_weak_password_changes_nothing(db: Db, admin: Browser, visitor: Browser) -> None:
    address = f"{OPEN}/{known(db, 'nadia').id}/mot-de-passe"
    assert admin.post(address, {"password": "court"}).status == 422
    log_in(visitor, "nadia")


def test_closing_an_account_is_confirmed_then_done(db: Db, admin: Browser, agent: Browser) -> None:
    address = f"{OPEN}/{known(db, 'nadia').id}/fermer"
    question = admin.get(address).page
    assert "Nadia Benali" in question.text
    assert agent.get("/accueil").status == 200
    assert admin.press(question, address).status == 303
    assert agent.get("/accueil").location == "/connexion"
    assert admin.post(address).status == 404


def test_nobody_closes_their_own_account_under_their_feet(db: Db, admin: Browser) -> None:
    address = f"{OPEN}/{known(db, 'sylvie').id}/fermer"
    assert (admin.get(address).status, admin.post(address).status) == (404, 404)
    assert admin.get("/admin").status == 200


@pytest.mark.parametrize("account", ["inconnu", "%00"])
def test_an_account_that_does_not_exist_is_not_found(account: str, admin: Browser) -> None:
    assert admin.get(f"{OPEN}/{account}/fermer").status == 404
    assert admin.post(f"{OPEN}/{account}/fermer").status == 404
    assert admin.post(f"{OPEN}/{account}/mot-de-passe", {"password": PASSWORD}).status == 404


def test_the_page_shows_no_secret(db: Db, admin: Browser) -> None:
    html = admin.get("/admin").page.html
    for row in db.all("SELECT password_hash FROM account"):
        assert row["password_hash"] not in html
