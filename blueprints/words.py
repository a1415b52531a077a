"""Words: languages, the two catalogues, and how dates, hours and numbers are written.

French is the source. `visitor` holds what visitors read, in every language; `messages` what
staff read. A surface speaks one of them, chosen by its blueprint.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import flask_babel
from babel import Locale
from flask import Flask, g, request, session
from jinja2 import pass_eval_context
from jinja2.filters import do_mark_safe
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from accueil.house import languages
from accueil.house.sites import Site
from accueil.orientation.needs import NEEDS
from accueil.store.errors import StoreError
from blueprints import web
from blueprints.dates import dated

# By their own name, in the order of the screens.
# "fr@falc" is French said simply; what no reader it is for has read is not called FALC on a screen.
LANGUAGES = {
    "fr": "Français",
    "fr@falc": "Français simple",
    "en": "English",
    "es": "Español",
    "pt": "Português",
    "uk": "Українська",
    "ru": "Русский",
    "ro": "Română",
    "tr": "Türkçe",
    "ar": "العربية",
    "fa": "فارسی",
    "ps": "پښتو",
    "bn": "বাংলা",
    "zh": "中文",
}
STAFF_LANGUAGES = ("fr", "en")
SOURCE = "fr"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "ps"})
CATALOGUES = Path(__file__).parent.parent / "translations"
Review = Literal["native", "panel", "machine"]
REVIEWS: dict[str, Review] = {"native": "native", "panel": "panel", "falc-panel": "panel"}
VISITOR_SURFACES = frozenset(
    {
        *("kiosk", "discreet", "checkin", "door", "doorstep", "presence"),
        *("visitor", "appointment", "board", None),
    }
)

_visitor = flask_babel.Domain(domain="visitor")


class UnknownLanguage(ValueError):
    """Nothing that LANGUAGES names."""


def init_app(app: Flask) -> None:
    """Give templates their words."""
    flask_babel.Babel(app, default_locale=SOURCE, locale_selector=language)
    app.before_request(_choose)
    app.jinja_env.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext)
    app.jinja_env.filters.update(
        clock=clock, day=day, short_day=short_day, phone=phone, said=said, ltr=ltr
    )
    app.jinja_env.globals.update(
        languages=LANGUAGES,
        tongue=tongue,
        offered=offered,
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


@cache
def review(code: str) -> Review | None:
    """Who has read the visitors' words in `code`: "native" people, a "panel" of those whom simple
    French is for, or nobody since the "machine" made them; None when there are none."""
    file = CATALOGUES / code / "LC_MESSAGES" / "visitor.po"
    if not file.exists():
        return None
    header, _, _ = file.read_text(encoding="utf-8").partition("msgid")
    said = re.search(r"^# X-Review: (\S+)", header, re.M)
    return REVIEWS.get(said[1] if said else "", "machine")


def offered() -> tuple[str, ...]:
    """The languages that this house offers its visitors, in the order of the screens; those that
    somebody has read, if the house cannot be asked."""
    if "offered" not in g:
        read = {code for code in LANGUAGES if review(code) not in ("machine", None)}
        try:
            found = languages.offered(web.db(), read)
        except StoreError:
            found = tuple(code for code in LANGUAGES if code in read)
        g.offered = tuple(code for code in found if review(code))
    known: tuple[str, ...] = g.offered
    return known


def speak(code: str) -> None:
    """From here on, this request is answered in `code`, or in French if the house does not offer
    it. Raises `UnknownLanguage`."""
    if code not in LANGUAGES:
        raise UnknownLanguage(code)
    _speak(code if code in offered() else SOURCE)


def speak_of(kept: str, asked: str | None = None) -> None:
    """From here on, this request is answered in the language of a visit or of an appointment,
    which it keeps when the house offers it no more, or in another that was `asked` for."""
    _speak(asked if asked and asked != kept and asked in offered() else kept)


def speak_as_browser() -> None:
    """From here on, this request is answered in the browser's language, if it is offered."""
    _speak(request.accept_languages.best_match(offered(), SOURCE))


def _speak(code: str) -> None:
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
            g.language, g.catalogue = code, (_visitor.get_translations(), code)
            yield
    finally:
        g.language = before
        g.pop("catalogue", None)


def tongue(code: str) -> Markup:
    """A visitor's language for those who receive them: in their own words, then in its own."""
    return _tongue(code, tag())


@cache
def _tongue(code: str, reader: str) -> Markup:
    own = Markup('<span lang="{}" dir="{}">{}</span>').format(
        tag(code), direction(code), LANGUAGES[code]
    )
    named = Locale.parse(tag(code)).get_display_name(reader)
    return own if tag(code) == SOURCE else Markup("{} · {}").format(named, own)


def direction(code: str | None = None) -> str:
    return "rtl" if (code or language()) in RIGHT_TO_LEFT else "ltr"


def announcement(code: str, number: int, room: str) -> str:
    """What the board says aloud, in the language `code`."""
    with flask_babel.force_locale(code):
        return str(_visitor.gettext("Numéro %(number)s, %(room)s.", number=number, room=room))


def in_every_language(message: str) -> list[tuple[str, str]]:
    """A visitor's message in each language that the house offers, with its code."""
    return [(code, _to_visitor(code, message)) for code in dict.fromkeys(map(tag, offered()))]


@lru_cache(maxsize=200)
def _to_visitor(code: str, message: str) -> str:
    with flask_babel.force_locale(code):
        return str(_visitor.gettext(message))


def clock(at: datetime, site: Site) -> Markup:
    """The hour on the site's wall, 9:20, never reversed in right-to-left text."""
    wall = site.wall_clock(at)
    return _hour(wall.hour, wall.minute)


@cache
def _hour(hour: int, minute: int) -> Markup:
    return ltr(f"{hour}:{minute:02}")


def day(when: date | datetime, site: Site | None = None) -> str:
    """lundi 23 novembre; and as each language writes it."""
    if isinstance(when, datetime) and site:
        when = site.wall_clock(when).date()
    return dated(when, "day", tag())


def short_day(when: date) -> str:
    """lun. 23 nov."""
    return dated(when, "short", tag())


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


def _spoken() -> tuple[Any, str]:
    """This request's messages, found once, and their language."""
    found: tuple[Any, str] | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = (flask_babel.get_domain().get_translations(), language())
    return found


@lru_cache(maxsize=8_000)
def _text(catalogue: Any, code: str, message: str) -> Markup:
    return do_mark_safe(typeset(catalogue.ugettext(message), code))


@pass_eval_context
def _gettext(shape: EvalContext, message: str, /, **values: object) -> str:
    """A page asks for hundreds of texts: what Jinja does of each, without its detours."""
    return _filled(shape, _text(*_spoken(), message), values)


@pass_eval_context
def _ngettext(shape: EvalContext, one: str, many: str, number: int, /, **values: object) -> str:
    catalogue, code = _spoken()
    text = do_mark_safe(typeset(catalogue.ungettext(one, many, number), code))
    return _filled(shape, text, {"num": number, **values})


def _filled(shape: EvalContext, text: Markup, values: Mapping[str, object]) -> str:
    """A text with its values, which are escaped where the template escapes."""
    if shape.autoescape:
        return text % values if values or "%" in text else text
    return str.__mod__(text, values)
