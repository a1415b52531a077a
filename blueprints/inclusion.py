"""The directory exchanged in data·inclusion: given to anyone, taken from a file by an admin."""

import shutil
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from babel.numbers import format_decimal
from flask import Blueprint, Flask, Response, current_app, render_template, request, send_file
from flask.cli import AppGroup
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from accueil.house.sites import Unknown, front_desk
from accueil.orientation.inclusion import uploads
from accueil.orientation.inclusion.export import forget, kept, tag
from accueil.orientation.inclusion.read import BadFile, Report
from accueil.orientation.inclusion.uploads import NotKept
from accueil.orientation.inclusion.write import own_records, own_source
from accueil.store.db import Db
from blueprints import web, words
from blueprints.access import allow, me
from blueprints.impact import frame
from blueprints.inclusion_words import in_french, of_house, openings

bp = Blueprint("inclusion", __name__)
directory = AppGroup("directory", help="The directory, in data·inclusion schema v1.")
MOST_OCTETS = 40 * 1_048_576
MOST_OCTETS_BY_COMMAND = 256 * 1_048_576
FORM_OCTETS = 65_536
MOST_MEBIOCTETS = MOST_OCTETS // 1_048_576
# A whole file takes memory.
_one_at_a_time = threading.Lock()


def init_app(app: Flask) -> None:
    """Give the application its commands; what it exported before may be of another version."""
    app.cli.add_command(directory)
    forget(_folder(app, "export"))


def forgetting(instance: Path) -> Callable[[Db, datetime], None]:
    """What drops, when it is called, the files that were checked an hour ago in this instance."""

    def forget_uploads(_db: Db, at: datetime) -> None:
        uploads.forget_old(instance / "directory" / "import", at)

    return forget_uploads


@bp.app_template_filter()
def number(count: int) -> str:
    """20 000, as the language writes it."""
    return str(format_decimal(count, locale=words.language()))


@bp.get("/annuaire/data-inclusion.json")
@allow("anyone")
def export() -> Response:
    """The whole directory, for whoever reuses it."""
    try:
        response = _sent(_exported(current_app, web.db()))
    except FileNotFoundError:  # another process has just written a newer one
        response = _sent(_exported(current_app, web.db()))
    response.cache_control.max_age = None
    response.cache_control.public = True
    del response.headers["Expires"]
    response.headers["Content-Disposition"] = 'inline; filename="data-inclusion.json"'
    return response


@bp.url_value_preprocessor
def take_a_file(endpoint: str | None, _values: object) -> None:
    """Before anything reads the form: a directory may be larger than any other file, and only an
    admin has one."""
    if endpoint == "inclusion.check" and current_user.is_authenticated and me().role == "admin":
        request.max_content_length = MOST_OCTETS + FORM_OCTETS


@bp.errorhandler(RequestEntityTooLarge)
def too_big(_error: Exception) -> tuple[str, int]:
    """Said before knowing who asks: nothing was read of what they sent."""
    return render_template("inclusion/too_big.html", most=MOST_MEBIOCTETS), 413


@bp.get("/admin/annuaire/import")
@allow("admin")
def choose() -> str:
    uploads.forget_old(_checked(), web.now())
    return _form()


@bp.post("/admin/annuaire/import")
@allow("admin")
def check() -> AnyResponse | tuple[str, int]:
    """A file first, and what is in it; nothing is taken yet."""
    file = request.files.get("file")
    if not file:
        return _form("missing"), 422
    content = file.read()
    try:
        with _one_at_a_time:
            token = uploads.check(web.db(), _checked(), content, web.now())
    except BadFile as bad:
        return _form(bad.reason, bad.where), 422
    return web.see_other("inclusion.report", token=token)


@bp.get("/admin/annuaire/import/<token>")
@allow("admin")
def report(token: str) -> str | tuple[str, int]:
    try:
        found = uploads.checked(_checked(), token, web.now())
    except NotKept:
        return _form("again"), 404
    return render_template(
        "inclusion/report.html",
        token=token,
        found=found,
        report=found.report,
        good=sum(found.report.good.values()),
        **frame(),
    )


