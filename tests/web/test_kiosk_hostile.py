"""Whatever is sent to the kiosk or to a phone's page, the house answers and goes on."""

import pytest

from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import PARQUET
from tests.web.browser import FROM_HERE, Browser
from tests.web.kiosk import ANSWERS, APPOINTMENT, HOME, TICKET
from tests.web.routes import somebody

VALUES = {
    "nothing": "",
    "nul": "a\0b",
    "emoji": "👩🏽‍👧🏽",
    "direction": "\u202edroit\u2066",
    "lines": "a\r\nSet-Cookie: x=y",
    "quotes": "' OR ''=' --",
    "markup": "<script>alert(1)</script>",
    "huge": "x" * 50_000,
    "template": "{{ 7919 * 7907 }}{% raw %}",
    "other": "ecs-clic6",
}
FIELDS = ("language", "need", "service", "code", "private", "appointment", "csrf_token")
STEPS = (ANSWERS, APPOINTMENT, TICKET)
BYTES = {
    "not utf-8": b"need=%FF%FE&code=%C3%28&language=%80",
    "surrogates": b"need=%ED%A0%80&service=%ED%BF%BF",
    "repeated": b"need=droit&need=sante&code=x&code=y&language=fr&language=ar",
    "no equals": b"&&&=&need&==&;",
    "a thousand fields": b"&".join(b"f%d=1" % each for each in range(1_500)),
    "half an escape": b"need=%&code=%f",
}

ADDRESSES = (
    "/%00",
    "/borne/%00",
    "/borne/%FF%FE",
    "/borne/%F0%9F%98%80?language=ar",
    "/borne/bearn%2F..%2Fx",
    "/borne?language=%00",
    "/borne?language=%ED%A0%80&language=ar",
    "/borne/" + "x" * 8_000,
    "/v/%00",
    "/v/" + "%E2%80%AE" * 31,
    "/v/" + "é" * 31,
    "/v/" + "x" * 8_000,
    "/V/b/qr.svg",
    "/v/b/qr.svg",
    "/v/b/tour?language=%FF",
    "/ecran/%00",
    "/ecran/%00/appels",
    "/ecran/voix/fr/1/%00.wav",
    "/ecran/voix/%00/1/bearn-bureau-3.wav",
    "/ecran/voix/fr/99999999999999999999999/bearn-bureau-3.wav",
    "/live/%00/version",
    "/live/bearn/version?v=99999999999999999999999999",
    "/live/bearn/version?v=x",
    "/static/%00",
    "/static/../app.py",
    "/static/%2e%2e/app.py",
)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_no_field_breaks_a_step(value: str, visitor: Browser) -> None:
    sound = {"language": "fr", "need": "droit", "code": new_code()}
    visitor.get(HOME)
    broken = []
    for step in STEPS:
        for name in FIELDS:
            answer = visitor.post(step, {**sound, name: value}, headers=FROM_HERE)
            broken += [(step, name)] * (answer.status >= 500)
            assert "<script>alert" not in answer.response.text
            assert str(7919 * 7907) not in answer.response.text
    assert broken == []


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_field_alone_breaks_no_step(value: str, visitor: Browser) -> None:
    visitor.get(HOME)
    broken = []
    for step in STEPS:
        for name in FIELDS:
            code = {} if name == "code" else {"code": new_code()}
            answer = visitor.post(step, {**code, name: value}, headers=FROM_HERE)
            broken += [(step, name)] * (answer.status >= 500)
    assert broken == []


@pytest.mark.parametrize("body", BYTES.values(), ids=BYTES)
def test_no_bytes_break_a_step(body: bytes, visitor: Browser) -> None:
    for step in STEPS:
        for kind in ("application/x-www-form-urlencoded", "text/plain", None):
            answer = visitor.send(step, body, headers=FROM_HERE, content_type=kind)
            assert answer.status < 500, (step, kind)


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=x", "application/json"]
)
def test_no_envelope_breaks_a_step(kind: str, visitor: Browser) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="need"; filename="a"\r\n\r\ndroit\r\n--x--'
    for step in STEPS:
        answer = visitor.send(step, body, headers=FROM_HERE, content_type=kind)
        assert answer.status < 500, step


@pytest.mark.parametrize("step", STEPS)
def test_a_form_of_a_megabyte_is_too_long(step: str, db: Db, visitor: Browser) -> None:
    answer = visitor.send(step, {"need": "x" * 1_000_000}, headers=FROM_HERE)
    assert answer.status == 413
    assert answer.page.one("h1").text


def test_no_address_breaks_the_house(visitor: Browser) -> None:
    answers = {address: visitor.get(address) for address in ADDRESSES}
    assert [address[:60] for address, answer in answers.items() if answer.status >= 500] == []
    assert [each for each in answers if b"create_app" in answers[each].body] == []


@pytest.mark.parametrize("language", [*VALUES.values(), "ar"], ids=[*VALUES, "ar"])
def test_no_language_breaks_a_phone_s_page(language: str, db: Db, visitor: Browser) -> None:
    code = somebody(db).code
    for path in ("", "/tour", "/partir"):
        answer = visitor.get(f"/v/{code}{path}", query_string={"language": language[:5_000]})
        assert answer.status == 200
    assert visitor.post(f"/v/{code}", {"language": language, "ask": "desk"}).status == 303
    for asked in ({"ask": "now"}, {"show": "numbers"}):
        assert visitor.post(f"/v/{code}", {"language": language, **asked}).status == 200
    assert visitor.post(f"/v/{code}/partir", {"language": language}).status == 303


def test_a_ticket_asked_again_after_nobody_came_to_its_call(
    db: Db, visitor: Browser, partner: Browser
) -> None:
    """All within two minutes: called, absent, and the screen still shows the ticket."""
    form = {"code": new_code(), "service": PARQUET, "need": "droit"}
    assert visitor.post(TICKET, form).status == 200
    day = partner.get("/partenaire").page
    called = partner.follow(partner.press(day, "/partenaire/appeler")).page
    [turn] = db.all("SELECT id FROM queue_entry")
    partner.press(called, f"/partenaire/passages/{turn['id']}/absent")
    assert visitor.post(TICKET, form).status < 500
    assert visitor.post(TICKET, {**form, "language": "ar"}).status < 500
