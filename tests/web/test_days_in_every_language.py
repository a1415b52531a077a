"""A date is written as the visitor's language writes it."""

from datetime import date

import flask_babel
import pytest
from flask import Flask

from accueil.planning.recurrence import rule
from blueprints.dates import dated
from blueprints.sentences import sentence
from blueprints.words import LANGUAGES, tag
from tests.web.browser import Browser
from tests.web.kiosk import start

MONDAY, FIRST = date(2026, 11, 23), date(2026, 11, 1)

# The date alone, as the corner of a screen has it, with its weekday, with its year.
WRITTEN = {
    "fr": ("23 novembre", "lun. 23 nov.", "lundi 23 novembre", "lundi 23 novembre 2026"),
    "en": ("23 November", "Mon 23 Nov", "Monday 23 November", "Monday 23 November 2026"),
    "es": (
        "23 de noviembre", "lun 23 nov", "lunes 23 de noviembre", "lunes 23 de noviembre de 2026",
    ),
    "pt": (
        "23 de novembro", "seg., 23 de nov.", "segunda-feira, 23 de novembro",
        "segunda-feira, 23 de novembro de 2026",
    ),
    "uk": (
        "23 листопада", "пн, 23 лист.", "понеділок, 23 листопада",
        "понеділок, 23 листопада 2026 р.",
    ),
    "ru": ("23 ноября", "пн, 23 нояб.", "понедельник, 23 ноября", "понедельник, 23 ноября 2026 г."),
    "ro": ("23 noiembrie", "lun., 23 nov.", "luni, 23 noiembrie", "luni, 23 noiembrie 2026"),
    "tr": ("23 Kasım", "23 Kas Pzt", "23 Kasım Pazartesi", "23 Kasım 2026 Pazartesi"),
    "ar": ("23 نوفمبر", "الاثنين 23 نوفمبر", "الاثنين 23 نوفمبر", "الاثنين 23 نوفمبر 2026"),
    "fa": ("23 نوامبر", "دوشنبه 23 نوامبر", "دوشنبه 23 نوامبر", "دوشنبه 23 نوامبر 2026"),
    "ps": ("نومبر 23", "دونۍ نومبر 23", "دونۍ نومبر 23", "دونۍ 2026 نومبر 23"),
    "bn": ("23 নভেম্বর", "সোম 23 নভে", "সোমবার 23 নভেম্বর", "সোমবার 23 নভেম্বর, 2026"),
    "zh": ("11月23日", "11月23日 周一", "11月23日 星期一", "2026年11月23日 星期一"),
}  # fmt: skip


@pytest.mark.parametrize("code", dict.fromkeys(map(tag, LANGUAGES)))
def test_each_form_of_a_date_is_that_of_the_language(code: str) -> None:
    forms = [dated(MONDAY, form, code) for form in ("date", "short", "day", "full")]
    assert [said.replace("\N{NARROW NO-BREAK SPACE}", " ") for said in forms] == [*WRITTEN[code]]


def test_only_french_says_the_first_of_a_month_otherwise() -> None:
    assert dated(FIRST, "date", "fr") == "1er novembre"
    assert dated(FIRST, "day", "fr") == "dimanche 1er novembre"
    assert dated(FIRST, "full", "fr") == "dimanche 1er novembre 2026"
    assert dated(date(2026, 11, 11), "date", "fr") == "11 novembre"
    assert dated(FIRST, "date", "es") == "1 de noviembre"


@pytest.mark.parametrize(
    ("code", "said"),
    [("fr", "lun. 23 nov."), ("pt", "seg., 23 de nov."), ("zh", "11月23日 周一")],
)
def test_the_kiosk_says_today_in_the_language_that_was_touched(
    code: str, said: str, visitor: Browser
) -> None:
    assert said in start(visitor, code).one("html").text


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("fr", "à partir du lundi 23 novembre 2026"),
        ("es", "a partir del lunes 23 de noviembre de 2026"),
        ("zh", "从2026年11月23日 星期一起"),
    ],
)
def test_a_rule_says_its_first_day_as_the_language_does(code: str, said: str, app: Flask) -> None:
    with app.test_request_context(), flask_babel.force_locale(code):
        assert said in sentence(rule("FREQ=WEEKLY;BYDAY=MO"), [], None, MONDAY)


@pytest.mark.parametrize(
    ("code", "said"),
    [("fr", "1er novembre"), ("pt", "1 de novembro"), ("zh", "11月1日")],
)
def test_a_rule_of_the_year_says_its_day_as_the_language_does(
    code: str, said: str, app: Flask
) -> None:
    with app.test_request_context(), flask_babel.force_locale(code):
        assert said in sentence(rule("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=1"), [], None)
