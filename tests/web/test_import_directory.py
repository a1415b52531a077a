"""An admin brings a directory: what is in the file is shown, then it is taken, or not."""

import io
import os
import stat
from pathlib import Path
from threading import Barrier, Thread

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from accueil.orientation.listings import listing, of_source
from accueil.store.db import Db
from blueprints.inclusion import MOST_MEBIOCTETS, forgetting
from tests.orientation.inclusion_files import BEFORE, file, service, structure
from tests.personae import MONDAY
from tests.web.browser import Answer, Browser
from tests.web.conftest import At, Clock, log_in

PAGE = "/admin/annuaire/import"
SECRET = "Zébulon Grandjean"
GOOD = file(service(1, horaires_accueil="Mo 09:00-12:00; PH off"), service(2))


def send(browser: Browser, content: bytes | None) -> Answer:
    if browser.token is None:
        browser.get(browser.home)
    form: dict[str, object] = {"csrf_token": browser.token}
    if content is not None:
        form["file"] = FileStorage(io.BytesIO(content), f"{SECRET}.json")
    boundary, body = encode_multipart(form)
    return browser.send(PAGE, body, content_type=f'multipart/form-data; boundary="{boundary}"')


def checked(browser: Browser, content: bytes) -> Answer:
    """The page that says what is in a file."""
    return browser.follow(send(browser, content))


def taken(browser: Browser, content: bytes) -> Answer:
    answer = send(browser, content)
    assert answer.location is not None
    return browser.follow(browser.press(browser.follow(answer).page, answer.location))


def sums(answer: Answer) -> dict[str, str]:
    found = answer.page.one("dl", class_="sums").all("div")
    return {each.one("dt").text: each.one("dd").text for each in found}


def kept(app: Flask) -> list[Path]:
    folder = Path(app.instance_path, "directory", "import")
    return sorted(folder.iterdir()) if folder.exists() else []


def test_a_file_is_shown_before_anything_changes(admin: Browser, db: Db) -> None:
    shown = checked(admin, GOOD)
    assert shown.page.one("h1").text == "3 fiches peuvent être prises"
    assert sums(shown) == {
        "nouvelles": "3", "changées": "0", "inchangées": "0", "retirées": "0",
    }  # fmt: skip
    assert "Prendre ces 3 fiches" in shown.page.text
    assert of_source(db, "dora") == []


def test_it_is_then_taken_and_said_in_french(admin: Browser, db: Db) -> None:
    assert taken(admin, GOOD).page.one("h1").text == "C’est fait."
    made = listing(db, "dora--1")
    assert made.hours.replace("\N{NO-BREAK SPACE}", " ") == (
        "Le lundi, de 9 h à 12 h, sauf les jours fériés"
    )
    assert "Atelier 1" in admin.get("/annuaire/dora--1").page.text


def test_whoever_reads_in_english_imports_hours_in_french_all_the_same(
    admin: Browser, db: Db
) -> None:
    admin.post("/langue", {"language": "en"})
    taken(admin, GOOD)
    assert listing(db, "dora--1").hours.startswith("Le lundi")


def test_the_next_file_says_what_would_leave(admin: Browser, db: Db) -> None:
    taken(admin, GOOD)
    shown = checked(admin, file(service(1, nom="Mieux")))
    assert sums(shown)["retirées"] == "1"
    assert "sera retirée de l’annuaire" in shown.page.text
    assert [each.id for each in of_source(db, "dora")] == ["dora--1", "dora--2"]


def test_nothing_new_is_nothing_to_take(admin: Browser) -> None:
    taken(admin, GOOD)
    shown = checked(admin, GOOD)
    assert "il n’y a rien à prendre" in shown.page.text
    assert [form["action"] for form in shown.page.forms if PAGE in form["action"]] == []


def test_everything_that_cannot_be_taken_is_told(admin: Browser) -> None:
    content = file(
        service(1), service(1), service(2, date_maj="hier"), service(3, score=1),
        service(4, contact_nom_prenom=SECRET), structures=[structure(1), structure(1, nom="Autre")],
    )  # fmt: skip
    shown = checked(admin, content)
    text = shown.page.text
    assert "1 fiche à corriger à sa source" in text
    assert "service n° 3 dora--2 date_maj n’est pas une date" in text
    assert "2 identifiants en double" in text
    assert "un autre contenu que la n° 1" in text
    assert "1 clé que le schéma ne connaît pas" in text
    assert "score 1 fiche : dora--3" in text
    assert "Un nom d’intervenant n’est pas pris" in text
    assert SECRET not in text


