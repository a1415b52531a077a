"""I have an appointment, at the kiosk: whenever and wherever it is, there is an answer."""

from accueil.planning import booking
from accueil.reception import calls
from accueil.reception.calls import Host
from accueil.store.codes import LETTERS
from accueil.store.db import Db
from tests.personae import DESK, MISSION_LOCALE, MISSION_LOCALE_ROOM
from tests.web.browser import Browser
from tests.web.check_in import address, book, heading, scan, today, turn_of, visits_of, words
from tests.web.conftest import Clock
from tests.web.kiosk import (
    APPOINTMENT,
    ARRIVE,
    HOME,
    TICKET,
    arrival,
    code,
    number,
    start,
    take,
)
from tests.web.people import arrive

CLIC, WRITER = "ecs-clic6", "ecs-nouvelles-voies"


def test_the_first_screen_leads_to_a_scanner_and_a_keypad(visitor: Browser) -> None:
    page = visitor.press(start(visitor), ARRIVE, language="fr").page
    assert page.one("input", class_="keypad-field").get("autofocus") is not None
    assert [each["value"] for each in page.all("button", name="letter")] == list(LETTERS)


def test_without_one_s_code_one_says_with_whom(visitor: Browser) -> None:
    page = visitor.press(arrival(visitor), APPOINTMENT).page
    assert visitor.press(page, TICKET, service=MISSION_LOCALE).status == 200


def test_only_this_page_may_ask_for_a_camera(visitor: Browser) -> None:
    allowed = {
        path: visitor.get(path).headers["Permissions-Policy"].partition(",")[0]
        for path in (ARRIVE, HOME, "/ecran", "/connexion")
    }
    assert allowed.pop(ARRIVE) == "camera=(self)"
    assert set(allowed.values()) == {"camera=()"}


def test_in_time(db: Db, visitor: Browser) -> None:
    mine, held = book(db, today(9, 30))
    arrive(db, service_id=MISSION_LOCALE)
    page = scan(visitor, address(mine)).page
    assert heading(page) == "Votre numéro"
    assert number(page) == 2
    assert "Bureau 1" in words(page)
    assert "Attendez ici" in words(page)
    assert turn_of(db, held).due_at == held.starts_at


def test_early(db: Db, visitor: Browser) -> None:
    mine, _ = book(db, today(11))
    page = scan(visitor, address(mine)).page
    assert heading(page) == "Vous êtes en avance"
    assert "Votre rendez-vous est à 11:00." in words(page)
    assert "Revenez à 11:00." in words(page)
    assert "avant vous" not in words(page)


def test_late(db: Db, visitor: Browser, clock: Clock) -> None:
    mine, held = book(db, today(9, 30))
    clock.set(today(9, 41))
    page = scan(visitor, address(mine)).page
    assert "votre place est avec les personnes qui attendent" in words(page)
    assert turn_of(db, held).due_at is None


def test_when_the_permanence_is_over_the_desk_receives(
    db: Db, visitor: Browser, clock: Clock
) -> None:
    mine, held = book(db, today(11, 30))
    clock.set(today(12, 31))
    page = scan(visitor, address(mine)).page
    assert "l’accueil vous reçoit" in words(page)
    assert "Bureau 1" not in words(page)
    assert turn_of(db, held).service_id == DESK


def test_already_in(db: Db, visitor: Browser, clock: Clock) -> None:
    mine, _ = book(db, today(9, 30))
    first = number(scan(visitor, address(mine)).page)
    clock.pass_by(minutes=5)
    page = scan(visitor, address(mine)).page
    assert number(page) == first
    assert "Vous êtes le prochain numéro" in words(page)
    assert visits_of(db) == 1


def test_called_while_they_looked_for_the_kiosk(
    db: Db, visitor: Browser, other_partner: Browser, clock: Clock
) -> None:
    mine, _ = book(db, today(9, 30))
    scan(visitor, address(mine))
    clock.set(today(9, 31))
    other_partner.press(other_partner.get("/partenaire").page, "/partenaire/appeler")
    page = scan(visitor, address(mine)).page
    assert heading(page) == "C’est votre tour"
    assert "Bureau 1" in words(page)


