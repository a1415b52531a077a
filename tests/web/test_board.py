"""The board in the hall: a number and a room, seen and heard; never a name nor a service."""

from flask import Flask

from accueil.house import accounts
from accueil.house.services import organisations, services
from accueil.house.sites import rooms
from accueil.orientation.needs import NEEDS
from accueil.reception import calls, passages
from accueil.reception.calls import Host
from accueil.reception.change import undo, undoable
from accueil.store.db import Db, Store
from blueprints.words import offered as languages_offered
from blueprints.words import tag
from tests.personae import (
    BEARN,
    DESK,
    MISSION_LOCALE,
    MISSION_LOCALE_ROOM,
    PARQUET,
    PARQUET_ROOM,
    turn_of,
)
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.page import Page
from tests.web.people import arrive

VOICE = f"/ecran/voix/fr/1/{PARQUET_ROOM}.wav"
UNSAID = (
    "fr/1/inconnu",
    "fr/1/bearn-bureau-1",
    "xx/1/bearn-bureau-3",
    "FR/1/bearn-bureau-3",
    "fr/0/bearn-bureau-3",
    "fr/2/bearn-bureau-3",
    "fr/9999/bearn-bureau-3",
    "fr/10000/bearn-bureau-3",
    "fr/-1/bearn-bureau-3",
    "fr/x/bearn-bureau-3",
    "..%2f..%2f/1/bearn-bureau-3",
)


def called(page: Page) -> list[str]:
    """The numbers on the board, the last one first."""
    return [each.text for each in page.all("bdi")]


def call_next(partner: Browser, room: str = PARQUET_ROOM) -> None:
    """Call somebody, and say at once that they have come and gone."""
    partner.post("/partenaire/appeler", {"room": room})
    page = partner.get("/partenaire").page
    [form] = [each for each in page.forms if each["action"].endswith("/finish")]
    partner.post(form["action"])


def to_say(page: Page) -> list[list[str]]:
    """The sounds of each call that the board may say, the last one first."""
    return [each["data-sounds"].split() for each in page.all("i") if each.get("data-call")]


def test_before_the_first_call_the_board_says_what_it_is_for(visitor: Browser) -> None:
    page = visitor.get("/ecran").page
    assert page.one("section", class_="now").text
    assert page.all(class_="number") == []


def test_a_call_is_a_number_and_a_room(db: Db, partner: Browser, visitor: Browser) -> None:
    arrive(db, service_id=PARQUET)
    call_next(partner)
    now = visitor.get("/ecran").page.one("section", class_="now")
    assert (now.one(class_="number").text, now.one(class_="room").text) == ("1", "Bureau 3")
    assert now["aria-live"] == "assertive"


def test_the_last_five_stay_beside_the_one_of_now(
    db: Db, partner: Browser, visitor: Browser, clock: Clock
) -> None:
    for _ in range(8):
        arrive(db, service_id=PARQUET)
        clock.pass_by(seconds=20)
    for _ in range(8):
        call_next(partner)
        clock.pass_by(seconds=20)
    page = visitor.get("/ecran").page
    assert page.one(class_="number").text == "8"
    before = page.one("section", class_="before-now")
    assert [each.one("b").text for each in before.all("li")] == ["7", "6", "5", "4", "3"]


def test_the_part_that_changes_is_the_same_as_in_the_page(
    db: Db, partner: Browser, visitor: Browser
) -> None:
    arrive(db, service_id=PARQUET)
    call_next(partner)
    whole = visitor.get("/ecran").page
    part = visitor.get(whole.one(id="calls")["hx-get"]).page
    assert not part.whole
    assert part.one(id="calls").text == whole.one(id="calls").text


def test_a_call_that_was_taken_back_is_not_there_any_more(
    db: Db, partner: Browser, visitor: Browser
) -> None:
    arrive(db, service_id=PARQUET)
    partner.post("/partenaire/appeler", {"room": PARQUET_ROOM})
    [undo] = partner.get("/partenaire").page.all("form", class_="undo")
    partner.post(undo["action"])
    assert called(visitor.get("/ecran/bearn/appels").page) == []


def test_the_board_never_shows_a_name_nor_a_service_nor_a_need(
    db: Db, agent: Browser, partner: Browser, visitor: Browser
) -> None:
    for service, need in ((PARQUET, "droit"), (MISSION_LOCALE, "travail"), (DESK, "sante")):
        visit = arrive(db, service_id=service, need=need, alias="Zébulon", private=True)
        agent.post(f"/accueil/passages/{turn_of(db, visit).id}/appeler")
    assert len(calls.latest(db, BEARN, visit.arrived_at, 5)) == 3
    for path in ("/ecran", "/ecran/bearn", "/ecran/bearn/appels"):
        html = visitor.get(path).page.html
        names = {each.name for each in (*services(db), *organisations(db))}
        names -= {"Espace commun des solidarités"}  # the house's own name
        secrets = {"Zébulon", "Nadia", "Claire", visit.id, *(need.id for need in NEEDS)}
        secrets |= {service.id for service in services(db)}
        assert {each for each in names | secrets if each in html} == set()


def test_a_board_is_of_one_site(db: Db, partner: Browser, visitor: Browser) -> None:
    arrive(db, service_id=PARQUET)
    call_next(partner)
    assert called(visitor.get("/ecran/mandela/appels").page) == []
    assert visitor.get("/ecran/ailleurs").status == 404
    assert visitor.get("/ecran/ailleurs/appels").status == 404


