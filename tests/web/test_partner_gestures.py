"""A partner's own turns: why each is there, a person called before others, parked, handed on; and
nobody else's turn."""

import pytest

from accueil.reception import queue
from accueil.store.db import Db
from tests.personae import DESK, MISSION_LOCALE, PARQUET, turn_of
from tests.web.browser import Answer, Browser
from tests.web.conftest import Clock
from tests.web.page import Page
from tests.web.passages import booked_today, newest, turns, undo, undoing, wait
from tests.web.people import arrive


def called(db: Db, partner: Browser, service: str = PARQUET) -> queue.Entry:
    """Somebody whom the partner has called."""
    turn = turn_of(db, arrive(db, service_id=service))
    partner.post(f"/partenaire/passages/{turn.id}/appeler")
    return queue.entry(db, turn.id)


def rows(page: Page) -> list[str]:
    return [each.text for each in page.all("li", class_="chip")]


def panel(partner: Browser, turn: queue.Entry, tail: str = "") -> Page:
    return partner.get(f"/partenaire/passages/{turn.id}{tail}").page


def hand_on(partner: Browser, turn: queue.Entry, service: str, how: str = "now") -> Answer:
    page = panel(partner, turn, f"?comment={how}")
    return partner.press(page, f"/partenaire/passages/{turn.id}/confier", service=service)


def test_each_of_my_places_says_why(db: Db, other_partner: Browser) -> None:
    arrive(db, service_id=MISSION_LOCALE)
    assert rows(other_partner.get("/partenaire").page) == [
        "1 Sans rendez-vous, en file depuis 9:19."
    ]


def test_who_goes_first_and_why_says_no_more_than_that(
    db: Db, agent: Browser, partner: Browser
) -> None:
    """A card or a word in private: a partner cannot tell one from the other."""
    arrive(db, service_id=PARQUET)
    arrive(db, service_id=PARQUET, private=True)
    first = arrive(db, service_id=PARQUET)
    agent.post(f"/accueil/visites/{first.id}/passe-avant", {"given": "1"})
    found = rows(partner.get("/partenaire").page)
    assert [each.partition(" ")[0] for each in found] == ["2", "3", "1"]
    assert found[0].partition(" ")[2] == found[1].partition(" ")[2]
    html = partner.get("/partenaire").page.html
    for words in ("en privé", "Carte", "grossesse", "chip--private"):
        assert words not in html


def test_who_is_early_stands_apart_with_their_hour(
    db: Db, agent: Browser, other_partner: Browser, clock: Clock
) -> None:
    arrive(db, service_id=MISSION_LOCALE)
    held, _ = booked_today(db, 9, 30)
    agent.post("/accueil/arrivees", {"appointment": held.id})
    found = rows(other_partner.get("/partenaire").page)
    assert found[1] == "2 rendez-vous de 9:30"
    wait(clock, other_partner, 10)
    assert rows(other_partner.get("/partenaire").page)[0].startswith("2 A rendez-vous à 9:30")


def test_somebody_early_is_called_after_a_clear_word(
    db: Db, agent: Browser, other_partner: Browser, visitor: Browser
) -> None:
    arrive(db, service_id=MISSION_LOCALE)
    held, _ = booked_today(db, 9, 30)
    agent.post("/accueil/arrivees", {"appointment": held.id})
    [row] = db.all("SELECT id FROM queue_entry WHERE appointment_id IS NOT NULL")
    early = queue.entry(db, row["id"])
    page = panel(other_partner, early)
    assert "Son heure est 9:30" in page.one("aside").text
    assert "fait passer avant le 1" in page.one("aside").text
    other_partner.press(page, f"/partenaire/passages/{early.id}/appeler")
    assert queue.entry(db, early.id).state == "called"
    assert visitor.get("/ecran").page.one(class_="room").text == "Bureau 1"


def test_a_person_who_is_not_the_next_is_called_into_my_room(
    db: Db, partner: Browser, visitor: Browser
) -> None:
    first, second = (turn_of(db, arrive(db, service_id=PARQUET)) for _ in range(2))
    page = panel(partner, second)
    answer = partner.press(page, f"/partenaire/passages/{second.id}/appeler")
    assert answer.location == "/partenaire"
    assert visitor.get("/ecran").page.one(class_="number").text == "2"
    assert queue.entry(db, first.id).passed == 1


def test_while_i_have_called_somebody_i_call_nobody_else(db: Db, partner: Browser) -> None:
    called(db, partner)
    other = turn_of(db, arrive(db, service_id=PARQUET))
    assert partner.post(f"/partenaire/passages/{other.id}/appeler").status == 409


@pytest.mark.parametrize("how", ["now", "also", "then"])
def test_my_person_goes_on_to_another_partner_with_their_ticket(
    how: str, db: Db, partner: Browser, other_partner: Browser
) -> None:
    turn = called(db, partner)
    partner.post(f"/partenaire/passages/{turn.id}/receive")
    assert hand_on(partner, turn, MISSION_LOCALE, how).location == "/partenaire"
    assert "mise en file" in undoing(partner) or "changement de file" in undoing(partner)
    assert (queue.entry(db, turn.id).state == "done") is (how == "now")
    partner.post(f"/partenaire/passages/{turn.id}/finish")
    other_partner.post("/partenaire/appeler", {"room": "bearn-bureau-1"})
    [row] = db.all("SELECT number, state FROM queue_entry e JOIN visit v ON v.id = e.visit_id"
                   " WHERE e.service_id = :service", service=MISSION_LOCALE)  # fmt: skip
    assert (row["number"], row["state"]) == (turn.number, "called")


