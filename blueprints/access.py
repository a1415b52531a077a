"""Access: who may use a route, said on each route, checked before every request.

A route that says nothing is refused to everybody. Staff are accounts at work in a session that
the server keeps (`accueil.house.sessions`); Flask-Login carries its token in the signed cookie.
"""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request, session, url_for
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf

from accueil.house import sessions
from accueil.house.accounts import Account
from accueil.house.services import Service, services_of
from accueil.house.sites import Unknown, site
from accueil.planning import agenda, appointments, series
from accueil.planning.agenda import Entry
from accueil.planning.appointments import Appointment
from accueil.planning.series import Permanence
from accueil.planning.slots import DESK
from accueil.reception import queue
from accueil.store.errors import StoreError
from blueprints import web

Role = Literal["anyone", "staff", "agent", "partner", "admin"]
STAFF: frozenset[Role] = frozenset({"agent", "partner", "admin"})
AWAKE_EVERY = timedelta(minutes=1)
DEVICE_COOKIE = "appareil"
DEVICE_DAYS = 180
HOME = {"agent": "desk.day", "partner": "partner.day", "admin": "admin.house"}

_rules: dict[Callable[..., Any], "Rule"] = {}
csrf = CSRFProtect()
login_manager = LoginManager()
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route. `locked` routes answer a locked session too."""

    roles: frozenset[Role]
    locked: bool = False


def allow(*roles: Role, locked: bool = False) -> Callable[[View], View]:
    """Say on a view who may use it: `anyone`, `staff`, or roles."""
    wide = STAFF if "staff" in roles else frozenset(roles)

    def declare(view: View) -> View:
        _rules[view] = Rule(wide, locked)
        return view

    return declare


class Person:
    """Whoever is at work on this device, for Flask-Login."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, token: str, session: sessions.Session):
        self.token = token
        self.account: Account = session.account
        self.locked = session.locked
        self.active_at = session.active_at
        self.idle = session.idle

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask) -> None:
    """Guard every route of the application."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_SSL_STRICT=False)
    csrf.init_app(app)
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.user_loader(at_work)
    app.before_request(_guard)
    app.jinja_env.globals.update(csrf_token=generate_csrf, home=home)


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """What a route says of its access; None if it says nothing."""
    if endpoint == "static":
        return Rule(frozenset({"anyone"}))
    return _rules.get(app.view_functions[endpoint])


def me() -> Account:
    """The account at work."""
    found: Account = current_user.account
    return found


def my_services() -> list[Service]:
    """The services of the partner at work."""
    return services_of(web.db(), me().organisation_id or "")


def my_turn(entry_id: str) -> queue.Entry:
    """A turn of today with one of the partner's services; `NotHere` for any other, or none."""
    try:
        turn = queue.entry(web.db(), entry_id)
    except Unknown:
        raise web.NotHere from None
    today = site(web.db(), turn.site_id).day(web.now()).isoformat()
    if turn.day != today or turn.service_id not in {service.id for service in my_services()}:
        raise web.NotHere
    return turn


def my_permanence(permanence_id: str) -> Permanence:
    """A permanence that whoever is at work may change: a partner's own, any for the desk and
    the admin; `NotHere` for any other, or none."""
    try:
        found = series.permanence(web.db(), permanence_id)
    except Unknown:
        raise web.NotHere from None
    _refuse_others(found.service_id)
    return found


def my_occurrence(occurrence_id: str) -> Entry:
    """One date of `my_permanence`, with how full it is; `NotHere` for any other, or none."""
    try:
        found = agenda.entry(web.db(), occurrence_id)
    except Unknown:
        raise web.NotHere from None
    _refuse_others(found.occurrence.service_id)
    return found


def my_appointment(appointment_id: str) -> Appointment:
    """An appointment with a service of the partner at work, or any for the desk; `NotHere` for
    any other, or none."""
    try:
        found = appointments.appointment(web.db(), appointment_id)
    except Unknown:
        raise web.NotHere from None
    _refuse_others(found.service_id)
    return found


def asker() -> str:
    """For whom whoever is at work books: the desk, or their organisation."""
    return me().organisation_id or DESK


def device() -> str:
    """The random name of this device, new if it has none."""
    return request.cookies.get(DEVICE_COOKIE) or secrets.token_urlsafe(16)


def home() -> str:
    """Where the account at work belongs."""
    return url_for(HOME[me().role])


def at_work(token: str) -> Person | None:
    """Whoever is at work with this session token, or None when the session has ended."""
    found = sessions.session(web.db(), token, web.now())
    return Person(token, found) if found else None


def _refuse_others(service_id: str) -> None:
    if me().role == "partner" and service_id not in {service.id for service in my_services()}:
        raise web.NotHere


def _guard() -> Any:
    if request.endpoint is None:
        return None
    rule = rule_of(current_app, request.endpoint)
    if rule is None:
        abort(403)
    _refuse_forgery(rule)
    if "anyone" in rule.roles:
        return None
    if not current_user.is_authenticated:
        return web.go_to(url_for("auth.login"))
    if current_user.locked and not rule.locked:
        return web.go_to(url_for("auth.locked"))
    if current_user.account.role not in rule.roles:
        abort(403)
    if not _asked_by_screen() and web.now() - current_user.active_at > AWAKE_EVERY:
        with suppress(StoreError):  # a full disk must not hide the day from the desk
            sessions.keep_awake(web.db(), current_user.token, web.now())
    return None


def _asked_by_screen() -> bool:
    """Whether a region of a page refreshes itself: that is no sign of anybody being there."""
    return request.method == "GET" and bool(web.htmx) and not web.htmx.boosted


def _refuse_forgery(rule: Rule) -> None:
    """A form carries its token. On a screen that was left open all night the token is old: the
    browser's own word that the page came from this house is then enough, for visitors."""
    if request.method not in current_app.config["WTF_CSRF_METHODS"]:
        return
    try:
        csrf.protect()
    except CSRFError:
        if "anyone" not in rule.roles or not _from_this_house():
            raise
        session.pop("csrf_token", None)


def _from_this_house() -> bool:
    """What the browser says of where the form was (Fetch Metadata, else Origin)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin", "")
    return urlsplit(origin).netloc == request.host
