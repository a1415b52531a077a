"""Several boards: each shows, and says, the calls into its own rooms."""

from flask import Flask

from accueil.house import accounts, devices
from accueil.house.devices import Settings
from accueil.reception import calls
from accueil.reception.calls import Host
from accueil.store.db import Db
from tests.personae import (
    DESK_ROOM,
    MISSION_LOCALE,
    MISSION_LOCALE_ROOM,
    MONDAY,
    PARQUET,
    PARQUET_ROOM,
    turn_of,
)
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.page import Page
from tests.web.people import arrive
from tests.web.screens import enrolled

PART = "/ecran/bearn/appels"


def call(db: Db, clock: Clock, room: str, service: str = PARQUET) -> int:
    """Somebody is called into a room; their number."""
    clock.pass_by(seconds=1)
    visit = arrive(db, service_id=service, at=clock())
    host = accounts.accounts(db)[0].id
    calls.call(db, turn_of(db, visit).id, Host(host, room), clock())
    return visit.number


def numbers(page: Page) -> list[int]:
    """Every number on the board, the one of now first."""
    shown = [*page.all(class_="number"), *page.all("b")]
    return [int(each.text) for each in shown]


def said(page: Page) -> int:
    """How many calls it may say."""
    return len([each for each in page.all("i") if each.get("data-call")])


def test_each_board_shows_its_own_rooms(app: Flask, db: Db, clock: Clock) -> None:
    left = enrolled(app, db, "board", PARQUET_ROOM)
    right = enrolled(app, db, "board", MISSION_LOCALE_ROOM, DESK_ROOM)
    everywhere = enrolled(app, db, "board")
    parquet = call(db, clock, PARQUET_ROOM)
    mission = call(db, clock, MISSION_LOCALE_ROOM, MISSION_LOCALE)
    for path in ("/ecran", "/ecran/bearn", PART):
        assert numbers(left.get(path).page) == [parquet]
        assert numbers(right.get(path).page) == [mission]
        assert numbers(everywhere.get(path).page) == [mission, parquet]
        assert said(left.get(path).page) == said(right.get(path).page) == 1


def test_a_room_s_last_calls_are_found_behind_those_of_the_others(
    app: Flask, db: Db, clock: Clock
) -> None:
    board = enrolled(app, db, "board", PARQUET_ROOM)
    early = call(db, clock, PARQUET_ROOM)
    host = accounts.accounts(db)[0].id
    for _ in range(50):
        number = call(db, clock, MISSION_LOCALE_ROOM, MISSION_LOCALE)
        turn = db.one("SELECT id FROM queue_entry WHERE state = 'called' AND room_id = :room",
                      room=MISSION_LOCALE_ROOM)  # fmt: skip
        assert turn is not None
        assert number > early
        calls.finish(db, turn["id"], host, clock())
    assert numbers(board.get(PART).page) == [early]


def test_a_board_without_a_voice_shows_and_is_silent(app: Flask, db: Db, clock: Clock) -> None:
    silent = enrolled(app, db, "board", voice=False)
    number = call(db, clock, PARQUET_ROOM)
    page = silent.get("/ecran").page
    assert (numbers(page), said(page)) == ([number], 0)


def test_an_admin_changes_the_rooms_of_a_board_that_hangs_there(
    app: Flask, db: Db, admin: Browser, clock: Clock
) -> None:
    board = enrolled(app, db, "board", PARQUET_ROOM)
    call(db, clock, PARQUET_ROOM)
    mission = call(db, clock, MISSION_LOCALE_ROOM, MISSION_LOCALE)
    [found] = devices.devices(db)
    data = {"name": "Salle", "rooms": MISSION_LOCALE_ROOM, "voice": "1"}
    assert admin.post(f"/admin/ecrans/{found.id}", data).status == 303
    assert numbers(board.get(PART).page) == [mission]


def test_a_preview_at_work_shows_every_room(
    app: Flask, db: Db, agent: Browser, clock: Clock
) -> None:
    enrolled(app, db, "board", PARQUET_ROOM)
    mission = call(db, clock, MISSION_LOCALE_ROOM, MISSION_LOCALE)
    assert numbers(agent.get("/ecran").page) == [mission]


def test_rooms_that_closed_leave_a_board_as_it_is(app: Flask, db: Db, clock: Clock) -> None:
    board = enrolled(app, db, "board", PARQUET_ROOM)
    db.run("UPDATE room SET retired = 1 WHERE id = :id", id=PARQUET_ROOM)
    call(db, clock, MISSION_LOCALE_ROOM, MISSION_LOCALE)
    assert numbers(board.get(PART).page) == []
    [found] = devices.devices(db)
    devices.change(db, found.id, Settings("Salle"), "an admin", MONDAY)
    assert len(numbers(board.get(PART).page)) == 1
