"""Commands for whoever prepares a planning: try a rule before it is kept."""

import json
import sys
from zoneinfo import ZoneInfo

import click
from flask import Flask
from flask.cli import AppGroup
from flask_babel import force_locale

from accueil.planning.phrases import Clause
from accueil.planning.preview import preview
from accueil.planning.recurrence import Rule
from blueprints import sentences, web, words

planning = AppGroup("planning", help="The planning's rules.")


def init_app(app: Flask) -> None:
    app.cli.add_command(planning)


@planning.command("preview")
def planning_preview() -> None:
    """Read JSON objects on standard input, one a line, and print what each rule gives.

    In: phrase, or rrule with dtstart and duration_minutes; anchor, timezone, exdates, rdates,
    closures, busy, slot_minutes, from, to, limit. Out: rrules, times, mode, questions, sentence,
    occurrences, slots; or error, and the exit code is 2.
    """
    today = web.house().clock().astimezone(ZoneInfo("Europe/Paris")).date()
    wrong = False
    with force_locale(words.SOURCE):
        for line in sys.stdin.buffer:
            if line.strip():
                answer = preview(line, _say, today)
                wrong = wrong or "error" in answer
                click.echo(json.dumps(answer, ensure_ascii=False))
    sys.exit(2 if wrong else 0)


def _say(rule: Rule | None, clause: Clause) -> str:
    said = sentences.sentence(rule, clause.times, clause.mode, clause.first, clause.not_on)
    return said.replace("\N{NO-BREAK SPACE}", " ")
