"""Between the need and the answer: the fewest questions, each of which may be left unsaid."""

import pytest

from accueil.orientation.facts import FACTS
from accueil.orientation.needs import NEEDS
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.web.browser import Browser
from tests.web.kiosk import (
    ANSWERS,
    HOME,
    TICKET,
    answers,
    asked,
    card,
    cards,
    is_fact,
    need,
    say,
    turn_to,
)
from tests.web.page import Page

SECRETS = ("femme", "violence", "errance", "santé :", "isolement")
SAID = {"language": "fr", "fact-household": "isole", "fact-age": "19"}


def carried(page: Page) -> set[tuple[str, str]]:
    """Every fact that a form of a screen sends besides its button."""
    found = [each for each in page.all("input") if is_fact(each.get("name"))]
    return {(each["name"], each["value"]) for each in found}


def every_page(kiosk: Browser, page: Page) -> list[Page]:
    """A screen and all those that its tiles lead to, each answer touched once."""
    if not asked(page):
        return [page]
    tiles = [each["value"] for each in page.all("button", name=f"fact-{asked(page)}")]
    return [page, *(each for tile in tiles for each in every_page(kiosk, say(kiosk, page, tile)))]


def test_a_need_that_everybody_may_bring_asks_nothing(visitor: Browser) -> None:
    for tile in ("droit", "enfants"):
        assert asked(need(visitor, tile)) is None


def test_a_question_has_large_answers_with_pictures_and_ways_out(visitor: Browser) -> None:
    page = need(visitor, "travail")
    assert page.one("h1").text.replace("\N{NARROW NO-BREAK SPACE}", " ").endswith(" ?")
    tiles = page.all("button", name=f"fact-{asked(page)}")
    assert len(tiles) > 2
    assert all(each.all("svg") and each.text for each in tiles)
    assert tiles[-1]["value"] == "", "I would rather not say"
    assert page.form(ANSWERS, enough="1")
    assert page.form(TICKET, private="1")


@pytest.mark.parametrize("tile", [each.id for each in NEEDS])
def test_what_is_sensitive_is_never_asked_nor_shown(tile: str, visitor: Browser) -> None:
    """Whatever is touched, three questions at most, that anybody may be asked."""
    for page in every_page(visitor, need(visitor, tile)):
        assert len({name for name, _ in carried(page)}) <= 3
        fact = asked(page)
        if fact:
            assert FACTS[fact].asked_by == "anyone"
        for each in page.all("ul", class_="reasons"):
            assert not [word for word in SECRETS if word in each.text.lower()], each.text
        assert "Séraphine" not in page.html, "a project that is not open yet"


def test_what_one_would_rather_not_say_is_not_asked_again(visitor: Browser) -> None:
    page = need(visitor, "logement")
    seen = []
    while asked(page):
        seen.append(asked(page))
        page = say(visitor, page, "")
    assert len(set(seen)) == len(seen) <= 3
    assert len(page.all("li", class_="card")) > 2


def test_the_answers_can_be_seen_at_once(visitor: Browser) -> None:
    page = visitor.press(need(visitor, "seniors"), ANSWERS, enough="1").page
    assert "à vérifier" in card(page, "Clic6").one("ul", class_="reasons").text


def test_an_answer_settles_what_it_can(visitor: Browser) -> None:
    page = say(visitor, need(visitor, "seniors"), "61")
    assert asked(page) is None
    reasons = card(page, "Clic6").all("li", class_="reason")
    assert [each.text.replace("\N{NARROW NO-BREAK SPACE}", " ") for each in reasons] == [
        "Plus de 60 ans : oui"
    ]
    assert reasons[0].all("svg"), "never a colour alone"


def test_what_fits_best_is_among_what_is_shown_elsewhere(visitor: Browser) -> None:
    page = visitor.post(ANSWERS, {**SAID, "need": "logement", "enough": "1"}).page
    young = card(page, "Dispositif des Coteaux")
    assert "De 18 à 20 ans" in young.text
    assert "10 places" in young.text
    assert len(page.all("li", class_="card--elsewhere")) == 4
    assert "autres adresses" in page.one("main").text


def test_a_family_is_told_what_is_for_families(visitor: Browser) -> None:
    said = {"fact-household": "couple-avec-enfants", "enough": "1"}
    page = visitor.post(ANSWERS, {**said, "need": "logement"}).page
    assert "Famille avec enfants" in card(page, "ALTHO").text
    assert "Maison relais" not in cards(page)


