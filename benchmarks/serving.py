"""The application as it is served, and a page of one line to compare it with."""

from flask import Flask

import app
from blueprints.access import allow


@allow("anyone")
def hello() -> str:
    return "hello"


def serve() -> Flask:
    """What the measured server runs."""
    served = app.serve()
    served.add_url_rule("/hello", view_func=hello)
    return served
