"""The promise, end to end: kiosk, ticket, desk, call, board seen and heard, visit closed."""

from playwright.sync_api import expect

from tests.browser.conftest import BOARD, KIOSK, PHONE, Screens, take_ticket, wait_until


def test_one_visit_goes_all_the_way(screens: Screens) -> None:
    desk = screens.log_in("accueil")
    partner = screens.log_in("parquet", PHONE)
    board = screens.open("/ecran", BOARD)
    heard: list[str] = []
    board.on("request", lambda request: heard.append(request.url))

    kiosk = screens.open("/borne", KIOSK)
    number = take_ticket(kiosk)
    expect(desk.locator(".presence b", has_text=str(number))).to_be_visible()
    code = kiosk.locator(".square").get_attribute("src")
    assert code
    phone = screens.open(code.removesuffix("/qr.svg"), PHONE)
    expect(phone.locator(".plate .number")).to_have_text(str(number))

    partner.get_by_role("button", name="Appeler le suivant").click()
    expect(board.locator(".now .number")).to_have_text(str(number))
    expect(board.locator(".now .room")).to_contain_text("Bureau 3")
    expect(phone.locator(".plate .room")).to_contain_text("Bureau 3")
    wait_until(board, lambda: len({url for url in heard if ".wav" in url}) == 3)
    sounds = list(dict.fromkeys(url for url in heard if ".wav" in url))
    assert "chime" in sounds[0]
    assert f"/voix/fr/{number}/bearn-bureau-3.wav" in sounds[1]
    assert f"/voix/en/{number}/bearn-bureau-3.wav" in sounds[2]

    partner.get_by_role("button", name="Est là").click()
    partner.get_by_role("button", name="Terminer").click()
    expect(partner.locator(".guest")).to_have_count(0)
    expect(desk.locator(".presence")).to_have_count(0)
    expect(phone.locator("#turn .row")).to_contain_text("terminée")


def test_a_call_taken_back_within_ten_seconds_leaves_the_board(screens: Screens) -> None:
    kiosk = screens.open("/borne", KIOSK)
    number = take_ticket(kiosk)
    partner = screens.log_in("parquet", PHONE)
    board = screens.open("/ecran", BOARD)
    partner.get_by_role("button", name="Appeler le suivant").click()
    expect(board.locator(".now .number")).to_have_text(str(number))
    partner.get_by_role("button", name="Annuler").click()
    expect(board.locator(".now .number")).not_to_have_text(str(number))
    expect(partner.locator(".chip b", has_text=str(number))).to_be_visible()


def test_two_calls_at_once_are_both_said_one_after_the_other(screens: Screens) -> None:
    kiosk = screens.open("/borne", KIOSK)
    take_ticket(kiosk)
    kiosk.goto("/borne")
    take_ticket(kiosk, "travail", "ecs-mission-locale")
    board = screens.open("/ecran", BOARD)
    sounds: list[str] = []
    board.on("request", lambda request: "/voix/" in request.url and sounds.append(request.url))
    called: list[str] = []
    for partner in [screens.log_in(login, PHONE) for login in ("parquet", "mission-locale")]:
        partner.get_by_role("button", name="Appeler le suivant").click()
        called.append(partner.locator(".guest .big").inner_text())
    wait_until(board, lambda: all(_said("en", number, sounds) for number in called))
    once = dict.fromkeys(sounds)  # each is said twice
    for french, english in zip(*[iter(once)] * 2, strict=True):
        assert "/fr/" in french
        assert english == french.replace("/fr/", "/en/")


def _said(language: str, number: str, sounds: list[str]) -> bool:
    return any(f"/voix/{language}/{number}/" in url for url in sounds)
