"""My number was called and I was away: one touch, and I am there again."""

from accueil.reception import calls
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import PARQUET, turn_of
from tests.web.browser import Browser
from tests.web.check_in import scan
from tests.web.conftest import Clock
from tests.web.kiosk import number
from tests.web.people import arrive


def missed(db: Db, partner: Browser, code: str) -> str:
    """Somebody's number was called, and nobody came: the turn's id."""
    turn = turn_of(db, arrive(db, service_id=PARQUET, code=code))
    partner.press(partner.get("/partenaire").page, "/partenaire/appeler")
    partner.post(f"/partenaire/passages/{turn.id}/absent")
    return turn.id


def state(db: Db, turn_id: str) -> str:
    return str(db.all("SELECT state FROM queue_entry WHERE id = :id", id=turn_id)[0]["state"])


def test_the_phone_says_so_and_one_touch_is_enough(
    db: Db, visitor: Browser, partner: Browser
) -> None:
    mine = new_code()
    turn = missed(db, partner, mine)
    page = visitor.get(f"/v/{mine}").page
    assert "Votre numéro a été appelé." in page.one(id="turn").text
    button = next(each for each in page.one(id="turn").all("button") if each.text == "Je suis là")
    form = page.one("form", id=button["form"])
    for _ in range(2):
        visitor.post(form["action"])
        assert state(db, turn) == "waiting"
    assert "a été appelé" not in visitor.get(f"/v/{mine}").page.one(id="turn").text


def test_the_place_is_kept_for_ten_minutes(
    db: Db, visitor: Browser, partner: Browser, clock: Clock
) -> None:
    mine, other = new_code(), new_code()
    missed(db, partner, mine)
    arrive(db, service_id=PARQUET, code=other)
    clock.pass_by(minutes=9)
    visitor.post(f"/v/{mine}/me-voici")
    assert visitor.get(f"/v/{mine}/tour").page.all(class_="many") == []
    assert visitor.get(f"/v/{other}/tour").page.one(class_="many").text == "1"


def test_later_it_is_the_end_of_the_line(
    db: Db, visitor: Browser, partner: Browser, clock: Clock
) -> None:
    mine = new_code()
    missed(db, partner, mine)
    arrive(db, service_id=PARQUET)
    clock.pass_by(minutes=11)
    visitor.post(f"/v/{mine}/me-voici")
    assert visitor.get(f"/v/{mine}/tour").page.one(class_="many").text == "1"


def test_the_ticket_shown_to_the_kiosk_says_the_same(
    db: Db, visitor: Browser, partner: Browser
) -> None:
    mine = new_code()
    turn = missed(db, partner, mine)
    assert number(scan(visitor, mine).page) == 1
    assert state(db, turn) == "waiting"


def test_whoever_was_not_called_or_has_left_changes_nothing(
    db: Db, visitor: Browser, partner: Browser, clock: Clock
) -> None:
    waiting, gone = new_code(), new_code()
    turn = missed(db, partner, gone)
    calls.leave(db, db.all("SELECT id FROM visit")[0]["id"], clock.now)
    arrive(db, service_id=PARQUET, code=waiting)
    before = db.all("SELECT * FROM queue_entry ORDER BY id")
    for code in (waiting, gone):
        assert visitor.post(f"/v/{code}/me-voici").status == 303
    assert db.all("SELECT * FROM queue_entry ORDER BY id") == before
    assert "a été appelé" not in visitor.get(f"/v/{gone}").page.html
    assert state(db, turn) == "absent"
    assert visitor.post("/v/nothing/me-voici").status == 404
