"""Somebody's browser, as plain as can be: one connection, its cookies, the forms' token."""

import re
import time
import tomllib
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from benchmarks.server import HOST, ROOT

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """`ms` is what it took, from the request to the last byte."""

    status: int
    text: str
    etag: str
    ms: float


class Client:
    def __init__(self, port: int):
        self._connection = HTTPConnection(HOST, port, timeout=20)
        self._cookies: dict[str, str] = {}
        self._token = ""

    def get(self, path: str, known: str = "") -> Answer:
        """A page; 304 if it is still the one that has `known` for its ETag."""
        return self._ask("GET", path, None, {"If-None-Match": known} if known else {})

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form, with the token of the last page that had one."""
        body = urlencode({"csrf_token": self._token, **fields})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, body, kind)

    def log_in(self, login: str) -> None:
        """As one of the demonstration's accounts."""
        accounts = tomllib.loads((ROOT / "data/chevilly-larue/accounts.toml").read_text("utf-8"))
        password = next(each["password"] for each in accounts["account"] if each["login"] == login)
        self.get("/connexion")
        answer = self.post("/connexion", login=login, password=password)
        assert answer.status == 303, f"{login} cannot log in: {answer.status}"

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={text}" for name, text in self._cookies.items())
        begin = time.perf_counter()
        self._connection.request(method, path, body, {"Cookie": cookies, **headers})
        response = self._connection.getresponse()
        text = response.read().decode()
        elapsed = (time.perf_counter() - begin) * 1000
        for line in response.headers.get_all("Set-Cookie") or ():
            self._cookies.update({name: each.value for name, each in SimpleCookie(line).items()})
        token = TOKEN.search(text)
        self._token = token[1] if token else self._token
        return Answer(response.status, text, response.headers.get("ETag", ""), elapsed)
