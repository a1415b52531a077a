"""What a form says of a person is read strictly, and written again as it was."""

import pytest
from werkzeug.datastructures import MultiDict

from accueil.orientation.facts import BadFact, Value
from blueprints.fact_fields import facts_of, written

LONE_PARENT = frozenset({"monoparentale", "famille-avec-enfants"})


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        ([("fact-age", "19")], {"age": 19.0}),
        ([("fact-resources_monthly_eur", "1 200,50")], {"resources_monthly_eur": 1200.5}),
        ([("fact-dalo", "yes")], {"dalo": True}),
        ([("fact-dalo", "no")], {"dalo": False}),
        ([("fact-age", ""), ("fact-gender", "")], {"age": None, "gender": None}),
        ([("fact-employment", "-")], {"employment": frozenset()}),
        ([("fact-household", "monoparentale")], {"household": LONE_PARENT}),
        ([("fact-commune", "Fresnes"), ("fact-commune", "")], {"commune": frozenset({"Fresnes"})}),
        ([("need", "droit"), ("code", "fact-age")], {}),
    ],
)
def test_each_kind_of_fact_is_read(
    fields: list[tuple[str, str]], facts: dict[str, Value | None]
) -> None:
    """A word that is an answer says all that the answer implies."""
    assert facts_of(MultiDict(fields)) == facts


@pytest.mark.parametrize(
    "facts",
    [
        {"age": 19.0, "household": LONE_PARENT, "dalo": True, "gender": None},
        {"employment": frozenset(), "resources_monthly_eur": 450.5},
        {"housing": frozenset({"sans-logement", "mal-loge"}), "age": 0.0},
        {"household": frozenset({"famille-avec-enfants"})},
        {"commune": frozenset({"Chevilly-Larue"}), "dalo": False},
    ],
)
def test_what_is_written_reads_back_in_the_same_order(facts: dict[str, Value | None]) -> None:
    again = facts_of(MultiDict(written(facts)))
    assert again == facts
    assert list(again) == list(facts)


@pytest.mark.parametrize(
    "fields",
    [
        [("fact-age", "-3")],
        [("fact-age", "200")],
        [("fact-age", "19.5")],
        [("fact-age", "1e1")],
        [("fact-age", "nan")],
        [("fact-age", "١٩")],
        [("fact-age", "19"), ("fact-age", "60")],
        [("fact-dalo", "true")],
        [("fact-shoe-size", "42")],
        [("fact-", "1")],
        [("fact-gender", "x" * 200)],
        [("fact-housing", str(each)) for each in range(50)],
    ],
)
def test_what_is_no_fact_is_refused_by_its_name(fields: list[tuple[str, str]]) -> None:
    with pytest.raises(BadFact) as refused:
        facts_of(MultiDict(fields))
    assert refused.value.fact == fields[0][0].removeprefix("fact-")
