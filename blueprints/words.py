"""Words: languages, the two catalogues, and how dates, hours and numbers are written.

French is the source. `visitor` holds what visitors read, in every language; `messages` what
staff read. A surface speaks one of them, chosen by its blueprint.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import flask_babel
from babel.dates import format_date
from flask import Flask, g, request, session
from markupsafe import Markup, escape

from accueil.house.sites import Site
from accueil.orientation.needs import NEEDS

# By their own name, in the order of the screens.
# "fr@falc" is French said simply; what no reader it is for has read is not called FALC on a screen.
LANGUAGES = {
    "fr": "Français",
    "fr@falc": "Français simple",
    "en": "English",
    "ar": "العربية",
}
STAFF_LANGUAGES = ("fr", "en")
SOURCE = "fr"
RIGHT_TO_LEFT = frozenset({"ar"})
VISITOR_SURFACES = frozenset({"kiosk", "discreet", "visitor", "appointment", "board", None})

_visitor = flask_babel.Domain(domain="visitor")


class UnknownLanguage(ValueError):
    """A language that this house does not speak."""


def init_app(app: Flask) -> None:
    """Give templates their words."""
    flask_babel.Babel(app, default_locale=SOURCE, locale_selector=language)
    app.before_request(_choose)
    # The i18n extension adds this method to the environment when it is loaded.
    install: Any = app.jinja_env
    install.install_gettext_callables(_gettext, _ngettext, newstyle=True)
    app.jinja_env.filters.update(
        clock=clock, day=day, short_day=short_day, phone=phone, said=said, ltr=ltr
    )
    app.jinja_env.globals.update(
        languages=LANGUAGES,
        language=language,
        tag=tag,
        direction=direction,
        needs=NEEDS,
        staff_languages=STAFF_LANGUAGES,
    )


def language() -> str:
    """The language of this request."""
    found: str = g.get("language", SOURCE)
    return found


def tag(code: str | None = None) -> str:
    """The BCP 47 tag of a language, for `lang` attributes: simple French is French."""
    return (code or language()).partition("@")[0]


def speak(code: str) -> None:
    """From here on, this request is answered in `code`. Raises `UnknownLanguage`."""
    if code not in LANGUAGES:
        raise UnknownLanguage(code)
    g.language = code
    g.pop("catalogue", None)
    flask_babel.refresh()
    if request.blueprint in VISITOR_SURFACES:
        _visitor.as_default()


@contextmanager
def to_visitor(code: str) -> Iterator[None]:
    """What is rendered inside speaks to a visitor in `code`, on whichever surface."""
    before = language()
    try:
        with flask_babel.force_locale(code):
            g.language, g.catalogue = code, _visitor.get_translations()
            yield
    finally:
        g.language = before
        g.pop("catalogue", None)


def direction(code: str | None = None) -> str:
    return "rtl" if (code or language()) in RIGHT_TO_LEFT else "ltr"


def announcement(code: str, number: int, room: str) -> str:
    """What the board says aloud, in the language `code`."""
    with flask_babel.force_locale(code):
        return str(_visitor.gettext("Numéro %(number)s, %(room)s.", number=number, room=room))


def in_every_language(message: str) -> list[tuple[str, str]]:
    """A visitor's message in each language of the house, with its code."""
    spoken = []
    for code in dict.fromkeys(map(tag, LANGUAGES)):
        with flask_babel.force_locale(code):
            spoken.append((code, str(_visitor.gettext(message))))
    return spoken


def clock(at: datetime, site: Site) -> Markup:
    """The hour on the site's wall, 9:20, never reversed in right-to-left text."""
    wall = site.wall_clock(at)
    return ltr(f"{wall.hour}:{wall.minute:02}")


def day(when: date | datetime, site: Site | None = None) -> str:
    """lundi 23 novembre."""
    if isinstance(when, datetime) and site:
        when = site.wall_clock(when).date()
    written = str(format_date(when, "EEEE d MMMM", locale=language()))
    return written.replace(" 1 ", " 1er ") if tag() == SOURCE else written


def short_day(when: date) -> str:
    """lun. 23 nov."""
    return str(format_date(when, "EEE d MMM", locale=language()))


def phone(number: str) -> Markup:
    """A phone number that neither breaks nor turns round."""
    return ltr(number.replace(" ", "\N{NO-BREAK SPACE}"))


def said(texts: Mapping[str, str]) -> Markup:
    """A text of the house in this request's language, or in French and marked so."""
    if language() in texts:
        return escape(typeset(texts[language()], language()))
    if SOURCE not in texts:
        return Markup("")
    if tag() == SOURCE:
        return escape(typeset(texts[SOURCE], SOURCE))
    return Markup('<span lang="fr" dir="ltr">{}</span>').format(typeset(texts[SOURCE], SOURCE))


def ltr(text: object) -> Markup:
    return Markup('<bdi dir="ltr" class="solid">{}</bdi>').format(text)


@lru_cache(maxsize=2_000)
def typeset(text: str, code: str) -> str:
    """French spaces before high punctuation do not break, so that no line begins with one."""
    if tag(code) != SOURCE:
        return text
    text = re.sub(r" ([:;!?»])", "\N{NARROW NO-BREAK SPACE}\\1", text)
    return text.replace("« ", "«\N{NARROW NO-BREAK SPACE}")


def _choose() -> None:
    """Visitors' surfaces start in French until told otherwise; staff's remember their choice."""
    if request.blueprint in VISITOR_SURFACES:
        _visitor.as_default()
    else:
        chosen = session.get("language", SOURCE)
        g.language = chosen if chosen in STAFF_LANGUAGES else SOURCE


def _catalogue() -> Any:
    """This request's messages, found once."""
    if "catalogue" not in g:
        g.catalogue = flask_babel.get_domain().get_translations()
    return g.catalogue


def _gettext(message: str) -> str:
    return typeset(_catalogue().ugettext(message), language())


def _ngettext(singular: str, plural: str, number: int) -> str:
    return typeset(_catalogue().ungettext(singular, plural, number), language())
