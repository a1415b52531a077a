"""The house's own screens: an admin makes one, and its code is typed on a device."""

from flask import Flask

from accueil.house import devices
from accueil.house.devices import Settings
from accueil.store.db import Db
from tests.personae import BEARN, MONDAY
from tests.web.browser import Browser

ENROL = "/inscrire"
SURFACES = {"kiosk": "/borne/bearn", "board": "/ecran/bearn"}


def code_of(db: Db, kind: str, settings: Settings, site: str = BEARN) -> str:
    """The code of a new screen."""
    return devices.make(db, site, kind, settings, "an admin", MONDAY)[1]


def type_code(browser: Browser, code: str) -> None:
    form = browser.get(ENROL).page
    entered = browser.press(form, ENROL, fill={"code": code})
    assert entered.status == 303, entered.page.text
    assert browser.follow(entered).status == 200


def enrolled(app: Flask, db: Db, kind: str, *rooms: str, voice: bool = True) -> Browser:
    """A new device, enrolled at the Béarn."""
    browser = Browser(app)
    type_code(browser, code_of(db, kind, Settings("Un écran", rooms=rooms, voice=voice)))
    return browser
