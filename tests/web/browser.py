"""A browser for the tests: it keeps cookies, presses buttons, and looks at everything it gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.web.page import Node, Page, faults

COOKIES = ("accueil", "appareil")
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Keys:
    """What a logged-in browser holds: its cookies, and its forms' token."""

    cookies: dict[str, str]
    token: str


@dataclass(frozen=True, repr=False)
class Answer:
    """What came back; `page` when it is HTML."""

    response: TestResponse
    found: Page | None

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def headers(self) -> Any:
        return self.response.headers

    @property
    def location(self) -> str | None:
        return self.response.headers.get("Location")

    @property
    def body(self) -> bytes:
        return self.response.data

    @property
    def page(self) -> Page:
        assert self.found is not None, f"{self.response.status}: {self.response.mimetype}"
        return self.found


class Browser:
    """One device. Every answer is checked: see `_look`."""

    def __init__(self, app: Flask, keys: Keys | None = None, home: str = "/borne"):
        self.client = app.test_client()
        self.home = home
        self.token = keys.token if keys else None
        self.been: list[str] = []
        for name, value in (keys.cookies if keys else {}).items():
            self.client.set_cookie(name, value)

    def get(self, address: str, **options: Any) -> Answer:
        return self._look(address, self.client.get(address, **options))

    def post(self, address: str, data: Any = None, **options: Any) -> Answer:
        """Send a form with the token that a page of this browser has."""
        if self.token is None:
            self.get(self.home)
        return self.send(address, {"csrf_token": self.token, **(data or {})}, **options)

    def send(self, address: str, data: Any = None, **options: Any) -> Answer:
        """Send a form exactly as it is."""
        return self._look(address, self.client.post(address, data=data or {}, **options))

    def press(
        self, page: Page, action: str, fill: dict[str, str] | None = None, **button: str
    ) -> Answer:
        """Press a button of the form that goes to `action`, once its fields are filled."""
        form = page.form(action, **button)
        data = {**fields(page, form), **(fill or {}), **button}
        if form["method"] == "get":
            return self.get(action, query_string=data)
        return self.send(form["action"], data)

    def follow(self, answer: Answer) -> Answer:
        assert answer.location is not None, answer.status
        return self.get(answer.location)

    def keys(self) -> Keys:
        found = {name: self.client.get_cookie(name) for name in COOKIES}
        cookies = {name: cookie.value for name, cookie in found.items() if cookie}
        return Keys(cookies, self.token or "")

    def _look(self, address: str, response: TestResponse) -> Answer:
        self.been += [address, response.headers.get("Location", "")]
        assert guarded(address, response) == [], address
        if response.mimetype != "text/event-stream":
            response.get_data()
            response.close()
        moved = response.status_code in range(300, 400)
        if moved or response.mimetype != "text/html" or not response.data:
            return Answer(response, None)
        page = Page(response.data.decode())
        assert faults(page) == [], f"{address}\n{page.html}"
        tokens = page.all("input", name="csrf_token")
        self.token = tokens[0]["value"] if tokens else self.token
        return Answer(response, page)


def fields(page: Page, form: Node) -> dict[str, str]:
    """What a form sends when nobody touches its fields, those that only name it included."""
    sent = {each["name"]: each.get("value") or "" for each in form.all("input") if each.get("name")}
    named = page.all("select", form=form["id"]) if form.get("id") else []
    for each in form.all("select") + named:
        options = each.all("option")
        chosen = [option for option in options if option.get("selected") is not None]
        sent[each["name"]] = (chosen or options)[0]["value"]
    return sent


def guarded(address: str, response: TestResponse) -> list[str]:
    """What is missing from the headers of an answer."""
    headers = response.headers
    parts = [part.split() for part in headers.get("Content-Security-Policy", "none").split(";")]
    policy = {name: " ".join(sources) for name, *sources in parts}
    nothing = ("default-src", "base-uri", "frame-ancestors")
    missing = [name for name in nothing if policy.get(name) != "'none'"]
    missing += [name for name in ("script-src", "form-action") if policy.get(name) != "'self'"]
    missing += [f"{k} {v}" for k, v in policy.items() if v not in ("'self'", "'none'")]
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": headers.get("Referrer-Policy", ""),
        "Cache-Control": _kept(address, response),
    }
    missing += [name for name, value in wanted.items() if headers.get(name) != value]
    if wanted["Referrer-Policy"] not in ("no-referrer", "same-origin"):
        missing.append("Referrer-Policy")
    if not address.startswith("/static/") and "hx-request" not in headers.get("Vary", "").lower():
        missing.append("Vary: HX-Request")
    return missing


def _kept(address: str, response: TestResponse) -> str | None:
    """How long an answer may be kept: not at all, unless it is one of these."""
    path = address.split("?")[0].lower()
    found = response.status_code in (200, 304)
    if path.startswith("/v/") and found and path.endswith("/tour"):
        return "no-cache, private"
    if path.startswith("/agenda/") and found:
        return "private, no-cache"
    if path == "/annuaire/data-inclusion.json":
        return "no-cache, public"
    if path.startswith("/static/") or (path.endswith(".wav") and found):
        return response.headers.get("Cache-Control")
    return "no-store"