def test_received_already(db: Db, visitor: Browser, clock: Clock) -> None:
    mine, held = book(db, today(9, 30))
    scan(visitor, address(mine))
    turn = turn_of(db, held).id
    karim = db.all("SELECT id FROM account WHERE login = 'karim'")[0]["id"]
    calls.call(db, turn, Host(karim, MISSION_LOCALE_ROOM), today(9, 30))
    calls.finish(db, turn, karim, today(9, 50))
    page = scan(visitor, address(mine)).page
    assert "terminée" in words(page)
    assert visitor.press(page, TICKET).status == 200, "the desk, if there is something else"


def test_on_another_day(db: Db, visitor: Browser) -> None:
    mine, _ = book(db, today(15).replace(day=26), WRITER)
    page = scan(visitor, address(mine)).page
    assert heading(page) == "Ce n’est pas aujourd’hui"
    assert "jeudi 26 novembre" in words(page)
    assert visits_of(db) == 0
    assert number(visitor.press(page, TICKET).page) == 1, "the desk, today"


def test_at_another_address(db: Db, visitor: Browser) -> None:
    mine, _ = book(db, today(10), CLIC)
    page = scan(visitor, address(mine)).page
    assert heading(page) == "Ce n’est pas ici"
    assert "4 place Nelson Mandela" in words(page)
    assert visits_of(db) == 0


def test_cancelled(db: Db, visitor: Browser) -> None:
    mine, held = book(db, today(10))
    booking.cancel(db, held.id, "house", "an agent", today(9))
    page = scan(visitor, address(mine)).page
    assert heading(page) == "Ce rendez-vous est annulé"
    assert [each.text for each in page.one("footer").all("button")][:2] == [
        "Prendre une autre date",
        "Un ticket pour l’accueil",
    ]


def test_no_answer_names_the_person_or_the_service(db: Db, visitor: Browser, clock: Clock) -> None:
    mine, _ = book(db, today(9, 30), name="Moussa")
    other, _ = book(db, today(15).replace(day=26), WRITER, name="Moussa")
    away, _ = book(db, today(10), CLIC, name="Moussa")
    for each in (mine, mine, other, away):
        html = scan(visitor, address(each)).page.html
        assert not [
            said for said in ("Moussa", "Mission", "Écrivain", "Clic", "Nouvelles") if said in html
        ]


def test_every_answer_leads_to_somebody_in_private(db: Db, visitor: Browser) -> None:
    mine, _ = book(db, today(9, 30))
    other, _ = book(db, today(15).replace(day=26), WRITER)
    for typed in (mine, other, "nothing"):
        page = scan(visitor, typed).page
        assert "Parler à quelqu’un, en privé" in page.one("footer").text


def test_asking_in_private_keeps_the_number(db: Db, visitor: Browser) -> None:
    mine, _ = book(db, today(9, 30))
    page = scan(visitor, mine[:10]).page
    private = visitor.press(page, ARRIVE, ask="desk").page
    assert number(private) == number(page)
    assert "vient vers vous" in words(private)
    assert visits_of(db) == 1
    urgent = visitor.press(private, ARRIVE, ask="now").page
    assert "Restez ici" in words(urgent)
    assert db.all("SELECT urgent FROM alert ORDER BY raised_at, urgent DESC")[0]["urgent"] == 1


def test_it_speaks_the_language_they_booked_in(db: Db, visitor: Browser) -> None:
    mine, _ = book(db, today(9, 30), language="ar")
    page = scan(visitor, address(mine)).page
    assert page.one("html")["lang"] == "ar"
    again = visitor.press(page, ARRIVE, languages="1").page
    assert visitor.press(again, ARRIVE, language="en").page.one("html")["lang"] == "en"
    assert visits_of(db) == 1


def test_a_ticket_of_today_says_where_one_stands(visitor: Browser, db: Db) -> None:
    ticket = take(visitor).page
    page = scan(visitor, f"HTTPS://ACCUEIL.EXAMPLE/V/{code(ticket)}").page
    assert number(page) == number(ticket)
    assert visits_of(db) == 1
