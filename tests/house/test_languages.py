"""Which languages a house offers: those that somebody has read, until it asks for others."""

from dataclasses import replace

import pytest

from accueil.house import languages
from accueil.house.languages import KNOWN, NotALanguage
from accueil.house.storage import store
from accueil.house.text import HouseText
from accueil.store.db import Db
from tests.personae import MONDAY, after

READ = {"fr", "en"}


def say(db: Db, text: HouseText, *codes: str) -> None:
    """Load the house's text again, with these languages in it."""
    with db.transaction():
        store(db, replace(text, languages=codes))


def test_without_a_word_those_that_were_read_are_offered(db: Db) -> None:
    assert languages.offered(db, READ) == ("fr", "en")
    assert languages.offered(db, ()) == ("fr",)


def test_a_text_says_all_of_them(db: Db, house: HouseText) -> None:
    assert set(languages.offered(db, READ)) == set(KNOWN)
    say(db, house, "ar")
    assert languages.offered(db, READ) == ("fr", "ar")
    say(db, house)
    assert languages.offered(db, READ) == ("fr", "en")


def test_a_screen_wins_over_the_text_from_then_on(db: Db, house: HouseText) -> None:
    say(db, house, "fr", "ar", "es")
    languages.offer(db, "es", False, "an admin", MONDAY)
    languages.offer(db, "zh", True, "an admin", MONDAY)
    assert languages.offered(db, READ) == ("fr", "ar", "zh")
    say(db, house, "fr", "es", "pt")
    assert languages.offered(db, READ) == ("fr", "pt", "zh")
    languages.offer(db, "es", True, "an admin", after(60))
    assert languages.offered(db, READ) == ("fr", "es", "pt", "zh")


def test_what_a_screen_turned_off_does_not_make_the_text_silent(db: Db, house: HouseText) -> None:
    say(db, house, "es")
    languages.offer(db, "es", False, "an admin", MONDAY)
    assert languages.offered(db, READ) == ("fr",)


def test_french_is_always_offered(db: Db, house: HouseText) -> None:
    say(db, house, "es")
    with pytest.raises(NotALanguage):
        languages.offer(db, "fr", False, "an admin", MONDAY)
    assert languages.offered(db, READ) == ("fr", "es")


@pytest.mark.parametrize("code", ["xx", "FR", "", "en ", "\0"])
def test_what_is_no_language_of_ours_is_refused(code: str, db: Db) -> None:
    with pytest.raises(NotALanguage):
        languages.offer(db, code, True, "an admin", MONDAY)
    assert db.all("SELECT * FROM language_offer") == []
