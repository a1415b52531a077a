"""One line, and for each place why it is there: who is first, who is early, who is held."""

from accueil.reception import line, queue
from accueil.store.db import Db
from tests.personae import DESK, MISSION_LOCALE, turn_of
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.page import Page
from tests.web.passages import booked_today, chips, panel, wait
from tests.web.people import arrive


def said(agent: Browser) -> dict[str, str]:
    """What each chip of the day says besides its number, in the order of the line."""
    page = agent.get("/accueil/jour").page
    return {each.one("b").text: each.one("small").text for each in page.all("a", class_="chip")}


def why(page: Page) -> str:
    """The reason given in somebody's panel."""
    return page.one("aside").all("section", class_="answer")[0].one("p", class_="soft").text


def test_each_place_says_why_in_a_short_phrase(db: Db, agent: Browser) -> None:
    walked_in, first, asked = (arrive(db, service_id=DESK) for _ in range(3))
    agent.post(f"/accueil/visites/{first.id}/passe-avant", {"given": "1"})
    db.run("UPDATE visit SET private = 1 WHERE id = :id", id=asked.id)
    db.run("UPDATE queue_entry SET priority = 1 WHERE visit_id = :id", id=asked.id)
    assert said(agent) == {"3": "en privé", "2": "prioritaire", "1": "depuis 9:19"}
    assert walked_in.number == 1


def test_an_appointment_whose_hour_has_come_says_its_hour(
    db: Db, agent: Browser, clock: Clock
) -> None:
    arrive(db, service_id=MISSION_LOCALE)
    held, _ = booked_today(db, 9, 30)
    agent.post("/accueil/arrivees", {"appointment": held.id})
    assert said(agent) == {"1": "depuis 9:19", "2": "à 9:30"}
    wait(clock, agent, 10)
    assert said(agent) == {"2": "rdv de 9:30", "1": "depuis 9:19"}
    row = db.all("SELECT visit_id FROM queue_entry WHERE appointment_id IS NOT NULL")[0]
    page = agent.get(f"/accueil/visites/{row['visit_id']}").page
    assert why(page).startswith("1 sur 2.")
    assert "9:30" in why(page)


def test_whoever_was_passed_three_times_comes_before_all_others_and_it_is_said(
    db: Db, agent: Browser
) -> None:
    first = arrive(db, service_id=DESK)
    for _ in range(line.MOST_PASSED):
        other = turn_of(db, arrive(db, service_id=DESK))
        assert agent.post(f"/accueil/passages/{other.id}/appeler").status == 303
        agent.post(f"/accueil/passages/{other.id}/finish")
    private = arrive(db, service_id=DESK, private=True)
    assert said(agent) == {"1": "devancée 3 fois", "5": "en privé"}
    assert private.number == 5
    assert "3 fois" in why(panel(agent, first).page)


def test_nobody_is_passed_a_fourth_time_whoever_asks(
    db: Db, agent: Browser, partner: Browser
) -> None:
    """The button is not there, and a screen that still shows it changes nothing."""
    first = arrive(db, service_id=DESK)
    for _ in range(line.MOST_PASSED):
        other = turn_of(db, arrive(db, service_id=DESK))
        agent.post(f"/accueil/passages/{other.id}/appeler")
        agent.post(f"/accueil/passages/{other.id}/finish")
    last = arrive(db, service_id=DESK)
    page = panel(agent, last).page
    assert [form for form in page.forms if form["action"].endswith("/appeler")] == page.all(
        "form", class_="foot"
    )
    assert f"Le {first.number} a déjà été devancé 3 fois" in page.one("aside").text
    assert agent.post(f"/accueil/passages/{turn_of(db, last).id}/appeler").status == 409
    assert turn_of(db, first).passed == line.MOST_PASSED


def test_before_others_are_passed_it_is_said_whom(db: Db, agent: Browser) -> None:
    for _ in range(2):
        arrive(db, service_id=DESK)
    chosen = arrive(db, service_id=DESK)
    page = panel(agent, chosen).page
    assert "fait passer avant 2 personnes : 1, 2" in page.one("aside").text.replace(
        "\N{NARROW NO-BREAK SPACE}", " "
    )
    address = f"/accueil/passages/{turn_of(db, chosen).id}/appeler"
    button = next(form for form in page.one("aside").all("form") if form["action"] == address)
    assert button.text == "Appeler quand même"
    assert agent.press(page, address).status == 303


def test_the_first_is_called_without_a_word_even_when_they_came_after(
    db: Db, agent: Browser
) -> None:
    arrive(db, service_id=DESK)
    first = arrive(db, service_id=DESK)
    agent.post(f"/accueil/visites/{first.id}/passe-avant", {"given": "1"})
    page = panel(agent, first).page
    assert page.one("aside").all("p", class_="notice") == []
    assert "Appeler" in page.one("aside").text
    assert "quand même" not in page.one("aside").text


def test_who_is_early_or_held_stands_after_the_line(db: Db, agent: Browser) -> None:
    held, _ = booked_today(db, 11)
    agent.post("/accueil/arrivees", {"appointment": held.id})
    parked = turn_of(db, arrive(db, service_id=MISSION_LOCALE))
    form = {"reason": "paper", "minutes": "10"}
    agent.post(f"/accueil/passages/{parked.id}/pause", form)
    arrive(db, service_id=MISSION_LOCALE)
    assert chips(agent) == ["3", "1", "2"]
    assert said(agent)["1"] == "à 11:00"
    assert said(agent)["2"] == "revient à 9:30"
    assert queue.entry(db, parked.id).hold_reason == "paper"
