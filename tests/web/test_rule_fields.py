"""The form of a rule and its sheet: nothing that is typed is lost, nothing forged is read."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accueil.house.text import HouseText
from accueil.orientation import directory_text
from accueil.orientation.criteria import Group, Leaf, Node, Rule
from accueil.orientation.criteria_data import DEEPEST, MOST_LEAVES, rule_from_data
from accueil.orientation.facts import FACTS
from blueprints.rule_buttons import can_move, pressed
from blueprints.rule_fields import Tampered, fields_of, read, sheet_of
from blueprints.rule_sheet import REMOVED, Block, Line, Sheet, filled, item, items, moved
from blueprints.typed import Fields
from tests.personae import FOLDER

ADULT = {"n.kind": "all", "n.0.fact": "age", "n.0.op": "gte"}


def sent(sheet: Sheet) -> Fields:
    return Fields([pair for part in sheet for pair in fields_of(sheet, part)])


def rule_of(fields: dict[str, Any]) -> Rule:
    found = read(sheet_of(Fields(fields)))
    assert found.troubles == {}
    return found.rule


def troubles(fields: dict[str, Any]) -> dict[str, str]:
    return read(sheet_of(Fields(fields))).troubles


def line(**said: Any) -> dict[str, Any]:
    """The fields of one line of what is needed."""
    return {"n.kind": "all", **{f"n.0.{name}": value for name, value in said.items()}}


def lines(sheet: Sheet) -> Counter[Line]:
    return Counter(
        each for part in sheet for _, each in items(sheet[part], part) if isinstance(each, Line)
    )


# ---- every rule of the house, and any rule ---------------------------------------------------


def words() -> st.SearchStrategy[str]:
    return st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=9)


def leaves() -> st.SearchStrategy[Leaf]:
    bounds = st.integers(0, 120).map(float) | st.sampled_from([0.5, 17.25, 64.125])

    def of(fact: str) -> st.SearchStrategy[Leaf]:
        kind = FACTS[fact].kind
        said: st.SearchStrategy[tuple[Any, Any]] = st.tuples(st.just("label"), words())
        if kind == "number":
            said |= st.tuples(st.sampled_from(["gt", "gte", "lt"]), bounds)
            pairs = st.tuples(bounds, bounds).filter(lambda pair: pair[0] < pair[1])
            said |= st.tuples(st.sampled_from(["between", "between_excl"]), pairs)
        elif kind == "flag":
            said |= st.tuples(st.just("is"), st.booleans())
        else:
            known = st.sampled_from(FACTS[fact].tags) if FACTS[fact].tags else words()
            tags = st.frozensets(known | words(), min_size=1, max_size=5)
            said |= st.tuples(st.just("has_any"), tags)
        return st.builds(
            lambda said, at, note, sensitive: Leaf(fact, said[0], said[1], at, note, sensitive),
            said, st.sampled_from([None, "entree"]), st.none() | words(), st.booleans(),
        )  # fmt: skip

    return st.sampled_from(list(FACTS)).flatmap(of)


def nodes(depth: int) -> st.SearchStrategy[Node]:
    if depth == 0:
        return leaves()
    inside = st.lists(nodes(depth - 1), min_size=1, max_size=3).map(tuple)
    return leaves() | st.builds(Group, st.sampled_from(["all", "any", "none"]), inside)


def rules() -> st.SearchStrategy[Rule]:
    roots = st.builds(
        Group,
        st.sampled_from(["all", "any", "none"]),
        st.lists(nodes(3), min_size=1, max_size=3).map(tuple),
    )
    some = st.lists(leaves(), max_size=2).map(tuple)
    return st.builds(Rule, st.just(Group("all")) | roots, some, some)


def test_every_rule_of_the_house_comes_back_from_the_form_as_it_was(text: HouseText) -> None:
    known = directory_text.read(FOLDER, frozenset(each.id for each in text.services))
    assert len(known) > 50
    assert max(path.count(".") for each in known
               for path, _ in items(filled(each.rule)["n"], "n")) == 3  # fmt: skip
    for each in known:
        found = read(sheet_of(sent(filled(each.rule))))
        assert (found.rule, found.troubles) == (each.rule, {}), each.id


@given(rules())
def test_any_rule_comes_back_from_the_form_as_it_was(rule: Rule) -> None:
    found = read(sheet_of(sent(filled(rule))))
    assert (found.rule, found.troubles) == (rule, {})


def test_a_lone_criterion_becomes_a_list_of_one() -> None:
    lone = Leaf("dalo", "is", True)
    assert read(filled(Rule(lone))).rule == Rule(Group("all", (lone,)))


# ---- what people type ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [("450", 450), ("450,50", 450.5), ("450.5", 450.5), ("1 200 €", 1200), ("1 200", 1200)],
)
def test_numbers_are_read_as_people_write_them(text: str, number: float) -> None:
    [leaf] = rule_of(line(fact="resources_monthly_eur", op="gte", low=text)).criteria.items
    assert leaf.value == number


def test_years_may_be_said() -> None:
    [leaf] = rule_of(line(fact="age", op="between", low="16 ans", high="25 ans")).criteria.items
    assert leaf.value == (16, 25)


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        ("", "25", {"n.0.low": "missing"}),
        ("seize", "25", {"n.0.low": "number"}),
        ("-3", "25", {"n.0.low": "number"}),
        ("16", "200", {"n.0.high": "range"}),
        ("25", "16", {"n.0.high": "order"}),
        ("", "", {"n.0.low": "missing", "n.0.high": "missing"}),
        ("nan", "1e3", {"n.0.low": "number", "n.0.high": "number"}),
    ],
)
def test_a_number_that_cannot_be_is_said_beside_its_field(
    low: str, high: str, found: dict[str, str]
) -> None:
    assert troubles(line(fact="age", op="between", low=low, high=high)) == found


def test_excluded_bounds_leave_room_between_them() -> None:
    same = line(fact="age", op="between_excl", low="18", high="18")
    assert troubles(same) == {"n.0.high": "order"}
    assert troubles(same | {"n.0.op": "between"}) == {}


def test_what_is_not_finished_is_not_counted_yet() -> None:
    found = read(sheet_of(Fields({
        **ADULT, "n.0.low": "18", "n.1.fact": "ase", "n.1.op": "has_any", "n.2.kind": "any",
        "c.kind": "all", "c.0.fact": "age", "c.0.op": "label",
    })))  # fmt: skip
    assert found.rule == Rule(Group("all", (Leaf("age", "gte", 18.0),)))
    assert found.troubles == {"n.1.tag": "answer", "n.2.kind": "empty", "c.0.text": "missing"}


def test_what_only_an_agent_reads_is_not_too_long() -> None:
    assert troubles(line(fact="age", op="label", text="x" * 201)) == {"n.0.text": "long"}
    noted = line(fact="age", op="gt", low="60", note="x" * 201)
    assert troubles(noted) == {"n.0.note": "long"}


def test_what_nobody_types_is_left_out() -> None:
    [leaf] = rule_of(line(fact="age", op="label", text="\0 vieil\x1blissante ")).criteria.items
    assert leaf.value == "vieillissante"


# ---- answers that are written ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Fresnes ; Rungis", {"Fresnes", "Rungis"}),
        ("Saint-Denis", {"Saint-Denis"}),  # whichever: nobody is refused for a homonym
        ("chevilly larue, 94065", {"Chevilly-Larue", "Rungis"}),
        ("Saint-Denis (93)", {"93066"}),  # another Saint-Denis is in La Réunion
        ("R11, 200054781", {"R11", "200054781"}),
    ],
)
def test_communes_are_told_by_any_of_their_names(text: str, tags: set[str]) -> None:
    [leaf] = rule_of(line(fact="commune", op="has_any", others=text)).criteria.items
    assert leaf.value == tags


@pytest.mark.parametrize(
    ("fact", "text", "kept", "word"),
    [
        ("commune", "Fresnes, Chevilly-sur-Lune", "Chevilly-sur-Lune", "commune"),
        ("departement", "94, Val", "Val", "departement"),
        ("ase", "x" * 101, "x" * 101, "long"),
    ],
)
def test_an_answer_that_cannot_be_stays_where_it_was_written(
    fact: str, text: str, kept: str, word: str
) -> None:
    sheet = sheet_of(Fields(line(fact=fact, op="has_any", others=text)))
    found = item(sheet, "n.0")
    assert isinstance(found, Line)
    assert found.others == kept
    assert read(sheet).troubles == {"n.0.others": word}


# ---- the buttons -----------------------------------------------------------------------------


RELIANCES = {
    "criteria": {
        "all": [{"fact": "age", "op": "between", "value": [18, 25]}],
        "any": [
            {"fact": "ase", "op": "has_any", "value": ["prise-en-charge-prend-fin"]},
            {"all": [{"fact": "ase", "op": "has_any", "value": ["sorti-ase"]},
                     {"fact": "age", "op": "between", "value": [19, 25]}]},
            {"fact": "situation", "op": "has_any", "value": ["errance"]},
        ],
    },
    "check": [{"fact": "departement", "op": "has_any", "value": ["93", "94"]}],
}  # fmt: skip
MOVES = [("up:n.0", "n.0"), ("up:n.1", "n.0"), ("up:n.1.0", "n.1"), ("up:n.1.2", "n.1.1.2"),
         ("up:n.1.1.0", "n.1.1"), ("down:n.0", "n.0.0"), ("down:n.1.0", "n.1.0.0"),
         ("down:n.1.2", "n.2"), ("down:n.1.1.1", "n.1.2"), ("down:n.1", "n.1")]  # fmt: skip


@pytest.fixture
def sheet() -> Sheet:
    return sheet_of(sent(filled(rule_from_data(RELIANCES))))


@pytest.mark.parametrize(("button", "there"), MOVES)
def test_an_item_moves_one_place_as_it_is_read(sheet: Sheet, button: str, there: str) -> None:
    after = pressed(sheet, button, "")
    assert item(after.sheet, there) == item(sheet, button.partition(":")[2])
    assert lines(after.sheet) == lines(sheet)
    assert after.focus.rpartition(".")[0] == there


@given(rules(), st.data())
def test_up_then_down_changes_nothing_and_no_line_is_ever_lost(
    rule: Rule, data: st.DataObject
) -> None:
    sheet = filled(rule)
    paths = [path for part in "ncp" for path, _ in items(sheet[part], part)]
    if not paths:
        return
    path, step = data.draw(st.sampled_from(paths)), data.draw(st.sampled_from([-1, 1]))
    if not can_move(sheet, path, step):
        assert moved(sheet, path, step) == (sheet, path)
        return
    there, at = moved(sheet, path, step)
    assert lines(there) == lines(sheet)
    assert moved(there, at, -step) == (sheet, path)


def test_what_was_removed_can_be_put_back(sheet: Sheet) -> None:
    for path, gone in [*items(sheet["n"], "n"), *items(sheet["c"], "c")]:
        after = pressed(sheet, f"remove:{path}", "")
        assert lines({**after.sheet, REMOVED: Block("all")}) != lines(sheet)
        again = sheet_of(sent(after.sheet))
        back = pressed(again, "restore", after.taken_from)
        assert back.sheet == sheet
        assert item(back.sheet, path) == gone


def test_what_was_removed_comes_last_when_its_place_is_no_more(sheet: Sheet) -> None:
    gone = pressed(sheet, "remove:n.1.1.0", "").sheet
    without = {**pressed(gone, "remove:n.1", "").sheet, REMOVED: gone[REMOVED]}
    back = pressed(without, "restore", "n.1.1.0")
    assert item(back.sheet, "n.1") == item(sheet, "n.1.1.0")


def test_a_condition_is_added_for_the_fact_that_was_chosen(sheet: Sheet) -> None:
    wanted = sheet_of(Fields([*sent(sheet).items(multi=True), ("n.1.adding", "gender")]))
    after = pressed(wanted, "line:n.1", "")
    assert item(after.sheet, "n.1.3") == Line("gender", "has_any", wide=True, sensitive=True)
    assert after.focus == "n.1.3.tag"
    assert pressed(sheet, "line:n.1", "").troubles == {"n.1.adding": "fact"}


def test_groups_are_added_as_deep_as_a_rule_may_be() -> None:
    sheet, path, deep = filled(Rule()), "n", 0
    while not (after := pressed(sheet, f"group:{path}", "")).troubles:
        sheet, path, deep = after.sheet, after.focus.removesuffix(".kind"), deep + 1
    assert deep == DEEPEST - 1
    assert after.troubles == {"n.adding": "full"}


def test_a_part_has_so_many_lines_and_no_more() -> None:
    fields = {"c.kind": "all", "c.adding": "age"}
    for n in range(MOST_LEAVES):
        fields |= {f"c.{n}.fact": "age", f"c.{n}.op": "label", f"c.{n}.text": "x"}
    full = sheet_of(Fields(fields))
    assert read(full).troubles == {}
    assert pressed(full, "line:c", "").troubles == {"c.adding": "full"}


# ---- what the form cannot have sent ----------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"n.kind": "some"},
        {"n.0.fact": "age", "n.0.op": "gt"},  # in no group
        line(fact="age", op="has_any"),
        line(fact="nothing", op="gt"),
        line(fact="age", op="gt", value="3"),
        {"n.kind": "all", "n.0.kind": "any", "n.0.fact": "age", "n.0.op": "gt"},
        {**ADULT, "n.0.0.fact": "age", "n.0.0.op": "gt"},  # in a line
        {**ADULT, "n.1.2.fact": "age", "n.1.2.op": "gt"},  # in nothing
        {"n.kind": "all", "n.-1.fact": "age", "n.-1.op": "gt"},
        {"n.kind": "all", "n.999.fact": "age", "n.999.op": "gt"},
        {"n.fact": "age", "n.op": "gt"},
        {"n.kind": "all", "n.__class__": "x"},
        {"c.kind": "all", "c.0.kind": "any"},  # no groups there
        {f"n{'.0' * deep}.kind": "any" for deep in range(51)},
        {"n.kind": "all"} | {f"n.{n}.kind": "any" for n in range(MOST_LEAVES + 1)},
        {"n.kind": "all"} | {f"n.{a}.{b}.op": "gt" for a in range(100) for b in range(100)},
    ],
)
def test_what_the_form_cannot_have_sent_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(Tampered):
        sheet_of(Fields(fields))


@pytest.mark.parametrize(
    "button",
    ["up:n", "remove:c", "up:n.9", "up:r.0", "line:n.0", "group:c", "group:", "restore", "down:x",
     "remove:n.0.0", "up:n.-1", "line:__class__"],
)  # fmt: skip
def test_a_button_that_the_form_does_not_have_is_refused(sheet: Sheet, button: str) -> None:
    with pytest.raises(Tampered):
        pressed(sheet, button, "")


def test_numbers_that_were_skipped_are_closed_up() -> None:
    skipped = {"n.kind": "all", "n.07.fact": "dalo", "n.07.op": "is_true",
               "n.3.fact": "dalo", "n.3.op": "is_false"}  # fmt: skip
    assert rule_of(skipped).criteria == Group(
        "all", (Leaf("dalo", "is", False), Leaf("dalo", "is", True))
    )
