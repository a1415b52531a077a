"""The square that opens a visitor's page on a phone: a ticket's, an appointment's."""

from functools import lru_cache

import qrcode
import qrcode.image.svg
from flask import Response, make_response, request, url_for

from accueil.store.codes import code_hash
from blueprints import web


def square(endpoint: str, code: str) -> Response:
    """The square of the page `endpoint` of the visitor's `code`. Raises `BadCode`."""
    code_hash(code)
    return square_of(url_for(endpoint, code=code))


def square_of(path: str) -> Response:
    """The square of an address of this house."""
    base = web.house().public_url or request.url_root
    address = f"{base.rstrip('/')}{path}"
    # In capitals, an address fits the alphanumeric mode, and so a coarser, easier square.
    response = make_response(_drawn(address.upper()))
    response.mimetype = "image/svg+xml"
    return response


@lru_cache(maxsize=64)
def _drawn(address: str) -> bytes:
    image = qrcode.make(
        address,
        error_correction=qrcode.ERROR_CORRECT_M,
        border=4,
        image_factory=qrcode.image.svg.SvgPathImage,
    )
    return bytes(image.to_string())
