"""A browser of few words: one connection, its cookies, the forms of the house."""

import http.client
import re
from dataclasses import dataclass
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
TIMEOUT_S = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `goes` is where a redirection sends, or ""."""

    status: int
    text: str
    goes: str

    def all(self, pattern: str) -> list[str]:
        """What the page holds of a pattern's group, as people read it."""
        return [unescape(found) for found in re.findall(pattern, self.text, re.DOTALL)]

    def every(self, pattern: str) -> list[tuple[str, ...]]:
        """The same of a pattern with several groups."""
        return re.findall(pattern, self.text, re.DOTALL)

    def first(self, pattern: str) -> str:
        """The first of them, or ""."""
        return next(iter(self.all(pattern)), "")


class Browser:
    """Somebody's browser on the house at `port`. It follows no redirection by itself."""

    def __init__(self, port: int):
        self.asked = 0
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
        self._cookies: dict[str, str] = {}
        self._token = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form, with the token of the last page that had one."""
        return self._ask("POST", path, urlencode({"csrf_token": self._token, **fields}))

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={text}" for name, text in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Sec-Fetch-Site"] = "same-origin"
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        text = response.read().decode()
        self.asked += 1
        for line in response.headers.get_all("Set-Cookie") or ():
            self._cookies.update({name: each.value for name, each in SimpleCookie(line).items()})
        token = TOKEN.search(text)
        if token:
            self._token = token[1]
        return Answer(response.status, text, response.headers.get("Location") or "")
