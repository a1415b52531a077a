"""From an admin's code to a screen of the hall, which only then shows what it is for."""

import re
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from flask import Flask

from accueil.house import devices
from accueil.house.devices import Settings
from accueil.store.db import Db
from tests.personae import BEARN, MANDELA, MONDAY, PARQUET, PARQUET_ROOM, PASSWORD
from tests.web.browser import Answer, Browser
from tests.web.conftest import Clock
from tests.web.people import arrive
from tests.web.screens import ENROL, SURFACES, code_of, enrolled, type_code

ADMIN = "/admin/ecrans"
NEW = f"{ADMIN}/nouveau/{BEARN}"
KIOSK = f"{NEW}/kiosk"
FROM_HTMX = {"HX-Request": "true"}


def only(db: Db) -> devices.Device:
    [found] = devices.devices(db)
    return found


def shown_code(admin: Browser) -> str:
    """The code on the admin's page."""
    shown = admin.get(ADMIN).page.one("p", class_="code").one("b").text
    assert re.fullmatch(r"[A-Z]{4} [A-Z]{4}", shown)
    return shown


def attempt(browser: Browser, code: str) -> Answer:
    return browser.post(ENROL, {"code": code})


# ---- from the admin's page to the device -------------------------------------------------------


def test_an_admin_makes_a_kiosk_and_its_code_opens_it(
    db: Db, admin: Browser, visitor: Browser
) -> None:
    form = admin.get(KIOSK).page
    made = admin.press(form, KIOSK, fill={"name": "Borne de l’entrée", "text_size": "larger"})
    assert made.location == ADMIN
    type_code(visitor, shown_code(admin))
    found = only(db)
    assert found.is_enrolled
    assert found.settings == Settings("Borne de l’entrée", reach=True, text_size="larger")
    assert admin.get(ADMIN).page.all("p", class_="code") == []


def test_a_kiosk_begins_as_it_was_set_and_a_person_may_want_otherwise(
    admin: Browser, visitor: Browser
) -> None:
    admin.press(admin.get(KIOSK).page, KIOSK, fill={"name": "Borne", "text_size": "larger"})
    type_code(visitor, shown_code(admin))
    begun = visitor.get("/borne").page
    assert {"large", "low"} <= set(begun.one(id="screen").classes)
    assert begun.one(id="screen")["data-rest"] == "300"
    usual = visitor.get("/borne", query_string={"look": ""}).page
    assert not {"large", "low"} & set(usual.one(id="screen").classes)


def test_a_board_is_made_with_its_rooms(db: Db, admin: Browser) -> None:
    data = {"name": "Salle", "rooms": [PARQUET_ROOM, "bearn-accueil"]}
    assert admin.post(f"{NEW}/board", data).status == 303
    assert only(db).settings.rooms == (PARQUET_ROOM, "bearn-accueil")
    assert not only(db).settings.voice
    assert "Accueil, Bureau 3" in admin.get(ADMIN).page.text


def test_a_code_is_in_no_address(db: Db, admin: Browser, visitor: Browser) -> None:
    admin.post(KIOSK, {"name": "Borne"})
    code = shown_code(admin).replace(" ", "")
    type_code(visitor, code)
    assert [each for each in admin.been + visitor.been if code in each] == []


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("kiosk", {"name": " "}),
        ("kiosk", {"name": "x" * 41}),
        ("kiosk", {"name": "Borne", "text_size": "huge"}),
        ("board", {"name": "Salle", "rooms": "mandela-bureau-partage"}),
        ("board", {"name": "Salle", "rooms": "\0"}),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    kind: str, wrong: dict[str, str], db: Db, admin: Browser
) -> None:
    refused = admin.post(f"{NEW}/{kind}", wrong)
    assert refused.status == 422
    assert refused.page.one(role="alert").text
    assert refused.page.one("input", name="name")["value"] == wrong["name"].strip()
    assert devices.devices(db) == []


@pytest.mark.parametrize("address", [f"{ADMIN}/nouveau/ailleurs/kiosk", f"{NEW}/tv", f"{ADMIN}/x"])
def test_what_does_not_exist_is_not_found(address: str, admin: Browser) -> None:
    assert admin.get(address).status == 404
    assert admin.post(address, {"name": "x"}).status == 404
    assert admin.post(f"{address}/code").status == 404


