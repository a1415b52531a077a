"""Coming to work: log in, lock the shared screen, log out, choose one's language."""

from flask import (
    Blueprint,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from accueil.house import sessions
from accueil.house.sessions import TooManyAttempts, WrongPassword
from blueprints import web, words
from blueprints.access import (
    DEVICE_COOKIE,
    DEVICE_DAYS,
    allow,
    at_work,
    device,
    home,
)

bp = Blueprint("auth", __name__)
LONGEST_FIELD = 200


@bp.get("/")
@allow("anyone")
def door() -> Response:
    return redirect(home() if current_user.is_authenticated else url_for("auth.login"))


@bp.get("/connexion")
@allow("anyone")
def login() -> str | Response:
    if current_user.is_authenticated:
        return redirect(home())
    return render_template("auth/login.html", login="")


@bp.post("/connexion")
@allow("anyone")
def log_in() -> tuple[str, int] | Response:
    login, password = _field("login"), request.form.get("password", "")
    name = device()
    try:
        token = sessions.open_session(web.db(), login, password, name, web.now())
    except WrongPassword:
        return render_template("auth/login.html", login=login, problem="wrong"), 422
    except TooManyAttempts as haste:
        return render_template("auth/login.html", login=login, problem="haste", haste=haste), 429
    if current_user.is_authenticated:
        sessions.end(web.db(), current_user.token)
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    login_user(at_work(token))
    response = make_response(redirect(home(), code=303))
    response.set_cookie(
        DEVICE_COOKIE,
        name,
        max_age=DEVICE_DAYS * 86_400,
        httponly=True,
        samesite="Strict",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


@bp.post("/deconnexion")
@allow("staff", locked=True)
def log_out() -> Response:
    sessions.end(web.db(), current_user.token)
    logout_user()
    session.clear()
    response = web.see_other("auth.login")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.post("/verrou")
@allow("staff", locked=True)
def lock() -> Response:
    sessions.lock(web.db(), current_user.token)
    return web.see_other("auth.locked")


@bp.get("/verrou")
@allow("staff", locked=True)
def locked() -> str | Response:
    if not current_user.locked:
        return redirect(home())
    return render_template("auth/locked.html")


@bp.post("/deverrouiller")
@allow("staff", locked=True)
def unlock() -> tuple[str, int] | Response:
    try:
        sessions.unlock(
            web.db(), current_user.token, request.form.get("password", ""), device(), web.now()
        )
    except WrongPassword:
        return render_template("auth/locked.html", problem="wrong"), 422
    except TooManyAttempts as haste:
        return render_template("auth/locked.html", problem="haste", haste=haste), 429
    return redirect(home(), code=303)


@bp.post("/langue")
@allow("anyone")
def choose_language() -> Response:
    code = _field("language")
    if code in words.STAFF_LANGUAGES:
        session["language"] = code
    return redirect(home() if current_user.is_authenticated else url_for("auth.login"), code=303)


def _field(name: str) -> str:
    return request.form.get(name, "")[:LONGEST_FIELD]