def test_a_call_is_heard_in_the_house_s_languages(
    db: Db, partner: Browser, visitor: Browser
) -> None:
    arrive(db, service_id=PARQUET)
    partner.post("/partenaire/appeler", {"room": PARQUET_ROOM})
    [sounds] = to_say(visitor.get("/ecran").page)
    assert [each.split("/")[3] for each in sounds] == ["fr", "en"]
    for each in sounds:
        sound = visitor.get(each)
        assert sound.response.mimetype == "audio/wav"
        assert sound.body[:4] == b"RIFF"
        assert len(sound.body) > 10_000


def test_only_who_is_still_awaited_is_called_aloud(
    db: Db, partner: Browser, visitor: Browser
) -> None:
    arrive(db, service_id=PARQUET)
    call_next(partner)
    page = visitor.get("/ecran").page
    assert page.one(class_="number").text == "1"
    assert to_say(page) == []


def test_many_calls_at_once_are_all_to_be_said(
    db: Db, partner: Browser, visitor: Browser, clock: Clock
) -> None:
    """More of them than the board shows."""
    host = accounts.accounts(db)[0].id
    for room in rooms(db, BEARN):
        visit = arrive(db, service_id=PARQUET)
        calls.call(db, turn_of(db, visit).id, Host(host, room.id), clock())
    assert len(to_say(visitor.get("/ecran").page)) == len(rooms(db, BEARN)) == 8


def test_whoever_is_still_awaited_stays_before_the_eyes(
    db: Db, partner: Browser, other_partner: Browser, visitor: Browser, clock: Clock
) -> None:
    """A person called since, who has come and gone, does not hide them."""
    arrive(db, service_id=MISSION_LOCALE)
    other_partner.post("/partenaire/appeler", {"room": MISSION_LOCALE_ROOM})
    clock.pass_by(seconds=10)
    arrive(db, service_id=PARQUET)
    call_next(partner)
    clock.pass_by(minutes=2)
    page = visitor.get("/ecran").page
    assert page.one(class_="number").text == "1"
    assert [each.one("b").text for each in page.one(class_="before-now").all("li")] == ["2"]


def test_a_sentence_is_spoken_once_and_kept(
    app: Flask, db: Db, partner: Browser, visitor: Browser
) -> None:
    arrive(db, service_id=PARQUET)
    call_next(partner)
    first = visitor.get(VOICE).body
    [file] = app.extensions["house"].voices.iterdir()
    made = file.stat().st_mtime_ns
    assert visitor.get(VOICE).body == first == file.read_bytes()
    assert file.stat().st_mtime_ns == made
    assert len(list(app.extensions["house"].voices.iterdir())) == 1


def test_nothing_is_said_but_a_number_that_was_called_and_its_room(
    app: Flask, db: Db, partner: Browser, visitor: Browser
) -> None:
    arrive(db, service_id=PARQUET)
    call_next(partner)
    for path in UNSAID:
        assert visitor.get(f"/ecran/voix/{path}.wav").status == 404, path
    assert not app.extensions["house"].voices.exists()


def test_an_empty_board_speaks_every_language_that_the_house_offers(
    app: Flask, visitor: Browser
) -> None:
    """A few at a time, so that each is read from afar."""
    words = visitor.get("/ecran").page.one("p", class_="quiet")
    groups = words.all(class_="told")
    told = [each for group in groups for each in group.all("span") if each.get("lang")]
    with app.test_request_context():
        offered = {tag(code) for code in languages_offered()}
    assert len(told) == len({each["lang"] for each in told}) == len(offered)
    assert {each["lang"] for each in told} == offered
    assert len({each.text for each in told}) == len(offered)
    assert max(len(group.all("span")) for group in groups) <= 5
    assert len([group for group in groups if group.get("hidden") is None]) == 1


def test_whoever_was_received_before_the_last_call_does_not_come_back_to_the_board(
    db: Db, partner: Browser, visitor: Browser
) -> None:
    first, last = (arrive(db, service_id=PARQUET) for _ in range(2))
    host = Host(db.all("SELECT id FROM account")[0]["id"], PARQUET_ROOM)
    for visit in (first, last):
        calls.call(db, turn_of(db, visit).id, host, visit.arrived_at)
        if visit is first:
            calls.finish(db, turn_of(db, visit).id, host.account_id, visit.arrived_at)
    passages.hand_over(db, turn_of(db, last).id, DESK, host.account_id, last.arrived_at)
    assert visitor.get("/ecran").page.all(class_="number") == []


def test_boards_that_look_in_the_same_second_see_every_call_and_its_undo(
    app: Flask, db: Db, visitor: Browser
) -> None:
    """Their answer is made once for all: anew at each change, also another process's."""
    claire = next(each.id for each in accounts.accounts(db) if each.login == "claire")
    turns = [turn_of(db, arrive(db, service_id=PARQUET)) for _ in range(2)]
    house = app.extensions["house"]
    address, at = f"/ecran/{BEARN}/appels", house.clock()
    elsewhere = Store(house.store.path, house.store.key)
    assert visitor.get(address).page.html == visitor.get(address).page.html
    with elsewhere.connection() as other:
        calls.call(other, turns[0].id, Host(claire, PARQUET_ROOM), at)
        assert called(visitor.get(address).page) == ["1"]
        last = undoable(other, claire, at)
        assert last
        undo(other, last.seq, claire, at)
        assert called(visitor.get(address).page) == []
    calls.call(db, turns[1].id, Host(claire, PARQUET_ROOM), at)
    assert called(visitor.get(address).page) == ["2"]
    elsewhere.close()