def test_a_kiosk_is_not_made_where_there_is_no_desk(db: Db, admin: Browser) -> None:
    assert admin.post(f"{ADMIN}/nouveau/{MANDELA}/kiosk", {"name": "Borne"}).status == 422
    assert devices.devices(db) == []


def test_the_cookie_is_for_the_server_alone_and_holds_no_token_in_clear(
    db: Db, visitor: Browser
) -> None:
    code = code_of(db, "kiosk", Settings("Borne"))
    answer = attempt(visitor, code)
    cookie = SimpleCookie(next(c for c in answer.headers.getlist("Set-Cookie") if "ecran=" in c))
    kept = cookie["ecran"]
    assert (kept["httponly"], kept["samesite"]) == (True, "Strict")
    assert int(kept["max-age"]) >= 365 * 86_400
    assert visitor.get("/borne").status == 200


def test_a_token_that_this_house_did_not_sign_is_nothing(app: Flask, db: Db) -> None:
    _, token = devices.enrol(db, code_of(db, "kiosk", Settings("Borne")), "x", MONDAY)
    for forged in (token, f'"{token}".x', "", "\0", '["a"]'):
        stranger = Browser(app)
        stranger.client.set_cookie("ecran", forged)
        assert stranger.get("/borne").location == ENROL


# ---- who may open what -------------------------------------------------------------------------


def test_a_house_that_has_enrolled_nothing_is_open_to_all(visitor: Browser) -> None:
    for path in ("/borne", "/borne/bearn", "/ecran", "/ecran/bearn", "/ecran/bearn/appels"):
        assert visitor.get(path).status == 200, path


@pytest.mark.parametrize("kind", SURFACES)
def test_once_one_is_enrolled_no_other_device_may_look(
    kind: str, app: Flask, db: Db, visitor: Browser
) -> None:
    screen = enrolled(app, db, kind)
    assert visitor.get(SURFACES[kind]).location == ENROL
    assert screen.get(SURFACES[kind]).status == 200
    open_still = next(path for each, path in SURFACES.items() if each != kind)
    assert visitor.get(open_still).status == 200


def test_no_step_of_the_kiosk_is_left_open(app: Flask, db: Db, visitor: Browser) -> None:
    visitor.get("/borne")
    screen = enrolled(app, db, "kiosk")
    data = {"need": "droit"}
    for step in ("reponses", "rendez-vous", "ticket", "creneaux", "reserver", "numeros", "accueil"):
        assert visitor.post(f"/borne/bearn/{step}", data).location == ENROL, step
        asked = visitor.post(f"/borne/bearn/{step}", data, headers=FROM_HTMX)
        assert (asked.status, asked.headers["HX-Redirect"]) == (401, ENROL), step
    assert db.all("SELECT id FROM visit") == []
    assert screen.post("/borne/bearn/ticket", data).status in (200, 422)


def test_what_the_board_says_is_kept_too(app: Flask, db: Db, visitor: Browser) -> None:
    enrolled(app, db, "board")
    for path in ("/ecran", "/ecran/bearn/appels", f"/ecran/voix/fr/1/{PARQUET_ROOM}.wav"):
        assert visitor.get(path).location == ENROL, path
    assert visitor.get("/ecran/mandela").status == 200


def test_whoever_is_at_work_may_look_but_not_a_locked_screen(
    app: Flask, db: Db, agent: Browser, partner: Browser, clock: Clock
) -> None:
    for kind in SURFACES:
        enrolled(app, db, kind)
    for path in SURFACES.values():
        assert agent.get(path).status == partner.get(path).status == 200
    clock.pass_by(minutes=11)
    for path in SURFACES.values():
        assert agent.get(path).location == ENROL


def test_a_screen_that_asks_for_another_surface_is_sent_back_to_its_own(app: Flask, db: Db) -> None:
    kiosk, board = enrolled(app, db, "kiosk"), enrolled(app, db, "board")
    assert kiosk.get("/ecran").location == "/borne/bearn"
    assert board.get("/borne/bearn").location == "/ecran/bearn"


