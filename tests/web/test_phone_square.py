"""The square on the ticket, read back module by module: the address of one's page."""

import re
from pathlib import Path

import pytest
import qrcode

from accueil.store.codes import new_code
from app import create_app
from tests.web.browser import Browser
from tests.web.conftest import Clock

MODULE = re.compile(r"M(\d+),(\d+)H(\d+)V(\d+)H(\d+)z")


def modules(svg: str) -> list[list[bool]]:
    """The dark and light modules of a square, its margin included."""
    size = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    assert size
    assert size[1] == size[2]
    path = re.search(r' d="([^"]+)"', svg)
    assert path
    assert MODULE.sub("", path[1]) == ""
    dark = {(int(x), int(y)) for x, y, *_ in MODULE.findall(path[1])}
    return [[(x, y) in dark for x in range(int(size[1]))] for y in range(int(size[2]))]


def square_of(address: str) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(address)
    code.make()
    return code.get_matrix()


def test_the_square_holds_the_address_in_capitals_and_nothing_else(visitor: Browser) -> None:
    mine = new_code()
    svg = visitor.get(f"/v/{mine}/qr.svg")
    assert svg.response.mimetype == "image/svg+xml"
    assert modules(svg.response.text) == square_of(f"HTTP://LOCALHOST/V/{mine}")


def test_the_square_is_one_that_an_old_phone_reads(visitor: Browser) -> None:
    """29 modules a side: capitals and digits only, and a margin of four modules."""
    read = modules(visitor.get(f"/v/{new_code()}/qr.svg").response.text)
    assert len(read) == 29 + 8
    assert not any(any(row) for row in read[:4] + read[-4:])
    assert not any(any(row[:4] + row[-4:]) for row in read)


@pytest.mark.parametrize("url", ["https://accueil.example", "https://accueil.example/"])
def test_the_square_says_the_house_s_own_address_when_it_has_one(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCUEIL_URL", url)
    app = create_app(tmp_path, Clock())
    mine = new_code()
    svg = Browser(app).get(f"/v/{mine}/qr.svg").response.text
    app.extensions["house"].store.close()
    assert modules(svg) == square_of(f"HTTPS://ACCUEIL.EXAMPLE/V/{mine}")
