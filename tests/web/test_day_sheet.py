"""The day sheet: on paper, and in a file for the morning when nothing answers."""

import stat
from pathlib import Path

import pytest
from flask import Flask

from accueil.house.sites import sites
from accueil.planning import booking
from accueil.store.db import Db
from blueprints import day_sheet
from tests.personae import MONDAY, paris
from tests.web.browser import Browser
from tests.web.page import Page, faults
from tests.web.passages import booked_today

SHEET = "/accueil/feuille"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "feuilles"


def test_the_sheet_has_who_receives_who_is_expected_and_whom_to_phone(
    db: Db, agent: Browser
) -> None:
    booked_today(db, 10, 0, name="Amadou", language="ar")
    cancelled, _ = booked_today(db, 11, 0, name="Fatou")
    booking.cancel(db, cancelled.id, "visitor", "visitor", MONDAY)
    sheet = agent.get(SHEET).page.one(class_="sheet")
    dates, booked, hand = sheet.all("table")
    assert "Correspondant du Parquet" in dates.text
    assert "9:00 – 10:30, 13:30 – 17:30" in dates.text
    assert "Bureau 3" in dates.text
    assert "10:00" in booked.text
    assert "Amadou" in booked.text
    assert "العربية" in booked.text
    assert "Fatou" not in sheet.text
    assert "115" in sheet.text
    assert "01 45 60 59 44" in sheet.text.replace("\N{NO-BREAK SPACE}", " ")
    assert len(hand.all("tr")) > 20


def test_it_is_the_desk_s_and_the_house_s(admin: Browser, partner: Browser) -> None:
    assert admin.get(SHEET).status == 200
    assert partner.get(SHEET).status == 403


def test_the_file_is_made_and_its_owner_alone_reads_it(db: Db, app: Flask, folder: Path) -> None:
    booked_today(db, 10, 0, name="Amadou")
    day_sheet.writing(app)(db, MONDAY)
    files = sorted(folder.iterdir())
    desks = sorted(place.id for place in sites(db) if place.reception)
    assert [each.name for each in files] == [f"2026-11-23-{each}.html" for each in desks]
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert any("Amadou" in each.read_text() for each in files)


def test_the_file_needs_nothing_else_to_be_opened(db: Db, app: Flask, folder: Path) -> None:
    """No address, no script; the house's own style, which nothing in it can leave."""
    day_sheet.writing(app)(db, MONDAY)
    text = next(folder.iterdir()).read_text()
    page = Page(text)
    assert faults(page) == ["<style>"]
    assert [each for each in page.everything() if each.get("href") or each.get("src")] == []
    assert "@page sheet { size: A4" in text
    style = (Path(app.static_folder or "") / "css" / "day_sheet.css").read_text()
    assert set("<>&'\"").isdisjoint(style)


def test_yesterday_s_file_is_erased(db: Db, app: Flask, folder: Path) -> None:
    write = day_sheet.writing(app)
    write(db, MONDAY)
    write(db, paris(2026, 11, 24, 0, 10))
    assert {each.name[:10] for each in folder.iterdir()} == {"2026-11-24"}


def test_made_again_it_says_what_is_so_now(db: Db, app: Flask, folder: Path) -> None:
    write = day_sheet.writing(app)
    write(db, MONDAY)
    before = {each: each.read_text() for each in folder.iterdir()}
    booked_today(db, 10, 0, name="Amadou")
    write(db, MONDAY)
    after = {each: each.read_text() for each in folder.iterdir()}
    assert before.keys() == after.keys()
    assert before != after


def test_when_it_cannot_be_made_the_last_one_stays(db: Db, app: Flask, folder: Path) -> None:
    write = day_sheet.writing(app)
    write(db, MONDAY)
    before = {each: each.read_text() for each in folder.iterdir()}
    db.run("ALTER TABLE occurrence RENAME TO gone")
    with pytest.raises(Exception, match="occurrence"):
        write(db, MONDAY)
    assert {each: each.read_text() for each in folder.iterdir()} == before
