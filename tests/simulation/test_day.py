"""A day drawn by chance is the same for one seed, and holds what happens in a house."""

from collections import Counter

from accueil.simulation import cast
from accueil.simulation.day import Day, book, draw
from tests.personae import FOLDER

CAST = cast.read(FOLDER.parent / "simulated-day" / "cast.toml")


def day(seed: int, visits: int = 300) -> Day:
    return draw(CAST, visits, seed, book(CAST, seed))


def test_one_seed_draws_one_day() -> None:
    assert day(7) == day(7)
    assert day(7) != day(8)


def test_a_day_has_as_many_people_as_were_asked_for() -> None:
    assert [len(day(seed, visits).people) for seed, visits in ((1, 60), (2, 300))] == [60, 300]


def test_a_day_has_of_everything() -> None:
    people = [person for seed in range(5) for person in day(seed).people]
    assert any(person.due for person in people)
    assert any(person.due and person.arrives > person.due + 10 for person in people)
    assert any(not person.shows and person.returns for person in people)
    assert any(not person.shows and person.returns is None for person in people)
    assert any(person.patience for person in people)
    assert any(person.then for person in people)
    assert any(person.precedence for person in people)
    assert any(person.private for person in people)
    assert Counter(person.channel for person in people).keys() == {"kiosk", "desk"}
    assert any(day(seed).missing for seed in range(5))


def test_two_partners_come_late() -> None:
    begins = {worker.host.login: worker.begins for worker in day(7).workers}
    late = [login for login, minute in begins.items() if minute > 9 * 60 + 10]
    assert late == ["as-2", "parquet-2"]


def test_meetings_have_a_long_tail() -> None:
    lengths = sorted(person.minutes for seed in range(5) for person in day(seed).people)
    assert lengths[-1] > 5 * lengths[len(lengths) // 2]
