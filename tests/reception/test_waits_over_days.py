"""Fifty simulated days: the wait that comes is in the range that was shown, mostly, and its middle
is nearer than the usual rule's. Nothing of the estimator was chosen on these days."""

from collections.abc import Sequence
from statistics import fmean

import pytest

from tests.reception.simulated import Shown, days

WARM_UP = 8
# The first seed, how many days are looked at after the first ones, and how many people come.
RUNS = ((310_000, 50, 110), (520_000, 20, 90))


@pytest.fixture(scope="module", params=RUNS)
def shown(request: pytest.FixtureRequest) -> Sequence[Shown]:
    first, number, visits = request.param
    return days(range(first, first + WARM_UP + number), visits, WARM_UP)


def test_the_true_wait_is_in_the_range_as_often_as_it_should(shown: Sequence[Shown]) -> None:
    assert len(shown) > 1_000
    assert 0.75 <= fmean(each.kept for each in shown) <= 0.90
    behind = [each for each in shown if each.ahead]
    assert 0.75 <= fmean(each.kept for each in behind) <= 0.90


def test_the_middle_is_a_fifth_nearer_than_people_ahead_times_the_mean(
    shown: Sequence[Shown],
) -> None:
    error = fmean(each.error for each in shown)
    assert error <= 0.8 * fmean(each.simple_error for each in shown)


def test_a_range_says_something(shown: Sequence[Shown]) -> None:
    """One that held every wait of a day would keep all promises, and help nobody."""
    assert fmean(each.range.high - each.range.low for each in shown) <= 25
    short = [each for each in shown if each.came <= 10]
    assert fmean(each.range.high for each in short) <= 15