def test_back_is_the_question_before_with_what_was_said_until_then(visitor: Browser) -> None:
    first = need(visitor, "logement")
    second = say(visitor, first, "isole")
    assert (asked(first), asked(second)) == ("household", "age")
    results = say(visitor, second, "19")
    assert asked(visitor.press(results, ANSWERS).page) == "age"
    again = visitor.press(second, ANSWERS).page
    assert (asked(again), carried(again)) == ("household", set())
    assert visitor.press(first, HOME, language="fr").page.form(ANSWERS, need="droit")


def test_back_from_answers_seen_at_once_is_the_question_that_was_left(visitor: Browser) -> None:
    page = visitor.press(need(visitor, "logement"), ANSWERS, enough="1").page
    assert asked(visitor.press(page, ANSWERS).page) == "household"


@pytest.mark.parametrize("value", ["monoparentale", ""])
def test_another_language_keeps_what_was_said(value: str, visitor: Browser) -> None:
    second = say(visitor, need(visitor, "logement"), value)
    turned = turn_to(visitor, second, ANSWERS, "ar").page
    assert (asked(turned), carried(turned)) == (asked(second), {("fact-household", value)})
    results = visitor.press(second, ANSWERS, enough="1").page
    again = turn_to(visitor, results, ANSWERS, "en").page
    assert asked(again) is None
    assert cards(again) == cards(results)


def test_nothing_said_follows_to_the_ticket_nor_stays(db: Db, visitor: Browser) -> None:
    before = db.all("SELECT seq FROM journal")
    page = say(visitor, say(visitor, need(visitor, "logement"), "isole"), "19")
    for form in page.forms:
        if form["action"] != ANSWERS:
            booking = form["action"].endswith("/creneaux")
            assert booking or not [each for each in form.all("input") if is_fact(each["name"])]
    assert db.all("SELECT seq FROM journal") == before
    assert not [address for address in visitor.been if "fact" in address or "isole" in address]
    ticket = visitor.press(page, TICKET).page
    assert carried(ticket) == set()
    told = "".join(str(dict(row)) for row in db.all("SELECT * FROM journal"))
    assert "isole" not in told


@pytest.mark.parametrize(
    "bad",
    [
        *({"fact-age": each} for each in ("-3", "200", "abc", "19.5", "1e3", "x" * 5_000)),
        {"fact-unknown": "1"},
        {"fact-gender": "femme"},
        {"fact-commune": "Nulle-Part-sur-Rien"},
        {"fact-age": "12", "fact-employment": "demandeur-emploi"},
    ],
    ids=str,
)
def test_what_cannot_be_is_said_so_and_the_rest_is_kept(
    bad: dict[str, str], visitor: Browser
) -> None:
    answer = visitor.post(ANSWERS, {"need": "logement", "fact-household": "isole", **bad})
    assert answer.status == 422
    assert answer.page.one("p", role="alert").text
    kept = carried(answer.page)
    assert ("fact-household", "isole") in kept
    assert ("fact-gender", "femme") not in kept
    assert asked(answer.page) is None or asked(answer.page) != "household"


def test_of_two_answers_that_cannot_both_be_the_first_is_kept(visitor: Browser) -> None:
    said = {"need": "logement", "fact-age": "12", "fact-household": "monoparentale"}
    answer = visitor.post(ANSWERS, said)
    assert answer.status == 422
    assert ("fact-age", "12") in carried(answer.page)
    assert asked(answer.page) == "household"


def test_where_nobody_fits_doors_stay_open_and_the_nearest_are_told(visitor: Browser) -> None:
    page = visitor.post(ANSWERS, {"need": "seniors", "fact-age": "30", "fact-relation": "-"}).page
    missed = card(page, "Clic6").one("ul", class_="reasons")
    assert "Plus de 60 ans" in missed.text
    assert missed.one("li", class_="reason--no").text.endswith("non")
    assert "115" in page.one("main").text
    assert "CCAS" in page.one("main").text
    assert page.form(TICKET)


def test_a_slot_that_is_chosen_leads_back_to_the_same_answers(visitor: Browser) -> None:
    page = visitor.post(ANSWERS, {**SAID, "need": "logement", "enough": "1"}).page
    [form] = [each for each in page.forms if each["action"].endswith("/creneaux")]
    service = form.one("button")["value"]
    slots = visitor.press(page, form["action"], service=service).page
    booking = next(each for each in slots.forms if each["action"].endswith("/reserver"))
    assert not [each for each in booking.all("input") if is_fact(each["name"])]
    assert cards(visitor.press(slots, ANSWERS).page) == cards(page)


def test_a_service_that_closed_meanwhile_shows_the_answers_and_no_question(
    visitor: Browser,
) -> None:
    visitor.get(HOME)
    form = {"need": "travail", "service": "ecs-cramif", "code": new_code()}
    answer = visitor.post(TICKET, form)
    assert answer.status == 409
    assert asked(answer.page) is None
    assert answers(visitor, "travail").all("li", class_="card")