def test_a_board_of_another_address_shows_its_own_when_it_asks_for_none(
    app: Flask, db: Db, visitor: Browser
) -> None:
    type_code(visitor, code_of(db, "board", Settings("Salle"), MANDELA))
    assert visitor.get("/ecran").location == "/ecran/mandela"
    assert visitor.get("/ecran/mandela").status == 200


def test_phones_and_streams_stay_open(app: Flask, db: Db, visitor: Browser) -> None:
    for kind in SURFACES:
        enrolled(app, db, kind)
    code = "B" * 31
    arrive(db, code=code, service_id=PARQUET)
    assert visitor.get(f"/v/{code}").status == 200
    assert visitor.get("/live/bearn/version").status == 200


# ---- its life ----------------------------------------------------------------------------------


def test_the_admin_sees_the_last_sign_of_life(
    app: Flask, db: Db, admin: Browser, clock: Clock
) -> None:
    screen = enrolled(app, db, "kiosk")
    clock.pass_by(minutes=7)
    assert "7 min" in admin.get(ADMIN).page.text
    screen.get("/borne")
    assert only(db).seen_at == clock()
    clock.pass_by(minutes=45)
    admin.post("/deverrouiller", {"password": PASSWORD})
    assert "45 min" in admin.get(ADMIN).page.one("p", class_="state").text


def test_a_revoked_screen_says_so_at_its_next_request(app: Flask, db: Db, admin: Browser) -> None:
    screen = enrolled(app, db, "kiosk")
    address = f"{ADMIN}/{only(db).id}/retirer"
    assert admin.press(admin.get(address).page, address).location == ADMIN
    sent_away = screen.get("/borne")
    assert sent_away.location == ENROL
    page = screen.follow(sent_away).page
    assert page.one("p", class_="notice").text
    assert page.one(class_="enrol-visitors").one("p", lang="fr").text
    assert page.form(ENROL)


def test_a_new_code_brings_it_back(app: Flask, db: Db, admin: Browser) -> None:
    screen = enrolled(app, db, "kiosk")
    found = only(db)
    devices.revoke(db, found.id, "an admin", MONDAY)
    address = f"{ADMIN}/{found.id}"
    assert admin.press(admin.get(address).page, f"{address}/code").location == ADMIN
    type_code(screen, shown_code(admin))
    assert screen.get("/borne").status == 200
    assert only(db).id == found.id


def test_a_screen_is_renamed(app: Flask, db: Db, admin: Browser) -> None:
    enrolled(app, db, "board")
    address = f"{ADMIN}/{only(db).id}"
    changed = admin.post(address, {"name": "Salle du fond", "voice": "1"})
    assert changed.location == ADMIN
    assert "Salle du fond" in admin.get(ADMIN).page.text
    assert admin.post(address, {"name": ""}).status == 422
    assert only(db).settings == Settings("Salle du fond")


def test_a_page_may_ask_which_screen_it_is_shown_on(app: Flask, db: Db, visitor: Browser) -> None:
    """What the kiosk's own templates read of its settings."""
    kiosk = enrolled(app, db, "kiosk")
    page = kiosk.get(ENROL).page
    assert "Un écran" in page.text
    assert page.one("a")["href"] == "/borne/bearn"
    assert visitor.get(ENROL).page.all("a") == []


# ---- guessing ----------------------------------------------------------------------------------


def test_wrong_codes_are_said_and_slowed_down(db: Db, visitor: Browser, clock: Clock) -> None:
    code = code_of(db, "kiosk", Settings("Borne"))
    for _ in range(6):
        refused = attempt(visitor, "bcdf ghjk")
        assert refused.status == 422
        assert refused.page.one(role="alert").text
        assert refused.page.one("input", name="code")["value"] == "bcdf ghjk"
    assert attempt(visitor, code).status == 429
    clock.pass_by(seconds=3)
    assert attempt(visitor, code).status == 303


@pytest.mark.parametrize("typed", ["", "\0", "☃" * 8, "x" * 3_000, "BCDFGHJ"])
def test_what_is_no_code_is_refused(typed: str, visitor: Browser) -> None:
    assert attempt(visitor, typed).status == 422


def test_an_old_code_is_refused(db: Db, visitor: Browser, clock: Clock) -> None:
    code = code_of(db, "kiosk", Settings("Borne"))
    clock.set(MONDAY + timedelta(hours=1))
    assert attempt(visitor, code).status == 422
