"""Live screens: told that something changed, and nothing else."""

from collections.abc import Iterator

import pytest
from flask import Flask

from accueil.store.db import Db
from blueprints import live
from tests.personae import BEARN, MANDELA, PARQUET
from tests.web.browser import Browser
from tests.web.people import arrive


@pytest.fixture
def stream(app: Flask) -> Iterator[Iterator[str]]:
    """The events of the site, for a screen that has seen nothing."""
    response = app.test_client().get(f"/live/{BEARN}?v=0")
    assert (response.status_code, response.mimetype) == (200, "text/event-stream")
    yield (each.decode() if isinstance(each, bytes) else each for each in response.iter_encoded())
    response.close()


def version(browser: Browser, seen: int = 0, site: str = BEARN) -> tuple[int, str]:
    answer = browser.get(f"/live/{site}/version", query_string={"v": seen})
    return answer.status, answer.response.text


def test_a_screen_that_is_up_to_date_is_answered_with_nothing(db: Db, visitor: Browser) -> None:
    arrive(db)
    status, seen = version(visitor)
    assert status == 200
    assert version(visitor, int(seen)) == (204, "")
    arrive(db)
    assert version(visitor, int(seen)) == (200, str(int(seen) + 1))


def test_a_site_hears_of_its_own_changes_only(db: Db, visitor: Browser) -> None:
    seen = version(visitor, site=MANDELA)
    arrive(db)
    assert version(visitor, site=MANDELA) == seen


@pytest.mark.parametrize("seen", ["", "x", "-1", "1e9", "9" * 40])
def test_a_version_that_makes_no_sense_is_an_old_one(seen: str, db: Db, visitor: Browser) -> None:
    arrive(db)
    answer = visitor.get(f"/live/{BEARN}/version", query_string={"v": seen})
    assert answer.status == 200


def test_a_site_that_is_not_there_is_not_followed(visitor: Browser) -> None:
    assert visitor.get("/live/ailleurs").status == 404
    assert visitor.get("/live/ailleurs/version").status == 404


def test_a_stream_beats_at_once_then_says_each_change(
    db: Db, visitor: Browser, stream: Iterator[str]
) -> None:
    beat = next(stream)
    assert "event: beat" in beat
    assert beat.startswith("retry: ")
    assert beat.endswith("\n\n")
    for _ in range(2):
        visit = arrive(db, service_id=PARQUET, alias="Zébulon")
        said = next(stream)
        assert said == f"event: change\ndata: {version(visitor)[1]}\n\n"
        assert visit.id not in said


def test_a_stream_that_nothing_disturbs_beats(
    app: Flask, db: Db, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "BEAT_S", 0.2)
    arrive(db)
    seen = version(visitor)[1]
    response = app.test_client().get(f"/live/{BEARN}?v={seen}")
    events = response.iter_encoded()
    for _ in range(3):
        assert b"event: beat" in next(events)
    response.close()


def test_when_the_house_closes_its_streams_end(app: Flask, stream: Iterator[str]) -> None:
    next(stream)
    app.extensions["house"].watch.close()
    assert len(list(stream)) <= 1


def test_too_many_streams_are_refused_and_the_version_still_answers(
    db: Db, visitor: Browser
) -> None:
    places = 0
    while live._places.acquire(blocking=False):
        places += 1
    try:
        assert places == live.MOST_STREAMS
        assert visitor.get(f"/live/{BEARN}").status == 503
        arrive(db)
        assert version(visitor)[0] == 200
    finally:
        live._places.release(places)


def test_a_screen_that_goes_away_gives_its_place_back(app: Flask) -> None:
    for method in ("GET", "HEAD"):
        for _ in range(live.MOST_STREAMS + 1):
            response = app.test_client().open(f"/live/{BEARN}", method=method)
            assert response.status_code == 200
            response.close()


def test_streams_are_not_kept_by_anything_between(app: Flask) -> None:
    response = app.test_client().get(f"/live/{BEARN}")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Accel-Buffering"] == "no"
    response.close()
