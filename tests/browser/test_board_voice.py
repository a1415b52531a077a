"""The board's voice: each call chimed and spoken twice, never two at once, whatever happens."""

import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from accueil.house import accounts
from accueil.reception import calls, change, queue, visits
from accueil.reception.calls import Host
from accueil.store.codes import new_code
from accueil.store.db import Db
from app import create_app
from tests.browser.conftest import BOARD, Screens, Server, wait_until

FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
ROOMS = [f"bearn-bureau-{number}" for number in range(1, 7)]
ROOMS += ["bearn-accueil", "bearn-salle-reunion"]
CALL = ["chime", "fr", "en", "fr", "en"]
# In place of the browser's own: it notes when each sound begins and ends, and lasts as long as it
# is told to.
AUDIO = """
window.heard = [];
window.lasts = 60;
window.Audio = class extends EventTarget {
  constructor(source) {
    super();
    this.noted = { sound: source };
  }
  async play() {
    this.noted.began = performance.now();
    heard.push(this.noted);
    setTimeout(() => {
      this.noted.ended = performance.now();
      this.dispatchEvent(new Event("ended"));
    }, lasts);
  }
  pause() {}
};
"""


@dataclass
class Board:
    """A board in the hall, and what is heard of it."""

    page: Page

    def lasts(self, ms: int) -> None:
        """From here on, a sound lasts so long."""
        self.page.evaluate(f"lasts = {ms}")

    def sounds(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate("heard")
        return found

    def said(self) -> list[int]:
        """The numbers that were said to the end, in order, each once a call."""
        spoken = [_said(each["sound"]) for each in self.sounds() if each.get("ended")]
        whole = [spoken[at : at + len(CALL)] for at in range(0, len(spoken), len(CALL))]
        assert [how for _, how in spoken] == [how for _ in whole for how in CALL][: len(spoken)]
        return [call[1][0] for call in whole if len(call) == len(CALL)]

    def speaks(self) -> bool:
        return any(not each.get("ended") for each in self.sounds())

    def overlaps(self) -> list[str]:
        """What began before the sound before it had ended."""
        found = self.sounds()
        return [
            each["sound"]
            for before, each in pairwise(found)
            if not before.get("ended") or each["began"] < before["ended"]
        ]


def _said(source: str) -> tuple[int, str]:
    """The number that a sound says, and in which language; 0 for the chime."""
    if "chime" in source:
        return 0, "chime"
    language, number = source.split("/")[3:5]
    return int(number), language


@dataclass
class House:
    """The staff of a running house: they call, recall, receive and undo."""

    server: Server
    db: Db
    noon: datetime | None = None
    since: float = 0
    turns: dict[int, str] = field(default_factory=dict)

    def now(self) -> datetime:
        """What the server's clock shows."""
        assert self.noon is not None
        return self.noon + timedelta(seconds=time.monotonic() - self.since)

    def arrive(self) -> int:
        """Somebody takes a ticket at the kiosk; their number."""
        code = new_code()
        form = urlencode({"language": "fr", "need": "droit", "code": code}).encode()
        address = f"{self.server.url}/borne/bearn/ticket"
        urllib.request.urlopen(urllib.request.Request(address, form, FROM_HERE), timeout=30).close()
        [row] = self.db.all("SELECT id, arrived_at FROM visit ORDER BY number DESC LIMIT 1")
        self.noon, self.since = datetime.fromisoformat(row["arrived_at"]), time.monotonic()
        visit = visits.visit(self.db, row["id"])
        self.turns[visit.number] = queue.entries(self.db, visit.id)[-1].id
        return visit.number

    def call_at_once(self, numbers: list[int], rooms: list[str] = ROOMS) -> None:
        """Each into a room of their own, in one instant."""
        host, at = self.host(), self.now()
        for number, room in zip(numbers, rooms, strict=False):
            at += timedelta(microseconds=1)
            calls.call(self.db, self.turns[number], Host(host, room), at)

    def recall(self, number: int) -> None:
        calls.recall(self.db, self.turns[number], self.host(), self.now())

    def receive(self, number: int) -> None:
        calls.receive(self.db, self.turns[number], self.host(), self.now())

    def undo(self) -> None:
        last = change.undoable(self.db, self.host(), self.now())
        assert last is not None
        change.undo(self.db, last.seq, self.host(), self.now())

    def finish(self) -> None:
        for turn in self.turns.values():
            if queue.entry(self.db, turn).state in ("called", "serving"):
                calls.finish(self.db, turn, self.host(), self.now())

    def host(self) -> str:
        return accounts.accounts(self.db)[0].id


@pytest.fixture
def house(server: Server) -> Iterator[House]:
    store = create_app(server.folder).extensions["house"].store
    with store.connection() as db:
        staff = House(server, db)
        yield staff
        staff.finish()
    store.close()


@pytest.fixture
def board(screens: Screens) -> Board:
    page = screens.open("/connexion", BOARD)
    page.add_init_script(AUDIO)
    page.goto("/ecran")
    return Board(page)


def test_many_calls_at_once_are_said_one_after_the_other(house: House, board: Board) -> None:
    """More of them than the board shows; in the order of the calls; each twice."""
    numbers = [house.arrive() for _ in ROOMS]
    house.call_at_once(numbers)
    wait_until(board.page, lambda: board.said() == numbers)
    assert board.overlaps() == []
    board.page.wait_for_timeout(500)
    assert board.said() == numbers


def test_the_number_that_is_being_said_is_the_one_that_shows(house: House, board: Board) -> None:
    board.lasts(1_500)
    first, second = house.arrive(), house.arrive()
    house.call_at_once([first, second])
    expect(board.page.locator(".before-now .said b")).to_have_text(str(first))
    expect(board.page.locator(".now .said")).to_have_text(str(second))


def test_a_recall_is_said_once_more_after_those_that_wait(house: House, board: Board) -> None:
    board.lasts(800)
    first, second = house.arrive(), house.arrive()
    house.call_at_once([first, second])
    wait_until(board.page, lambda: board.said() == [first])
    house.recall(first)
    board.lasts(50)
    wait_until(board.page, lambda: board.said() == [first, second, first])
    assert board.overlaps() == []


def test_who_came_in_or_was_called_by_mistake_is_not_said_any_more(
    house: House, board: Board
) -> None:
    board.lasts(1_500)
    first, came, mistake, last = (house.arrive() for _ in range(4))
    house.call_at_once([first, came, last, mistake])
    wait_until(board.page, board.speaks)
    house.undo()
    house.receive(came)
    expect(board.page.locator("[data-call]")).to_have_count(2)
    board.lasts(50)
    wait_until(board.page, lambda: board.said() == [first, last])
    board.page.wait_for_timeout(500)
    assert board.said() == [first, last]
    assert str(mistake) not in board.page.locator("#calls b, #calls .number").all_inner_texts()


def test_the_server_is_restarted_under_the_board(
    house: House, board: Board, server: Server, screens: Screens
) -> None:
    """What waits to be said waits for the server too; nothing is said over again."""
    board.lasts(800)
    numbers = [house.arrive() for _ in range(4)]
    house.call_at_once(numbers[:3])
    wait_until(board.page, board.speaks)
    server.stop()
    expect(board.page.locator("#stale")).to_be_visible(timeout=20_000)
    assert len(board.said()) < 3
    board.lasts(50)
    server.start()
    expect(board.page.locator("#stale")).to_be_hidden(timeout=30_000)
    wait_until(board.page, lambda: board.said() == numbers[:3])
    after = house.arrive()
    house.call_at_once([after], ROOMS[4:])
    wait_until(board.page, lambda: board.said() == [*numbers[:3], after])
    assert board.overlaps() == []
    screens.complaints.clear()  # the browser's own words about the lost connection