def test_what_this_house_gave_is_not_taken_back(
    admin: Browser, visitor: Browser, clock: Clock
) -> None:
    clock.set(BEFORE)
    mine = visitor.client.get("/annuaire/data-inclusion.json")
    clock.set(MONDAY)
    shown = checked(admin, mine.data)
    mine.close()
    assert "viennent de cette maison" in shown.page.text
    assert shown.page.one("h1").text == "Aucune fiche ne peut être prise"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "Choisissez un fichier"),
        (b"", "Ce fichier est vide"),
        (b"<html>", "n’est pas du JSON"),
        (b'[{"id":', "s’arrête avant sa fin"),
        (b'[\n{"longitude": NaN}]', "À la ligne 2, ce fichier contient NaN"),
        (b"[" * 100_000, "trop de listes"),
        (b"{}", "ni liste « structures »"),
        (b'{"services": []}', "aucune fiche"),
        ("[]".encode("utf-16"), "UTF-8"),
        (b'[{"id": "a", "profils": []}]', "ancienne version du schéma (v0)"),
    ],
)
def test_a_file_that_is_none_is_refused_in_plain_words(
    admin: Browser, app: Flask, content: bytes | None, said: str
) -> None:
    answer = send(admin, content)
    assert answer.status == 422
    assert said in " ".join(answer.page.one(role="alert").text.split("\N{NARROW NO-BREAK SPACE}"))
    assert kept(app) == []


def test_a_file_of_fifty_megabytes_is_refused_unread(admin: Browser, visitor: Browser) -> None:
    for browser in (admin, visitor):
        answer = browser.send(PAGE, b"x", environ_overrides={"CONTENT_LENGTH": str(50 * 2**20)})
        assert answer.status == 413
        assert f"{MOST_MEBIOCTETS} Mo au plus" in answer.page.text
        assert "flask directory import" in answer.page.text


@pytest.mark.parametrize("who", ["nadia", "claire", None])
def test_nobody_but_an_admin_has_a_large_file_read(
    at_work: At, visitor: Browser, who: str | None
) -> None:
    browser = at_work(who) if who else visitor
    answer = browser.send(PAGE, b"x" * 2**20, content_type="multipart/form-data; boundary=x")
    assert answer.status == 413


def test_the_other_forms_are_as_small_as_before(admin: Browser) -> None:
    length = {"CONTENT_LENGTH": str(2**20)}
    assert admin.send("/admin/comptes", b"x", environ_overrides=length).status == 413


def test_what_is_kept_between_the_two_steps_is_private_and_names_nobody(
    admin: Browser, app: Flask
) -> None:
    checked(admin, file(service(1, contact_nom_prenom=SECRET, courriel="m.durand@asso.fr")))
    files = kept(app)
    assert [each.suffix for each in files] == [".entries", ".report"]
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert stat.S_IMODE(files[0].parent.stat().st_mode) == 0o700
    text = "".join(each.read_text() + each.name for each in files)
    assert "Grandjean" not in text
    assert "durand" not in text


def test_it_is_dropped_after_an_hour(admin: Browser, app: Flask, clock: Clock) -> None:
    shown = send(admin, GOOD)
    assert shown.location is not None
    for _ in range(6):
        clock.pass_by(minutes=9)
        assert admin.get(shown.location).status == 200
    clock.pass_by(minutes=7)
    late = admin.get(shown.location)
    assert late.status == 404
    assert "n’est plus gardé ici" in late.page.text
    assert admin.post(shown.location).status == 404
    assert kept(app) == []


@pytest.fixture
def abandoned(app: Flask) -> Path:
    """What a check that did not end has left."""
    folder = Path(app.instance_path, "directory", "import")
    folder.mkdir(mode=0o700, parents=True)
    left = folder / f"{'x' * 22}.entries"
    left.write_bytes(b"{}")
    (folder / f"{'x' * 22}.01234567.partial").write_bytes(b"{")
    return left


@pytest.mark.parametrize("by", ["the house itself", "the next who imports"])
def test_it_is_dropped_though_nobody_asks_for_it_again(
    admin: Browser, app: Flask, clock: Clock, db: Db, by: str
) -> None:
    def pass_by(minutes: int) -> None:
        clock.pass_by(minutes=minutes)
        if by == "the house itself":
            forgetting(Path(app.instance_path))(db, clock())
        else:
            assert log_in(Browser(app), "sylvie").get(PAGE).status == 200

    send(admin, GOOD)
    pass_by(59)
    assert len(kept(app)) == 2
    pass_by(2)
    assert kept(app) == []


def test_what_a_check_that_stopped_left_is_dropped_too(app: Flask, db: Db, abandoned: Path) -> None:
    forget = forgetting(Path(app.instance_path))
    forget(db, MONDAY)
    assert len(kept(app)) == 2
    an_hour_ago = abandoned.stat().st_mtime - 3_700
    os.utime(abandoned, (an_hour_ago, an_hour_ago))
    forget(db, MONDAY)
    assert len(kept(app)) == 2
    for each in kept(app):
        os.utime(each, (an_hour_ago, an_hour_ago))
    forget(db, MONDAY)
    assert kept(app) == []


