"""The directory is given to anyone, in data·inclusion schema v1, at one address."""

import json
from pathlib import Path
from typing import Any

from data_inclusion.schema import v1
from flask import Flask
from werkzeug.test import TestResponse

from accueil.house.edition import new_edition
from accueil.orientation.listings import Listing, retire, save
from accueil.store.db import Db
from tests.personae import MONDAY, paris
from tests.web.browser import Browser
from tests.web.conftest import Clock

ADDRESS = "/annuaire/data-inclusion.json"
BEFORE = paris(2026, 11, 16, 9)


def get(browser: Browser, **headers: str) -> TestResponse:
    """What is given, read whole: a browser that looks at pages would not."""
    answer = browser.client.get(ADDRESS, headers=headers)
    answer.get_data()
    answer.close()
    return answer


def services(answer: TestResponse) -> dict[str, Any]:
    found = json.loads(answer.data)["services"]
    return {each["id"].removeprefix("ecs-chevilly-larue--"): each for each in found}


def test_anyone_reads_it_and_the_schema_has_nothing_against_it(
    visitor: Browser, clock: Clock
) -> None:
    clock.set(BEFORE)
    answer = get(visitor)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    for name, model in (("structures", v1.Structure), ("services", v1.Service)):
        found = json.loads(answer.data)[name]
        assert len(found) > 15
        for each in found:
            model.model_validate(each, context={"ignore_warnings": False})


def test_when_is_said_in_hours_and_in_words(visitor: Browser) -> None:
    found = services(get(visitor))
    assert found["parquet-mercredis"]["horaires_accueil"] == "We[1,5] 09:00-12:30; PH off"
    assert found["parquet-mercredis"]["mobilisation_precisions"] == (
        "Le 1er et le 5e mercredi du mois, de 9 h à 12 h 30, sauf les jours fériés,"
        " sur rendez-vous."
    )
    assert found["nouvelles-voies-bearn"]["mobilisation_precisions"] == (
        "Un jeudi sur deux, de 14 h à 17 h, à partir du jeudi 8 janvier 2026,"
        " sauf les jours fériés, sur rendez-vous (à confirmer)."
    )
    assert "horaires_accueil" not in found["nouvelles-voies-bearn"]


def test_who_is_said_in_words_too(visitor: Browser) -> None:
    clic = services(get(visitor))["clic6"]
    assert clic["publics"] == ["familles", "seniors"]
    assert clic["publics_precisions"].startswith("Condition : plus de 60 ans")


def test_it_is_in_french_whoever_asks(admin: Browser) -> None:
    before = get(admin).data
    admin.post("/langue", {"language": "en"})
    assert get(admin).data == before


def test_it_is_the_same_until_something_changes(visitor: Browser, db: Db, clock: Clock) -> None:
    first = get(visitor)
    tag = first.headers["ETag"]
    again = get(visitor, **{"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "no-cache, public"
    with db.transaction():
        new_edition(db)
    clock.pass_by(days=1)
    assert get(visitor, **{"If-None-Match": tag}).status_code == 304
    save(db, Listing("epicerie", "Épicerie", "Asso"), "an admin", MONDAY)
    changed = get(visitor, **{"If-None-Match": tag})
    assert (changed.status_code, changed.headers["ETag"] == tag) == (200, False)
    assert "epicerie" in services(changed)
    retire(db, "epicerie", "an admin", MONDAY)
    assert get(visitor).data == first.data


def test_a_permanence_changed_on_a_screen_is_there_at_once(visitor: Browser, db: Db) -> None:
    assert services(get(visitor))["cramif-jeudi"]["horaires_accueil"].startswith("Th 13:30")
    db.run("UPDATE permanence SET times = '14:00-17:00' WHERE id = 'cramif-jeudi'")
    assert services(get(visitor))["cramif-jeudi"]["horaires_accueil"].startswith("Th 14:00")


def test_one_file_is_kept(app: Flask, visitor: Browser, db: Db) -> None:
    for name in ("Une", "Deux"):
        save(db, Listing(name.lower(), name * 3, "Asso"), "an admin", MONDAY)
        get(visitor)
    folder = Path(app.instance_path, "directory", "export")
    (kept,) = folder.iterdir()
    assert kept.read_bytes() == get(visitor).data


def test_the_head_alone_may_be_asked_for(visitor: Browser) -> None:
    answer = visitor.client.head(ADDRESS)
    answer.close()
    assert (answer.status_code, answer.data) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 10_000


def test_no_worker_is_named(app: Flask, visitor: Browser, db: Db) -> None:
    text = get(visitor).data.decode()
    names = [row["name"] for row in db.all("SELECT name FROM account")]
    assert len(names) == 4
    assert [name for name in names if name in text] == []


def test_the_command_writes_the_same_file(
    app: Flask, visitor: Browser, db: Db, tmp_path: Path
) -> None:
    private = Listing("maison", "Maison", "Asso", email="marie.durand@asso.fr")
    save(db, private, "an admin", MONDAY)
    made = app.test_cli_runner().invoke(args=["directory", "export"])
    assert made.exit_code == 0
    assert made.stdout_bytes == get(visitor).data
    assert made.stderr == "Personal mailboxes left out of: maison\n"
    path = tmp_path / "annuaire.json"
    app.test_cli_runner().invoke(args=["directory", "export", "--output", str(path)])
    assert path.read_bytes() == get(visitor).data


def test_a_disk_that_takes_no_more_is_said(visitor: Browser, app: Flask) -> None:
    Path(app.instance_path, "directory").write_text("no folder can be made here")
    assert get(visitor).status_code == 503