@bp.post("/admin/annuaire/import/<token>")
@allow("admin")
def take(token: str) -> AnyResponse | tuple[str, int]:
    say = openings()
    try:
        with in_french(), _one_at_a_time:
            uploads.take(web.db(), _checked(), token, say, me().id, web.now())
    except NotKept:
        return _form("again"), 404
    return web.see_other("inclusion.report", token=token)


@directory.command("export")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file.")
def directory_export(output: Path | None) -> None:
    """Write the directory on standard output, or in a file."""
    with web.house().store.connection() as db:
        file = _exported(current_app, db)
        with in_french():
            at = web.house().clock()
            own = own_records(db, of_house(front_desk(db).day(at)), at) if own_source(db) else None
    if output:
        shutil.copyfile(file, output)
    else:
        with file.open("rb") as written:
            shutil.copyfileobj(written, sys.stdout.buffer)
    if own and own.withheld:
        click.echo(f"Personal mailboxes left out of: {', '.join(own.withheld)}", err=True)


@directory.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Say what is in the file, and take nothing.")
def directory_import(path: Path, check: bool) -> None:
    """Take in the directory of the file PATH, in data·inclusion schema v1.

    What cannot be taken is told, and the exit code is 2; the rest is taken.
    """
    if path.stat().st_size > MOST_OCTETS_BY_COMMAND:
        most = MOST_OCTETS_BY_COMMAND // 1_048_576
        click.echo(f"Nothing was changed. Expected {most} MiB at most.", err=True)
        sys.exit(1)
    at = web.house().clock()
    with web.house().store.connection() as db, TemporaryDirectory() as name:
        folder = Path(name)
        try:
            token = uploads.check(db, folder, path.read_bytes(), at)
        except BadFile as bad:
            click.echo(f"Nothing was changed. {path.name}: {bad}", err=True)
            sys.exit(1)
        found = uploads.checked(folder, token, at)
        _tell(found.report)
        done = found.changes
        if not check:
            with in_french():
                done = uploads.take(db, folder, token, openings(), "house", at)
    if found.changes.unended:
        click.echo("An import of this source stopped half-way: taking this file ends it.", err=True)
    click.echo(
        f"{'Would be' if check else 'Taken'}: {done.new} new, {done.changed} changed,"
        f" {done.unchanged} unchanged, {done.gone} gone."
    )
    sys.exit(2 if found.report.broken_count else 0)


def _tell(found: Report) -> None:
    """What was found in a file, for an operator."""
    for each in found.broken:
        why = "; ".join(f"{fault.field or 'entry'}: {fault.why}" for fault in each.faults)
        click.echo(f"{each.kind} {each.number} {each.id}: {why}", err=True)
    for twin in found.twins:
        same = "the same" if twin.same else "another"
        click.echo(
            f"{twin.kind} {twin.number} {twin.id}: id of {twin.first}, {same} record", err=True
        )
    for note in found.notes:
        first = ", ".join(note.first)
        click.echo(f"{note.what} {note.key} ({note.kind}) × {note.count}: {first}", err=True)
    if found.own:
        click.echo(f"{found.own} records of this house left as they are.", err=True)


def _sent(file: Path) -> Response:
    return send_file(file, mimetype="application/json", etag=tag(file), conditional=True, max_age=0)


def _exported(app: Flask, db: Db) -> Path:
    at = web.house().clock()
    try:
        today = front_desk(db).day(at)
    except Unknown:
        today = at.date()
    with in_french():
        return kept(db, _folder(app, "export"), of_house(today), at)


def _checked() -> Path:
    return _folder(current_app, "import")


def _folder(app: Flask, name: str) -> Path:
    return Path(app.instance_path) / "directory" / name


def _form(problem: str | None = None, where: str = "") -> str:
    return render_template(
        "inclusion/form.html",
        problem=problem,
        where=where,
        most=MOST_MEBIOCTETS,
        **frame(),
    )