def test_my_person_goes_back_to_the_desk_and_that_is_taken_back(
    db: Db, partner: Browser, agent: Browser
) -> None:
    turn = called(db, partner)
    partner.post(f"/partenaire/passages/{turn.id}/receive")
    hand_on(partner, turn, DESK)
    assert agent.get("/accueil/jour").page.one("form", class_="foot")
    undo(partner)
    assert queue.entry(db, turn.id).state == "serving"
    assert agent.get("/accueil/jour").page.all("form", class_="foot") == []


@pytest.mark.parametrize("service", ["ecs-cramif", "ecs-clic6", "inconnu", "", PARQUET])
def test_nobody_is_handed_to_who_does_not_receive_here_today(
    service: str, db: Db, partner: Browser
) -> None:
    turn = called(db, partner)
    form = {"service": service, "how": "now"}
    answer = partner.post(f"/partenaire/passages/{turn.id}/confier", form)
    assert answer.status in (409, 422)
    assert queue.entry(db, turn.id).state == "called"


def test_my_person_is_parked_and_taken_up_again(db: Db, partner: Browser) -> None:
    turn = called(db, partner)
    page = panel(partner, turn, "?pause=1")
    address = f"/partenaire/passages/{turn.id}/pause"
    partner.press(page, address, fill={"reason": "paper"}, minutes="10")
    assert rows(partner.get("/partenaire").page) == ["1 revient à 9:30"]
    assert partner.get("/partenaire").page.all("section", class_="guest") == []
    partner.press(panel(partner, turn), f"/partenaire/passages/{turn.id}/resume")
    assert queue.entry(db, turn.id).hold is None


def test_somebody_who_did_not_come_is_taken_back_in_time(db: Db, partner: Browser) -> None:
    turn = called(db, partner)
    partner.post(f"/partenaire/passages/{turn.id}/absent")
    page = partner.get("/partenaire").page
    assert "gardée jusqu’à 9:30" in page.one(class_="answer--absent").text
    partner.press(page, f"/partenaire/passages/{turn.id}/back")
    assert queue.entry(db, turn.id).state == "waiting"
    assert partner.get("/partenaire").page.all(class_="answer--absent") == []


def test_a_turn_that_is_over_sends_back_to_my_page(db: Db, partner: Browser) -> None:
    turn = called(db, partner)
    partner.post(f"/partenaire/passages/{turn.id}/finish")
    assert partner.get(f"/partenaire/passages/{turn.id}").location == "/partenaire"


GESTURES = {
    "appeler": {"room": "bearn-bureau-1"},
    "pause": {"reason": "paper", "minutes": "10"},
    "confier": {"service": DESK, "how": "now"},
    "back": {},
    "resume": {},
}


@pytest.mark.parametrize("gesture", GESTURES)
def test_another_partner_s_turn_is_not_there(gesture: str, db: Db, other_partner: Browser) -> None:
    turn = turn_of(db, arrive(db, service_id=PARQUET))
    before = db.all("SELECT seq FROM journal")
    theirs = other_partner.post(f"/partenaire/passages/{turn.id}/{gesture}", GESTURES[gesture])
    nobodys = other_partner.post(f"/partenaire/passages/inconnu/{gesture}", GESTURES[gesture])
    assert (theirs.status, theirs.body) == (nobodys.status, nobodys.body)
    assert theirs.status == 404
    assert other_partner.get(f"/partenaire/passages/{turn.id}").status == 404
    assert db.all("SELECT seq FROM journal") == before


def test_of_a_person_i_receive_i_do_not_see_their_other_turns(
    db: Db, agent: Browser, partner: Browser
) -> None:
    visit = arrive(db, service_id=PARQUET)
    agent.post(f"/accueil/visites/{visit.id}/file", {"service": MISSION_LOCALE})
    turn = queue.entries(db, visit.id)[0]
    page = panel(partner, turn)
    alone = panel(partner, turn_of(db, arrive(db, service_id=PARQUET)))
    services = [
        {each["value"] for each in shown.all("button", name="service")} for shown in (page, alone)
    ]
    assert services[0] == services[1] >= {DESK, MISSION_LOCALE}  # what is left out would tell
    assert page.one("aside").text.count("Mission locale") == 1
    assert turns(db, visit)[1] == (MISSION_LOCALE, "waiting", None)
    assert newest(db, visit).number == visit.number


def test_the_numbers_of_other_lines_are_not_mine_to_see(db: Db, partner: Browser) -> None:
    for _ in range(7):
        arrive(db, service_id=MISSION_LOCALE)
    turn = turn_of(db, arrive(db, service_id=PARQUET))
    page = panel(partner, turn)
    assert "7 attend" not in page.one("aside").text
    assert "attend" not in page.one("button", name="service", value=MISSION_LOCALE).text
