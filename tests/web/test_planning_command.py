"""`flask planning preview`: a rule tried out in a terminal, and said back in each language."""

import json
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from accueil.planning.phrases import read
from accueil.planning.recurrence import rule
from blueprints.sentences import sentence


def preview(app: Flask, *lines: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit code, and the answer to each line."""
    result = app.test_cli_runner().invoke(args=["planning", "preview"], input="\n".join(lines))
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_each_line_has_its_answer(app: Flask) -> None:
    code, answers = preview(
        app,
        '{"phrase": "1er et 5e mercredis du mois de 9h à 12h30 sur rendez-vous"}',
        "",
        '{"phrase": "lundi 9h-12h"}',
    )
    assert code == 0
    assert [answer["sentence"] for answer in answers] == [
        "le 1er et le 5e mercredi du mois, de 9 h à 12 h 30, sur rendez-vous",
        "le lundi, de 9 h à 12 h",
    ]


def test_an_error_stands_on_its_line_and_the_others_are_answered(app: Flask) -> None:
    code, answers = preview(app, "nope", '{"phrase": "le zurdi"}', '{"phrase": "lundi 9h-12h"}')
    assert code == 2
    assert ["error" in answer for answer in answers] == [True, True, False]
    assert "zurdi" in answers[1]["error"]


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("un jeudi sur deux à partir de 14h", "un jeudi sur deux, à partir de 14 h"),
        ("toutes les six semaines le mardi à 9h",
         "toutes les 6 semaines, le mardi, à partir de 9 h"),
        ("du lundi au vendredi 9h-12h sans rdv",
         "du lundi au vendredi, de 9 h à 12 h, sans rendez-vous"),
        ("le dernier vendredi du mois, le matin",
         "le dernier vendredi du mois, heures à préciser"),
        ("le premier jeudi de mars 9h-12h", "le 1er jeudi du mois, en mars, de 9 h à 12 h"),
        ("les 1er et 15 du mois 9h-12h", "le 1er et le 15 du mois, de 9 h à 12 h"),
        ("un mois sur deux le 1er mardi 9h-12h",
         "tous les 2 mois, le 1er mardi du mois, de 9 h à 12 h"),
        ("jeudi des semaines impaires 9h-12h", "le jeudi, les semaines impaires, de 9 h à 12 h"),
        ("le jeudi 7 janvier 2027 9h-12h", "le jeudi 7 janvier 2027, de 9 h à 12 h"),
        ("lundi 9h-12h jusqu’au 1er mars 2027",
         "le lundi, de 9 h à 12 h, jusqu’au lundi 1er mars 2027"),
        ("lundi 9h-12h sauf jours fériés", "le lundi, de 9 h à 12 h, sauf les jours fériés"),
        ("tous les 15 mars 9h-12h", "chaque année, le 15 mars, de 9 h à 12 h"),
    ],
)  # fmt: skip
def test_a_rule_is_said_back(app: Flask, phrase: str, said: str) -> None:
    (clause,) = read(phrase).clauses
    with app.app_context(), force_locale("fr"):
        assert clause.rrule is not None
        found = rule(clause.rrule)
        written = sentence(found, clause.times, clause.mode, clause.first, clause.not_on)
        assert written.replace("\N{NO-BREAK SPACE}", " ") == said


def test_an_hour_does_not_break_across_lines(app: Flask) -> None:
    (clause,) = read("lundi 9h-12h30").clauses
    with app.app_context(), force_locale("fr"):
        written = sentence(None, clause.times, None)
    assert "9\N{NO-BREAK SPACE}h à 12\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30" in written


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
@pytest.mark.parametrize(
    "written",
    [
        "FREQ=DAILY;INTERVAL=3;BYMONTHDAY=1", "FREQ=DAILY;BYDAY=MO", "FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=2",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "FREQ=MONTHLY;BYMONTHDAY=-1,-3",
        "FREQ=YEARLY", "FREQ=YEARLY;INTERVAL=2;BYDAY=20MO", "FREQ=YEARLY;BYDAY=-1MO",
        "FREQ=YEARLY;BYWEEKNO=3,7", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTHDAY=1", "FREQ=WEEKLY;BYDAY=MO;COUNT=4",
    ],
)  # fmt: skip
def test_every_rule_can_be_said_in_every_language(app: Flask, written: str, language: str) -> None:
    with app.app_context(), force_locale(language):
        said = sentence(rule(written), [("09:00", None)], "walk_in")
    assert "%" not in said
    assert len(said) > 10
