"""Who a service is for, written by an admin: a form, its rule read back as a sentence, and tried
on a made-up person before it is kept."""

import json
from hashlib import sha256
from typing import Literal

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from accueil.house.sites import Unknown
from accueil.orientation import listings
from accueil.orientation.criteria import Rule
from accueil.orientation.criteria_data import DEEPEST, rule_to_data
from accueil.orientation.facts import FACTS
from accueil.orientation.listings import HOUSE, Changed, Listing
from accueil.orientation.prospects import warning
from blueprints import web
from blueprints.access import allow, me
from blueprints.criteria_words import fact, sentence, tag
from blueprints.fact_words import place
from blueprints.impact import frame
from blueprints.rule_buttons import Pressed, can_move, pressed
from blueprints.rule_fields import Reading, Tampered, fields_of, read, sheet_of
from blueprints.rule_sheet import REMOVED, filled, ops
from blueprints.rule_trial import trial
from blueprints.words import language, typeset

bp = Blueprint("rules", __name__, url_prefix="/admin/annuaire")
LIVE, WHOLE = "said", "rule"
Answer = Response | tuple[str, int]
# Why the page is shown again: it was to be kept and cannot be read; somebody else changed the
# rule; it is to be confirmed; the form was not one of ours.
State = Literal["", "tried", "changed", "asked", "refused"]


@bp.get("/<listing_id>/conditions")
@allow("admin")
def edit(listing_id: str) -> str:
    known = _listing(listing_id)
    return _page(known, Pressed(filled(known.rule)))


@bp.post("/<listing_id>/conditions")
@allow("admin")
def change(listing_id: str) -> Answer:
    """The form as it was sent, one of its buttons pressed; it is kept when that is asked."""
    known = _listing(listing_id)
    button = request.form.get("do", "")
    try:
        done = pressed(sheet_of(request.form), button, request.form.get("taken_from", ""))
    except Tampered:
        return _page(known, Pressed(filled(known.rule)), "refused"), 422
    if button == "save":
        return _save(known, done)
    return _page(known, done), 422 if done.troubles else 200


def _save(known: Listing, done: Pressed) -> Answer:
    """Keep the rule, unless it cannot be read, somebody changed it, or it is to be confirmed."""
    reading = read(done.sheet)
    if reading.troubles:
        return _page(known, done, "tried"), 422
    if reading.rule == known.rule:
        return web.see_other("directory.show", listing_id=known.id)
    if request.form.get("seen") != _print(known.rule):
        return _page(known, done, "changed"), 409
    if warning(reading.rule) and request.form.get("confirmed") != _print(reading.rule):
        return _page(known, done, "asked"), 409
    try:
        listings.set_rule(web.db(), known.id, reading.rule, me().id, web.now(), known.version)
    except Changed:
        return _page(_listing(known.id), done, "changed"), 409
    return web.see_other("directory.show", listing_id=known.id)


def _page(known: Listing, done: Pressed, state: State = "") -> str:
    """The page; or its form alone, or only what is read back, when htmx asks for that."""
    reading = read(done.sheet)
    parts = {LIVE: "rules/_said.html", WHOLE: "rules/_form.html"}
    return render_template(
        parts.get(str(web.htmx.target), "rules/page.html"),
        listing=known,
        sheet=done.sheet,
        focus=next(iter(reading.troubles), "") if state == "tried" else done.focus,
        taken_from=done.taken_from,
        removed=fields_of(done.sheet, REMOVED) if done.taken_from else [],
        reading=reading,
        unfinished=len({name.rpartition(".")[0] for name in reading.troubles}),
        said=_sentence(reading.rule),
        kept=_sentence(known.rule),
        seen=_seen(known, state),
        fingerprint=_print(reading.rule),
        troubles={**_shown(reading, state), **done.troubles},
        warning=None if reading.troubles else warning(reading.rule),
        trial=trial(reading.rule, request.form),
        state=state,
        live=web.htmx.target == LIVE,
        facts=FACTS,
        deepest=DEEPEST,
        fact_name=fact,
        answer_name=_answer,
        ops=ops,
        can_move=can_move,
        **frame(),
    )


def _seen(known: Listing, state: State) -> str:
    """Which rule the form was filled from, or was told of since."""
    now = _print(known.rule)
    return now if state in ("changed", "refused") else request.form.get("seen", now)


def _shown(reading: Reading, state: State) -> dict[str, str]:
    """The troubles to show: all when it was to be saved; while it is written, not what is only
    missing yet."""
    unfinished = ("missing", "empty", "answer")
    return {
        name: word
        for name, word in reading.troubles.items()
        if state == "tried" or word not in unfinished
    }


def _listing(listing_id: str) -> Listing:
    """What was imported is its source's to change."""
    try:
        found = listings.listing(web.db(), listing_id)
    except Unknown:
        raise web.NotHere from None
    if found.source != HOUSE:
        raise web.NotHere
    return found


def _print(rule: Rule) -> str:
    """What tells one rule from another."""
    text = json.dumps(rule_to_data(rule), ensure_ascii=False, sort_keys=True)
    return sha256(text.encode()).hexdigest()[:16]


def _sentence(rule: Rule) -> str:
    return typeset(sentence(rule), language())


def _answer(fact_id: str, word: str) -> str:
    return place(tag(fact_id, word)) if fact_id == "commune" else tag(fact_id, word)