def test_an_import_that_stopped_is_told_and_ended_by_the_same_file(admin: Browser, db: Db) -> None:
    taken(admin, GOOD)
    with db.transaction():
        db.run("UPDATE inclusion_record SET listing_id = NULL WHERE id = 'dora--1'")
    shown = checked(admin, GOOD)
    assert sums(shown)["changées"] == "0"
    assert "s’est arrêté avant sa fin" in shown.page.text
    assert taken(admin, GOOD).page.one("h1").text == "C’est fait."
    assert "il n’y a rien à prendre" in checked(admin, GOOD).page.text


def test_the_directory_leads_here_for_an_admin_alone(admin: Browser, agent: Browser) -> None:
    links = [each["href"] for each in admin.get("/annuaire").page.all("a")]
    assert PAGE in links
    assert PAGE not in [each["href"] for each in agent.get("/annuaire").page.all("a")]


def test_the_next_file_takes_the_place_of_the_one_before(admin: Browser, app: Flask) -> None:
    first = send(admin, GOOD)
    send(admin, file(service(9)))
    assert first.location is not None
    assert admin.get(first.location).status == 404
    assert len(kept(app)) == 2


@pytest.mark.parametrize("token", ["nothing", "..%2f..%2fsecret", "x" * 22, "é" * 22])
def test_no_other_name_finds_anything(admin: Browser, token: str) -> None:
    assert admin.get(f"{PAGE}/{token}").status == 404
    assert admin.post(f"{PAGE}/{token}").status == 404


def test_two_touches_are_one(admin: Browser, at_work: At, db: Db) -> None:
    where = send(admin, GOOD).location
    assert where is not None
    admin.get(where)
    touches = [at_work("sylvie") for _ in range(3)]
    ready, answers = Barrier(3), []

    def touch(browser: Browser) -> None:
        browser.token = admin.token
        ready.wait()
        answers.append(browser.client.post(where, data={"csrf_token": admin.token}).status_code)

    threads = [Thread(target=touch, args=(each,)) for each in touches]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers == [303] * 3
    assert sums(admin.get(where))["nouvelles"] == "3"
    assert listing(db, "dora--1").version == 1
    assert len(db.all("SELECT 1 FROM journal WHERE verb = 'directory imported'")) == 1


@pytest.mark.parametrize("who", ["nadia", "claire"])
def test_it_is_the_admins_alone(at_work: At, who: str) -> None:
    browser = at_work(who)
    assert browser.get(PAGE).status == 403
    assert send(browser, GOOD).status == 403
    assert browser.get(f"{PAGE}/{'x' * 22}").status == 403


def test_a_disk_that_takes_no_more_is_said(admin: Browser, app: Flask) -> None:
    Path(app.instance_path, "directory").write_text("no folder can be made here")
    answer = send(admin, GOOD)
    assert answer.status == 503
    assert answer.page.one("h1").text


# ---- the command ---------------------------------------------------------------------------------


def run(app: Flask, tmp_path: Path, content: bytes, *options: str) -> tuple[int, str, str]:
    path = tmp_path / "annuaire.json"
    path.write_bytes(content)
    made = app.test_cli_runner().invoke(args=["directory", "import", str(path), *options])
    return made.exit_code, made.stdout.strip(), made.stderr


def test_the_command_takes_a_file_and_says_so(app: Flask, tmp_path: Path, db: Db) -> None:
    assert run(app, tmp_path, GOOD) == (0, "Taken: 3 new, 0 changed, 0 unchanged, 0 gone.", "")
    assert listing(db, "dora--1").hours.startswith("Le lundi")
    code, said, _ = run(app, tmp_path, file(service(2)), "--check")
    assert (code, said) == (0, "Would be: 0 new, 0 changed, 2 unchanged, 1 gone.")
    assert [each.id for each in of_source(db, "dora")] == ["dora--1", "dora--2"]


def test_the_command_tells_what_is_broken_and_takes_the_rest(
    app: Flask, tmp_path: Path, db: Db
) -> None:
    code, said, told = run(app, tmp_path, file(service(1), service(2, nom=None), service(1)))
    assert (code, said) == (2, "Taken: 2 new, 0 changed, 0 unchanged, 0 gone.")
    assert "service 2 dora--2: nom: missing" in told
    assert "service 3 dora--1: id of 1, the same record" in told


def test_the_command_refuses_a_file_that_is_none(app: Flask, tmp_path: Path) -> None:
    code, said, told = run(app, tmp_path, b"[" * 100_000)
    assert (code, said) == (1, "")
    assert "Nothing was changed. annuaire.json: too-deep" in told
