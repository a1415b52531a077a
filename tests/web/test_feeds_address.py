"""Whoever opens an address sees it once; revoked, it answers no more."""

import re

import pytest

from accueil.planning import feeds
from accueil.planning.feeds import Kind
from accueil.store.db import Db
from tests.personae import BEARN, MONDAY, PARQUET_ROOM
from tests.web.browser import Answer, Browser

PAGE = "/planning/calendriers"


def account_id(db: Db, login: str) -> str:
    return str(db.all("SELECT id FROM account WHERE login = :login", login=login)[0]["id"])


def open_address(browser: Browser, of: str) -> Answer:
    return browser.press(browser.get(PAGE).page, PAGE, fill={"of": of})


def path_of(answer: Answer) -> str:
    """The path of the address that a page shows in full."""
    shown = answer.page.one("textarea").text
    found = re.fullmatch(r"http://localhost(/agenda/[\w-]{43,}\.ics)", shown)
    assert found, shown
    return found[1]


def address_of(db: Db, kind: Kind, subject_id: str, login: str) -> str:
    token = feeds.open_address(db, kind, subject_id, account_id(db, login), MONDAY)
    return feeds.address_of_token(db, token).id


def choices(browser: Browser) -> set[str]:
    return {each["value"] for each in browser.get(PAGE).page.one("select", name="of").all("option")}


def test_an_address_is_shown_once_and_opens_the_calendar(
    partner: Browser, visitor: Browser
) -> None:
    path = path_of(open_address(partner, "organisation:parquet"))
    assert visitor.client.get(path).status_code == 200
    again = partner.get(PAGE).page
    assert again.all("textarea") == []
    assert path.split("/")[-1].removesuffix(".ics") not in again.html


def test_the_page_says_how_to_subscribe_and_that_who_has_it_can_read(partner: Browser) -> None:
    page = open_address(partner, "organisation:parquet").page
    for name in ("Outlook", "Google", "iPhone", "Thunderbird"):
        assert name in page.text
    assert "Qui la possède peut lire" in page.text


def test_the_public_address_of_the_house_is_in_it(
    partner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = partner.client.application.extensions["house"]
    partner.client.application.extensions["house"] = type(house)(
        house.store, house.watch, house.clock, house.voices, "https://accueil.example/"
    )
    shown = open_address(partner, "organisation:parquet").page.one("textarea").text
    assert shown.startswith("https://accueil.example/agenda/")


def test_a_partner_may_open_their_own_alone(db: Db, partner: Browser) -> None:
    mine = {"organisation:parquet", f"host:{account_id(db, 'claire')}"}
    assert choices(partner) == mine
    wrong = ("organisation:mission-locale", f"site:{BEARN}", f"host:{account_id(db, 'karim')}", "")
    for of in wrong:
        refused = partner.post(PAGE, {"of": of})
        assert refused.status == 422
        assert refused.page.one(role="alert").text
    assert feeds.addresses(db) == []


def test_the_desk_opens_those_of_sites_rooms_and_partners(agent: Browser, visitor: Browser) -> None:
    assert {f"site:{BEARN}", f"room:{PARQUET_ROOM}", "organisation:cramif"} <= choices(agent)
    for of in (f"site:{BEARN}", f"room:{PARQUET_ROOM}", "organisation:cramif"):
        assert visitor.client.get(path_of(open_address(agent, of))).status_code == 200


def test_revoked_after_asking_it_answers_no_more(partner: Browser, visitor: Browser) -> None:
    path = path_of(open_address(partner, "organisation:parquet"))
    listed = partner.get(PAGE).page
    [link] = [each["href"] for each in listed.all("a") if each["href"].endswith("/revoquer")]
    confirm = partner.get(link).page
    assert visitor.client.get(path).status_code == 200
    assert partner.follow(partner.press(confirm, link)).status == 200
    assert visitor.client.get(path).status_code == 404
    assert partner.get(link).status == 404


def test_the_list_says_when_an_address_was_last_asked(partner: Browser, visitor: Browser) -> None:
    path = path_of(open_address(partner, "organisation:parquet"))
    assert "Pas encore lue" in partner.get(PAGE).page.text
    visitor.client.get(path)
    assert "vers 9:20" in partner.get(PAGE).page.text


def test_another_partner_s_address_is_as_none(
    db: Db, partner: Browser, other_partner: Browser
) -> None:
    theirs = address_of(db, "organisation", "mission-locale", "karim")
    assert theirs not in partner.get(PAGE).page.html
    assert theirs in other_partner.get(PAGE).page.html
    for address_id in (theirs, "inconnue"):
        path = f"{PAGE}/{address_id}/revoquer"
        assert [partner.get(path).status, partner.post(path).status] == [404, 404]
    assert len(feeds.addresses(db)) == 1


def test_the_admin_may_revoke_anybody_s(db: Db, admin: Browser) -> None:
    path = f"{PAGE}/{address_of(db, 'host', account_id(db, 'karim'), 'karim')}/revoquer"
    assert admin.press(admin.get(path).page, path).status == 303
    assert feeds.addresses(db) == []
