"""Criteria in words: a condition, a reason, a whole rule read back, in the language of the request.

Each message is a phrase of its own, so that another language can turn it as it must. What is
nested is held by parentheses, so that "or" and "and" are never mistaken for one another.
"""

from collections.abc import Iterable
from typing import Any

import flask_babel
from babel.lists import format_list
from babel.numbers import format_currency

from accueil.orientation.criteria import Group, Leaf, Node, Reason, Rule, Verdict, leaves
from accueil.orientation.facts import FACTS
from blueprints.fact_words import (
    _,
    ages,
    at_least,
    choice,
    fact,
    over,
    question,
    tag,
    under,
    whole,
)

__all__ = [
    "choice",
    "condition",
    "fact",
    "mark",
    "question",
    "reason",
    "sentence",
    "spoken_aloud",
    "tag",
]


def condition(node: Node) -> str:
    """What is asked of a person, in lower case: "de 16 à 25 ans"."""
    if isinstance(node, Leaf):
        said = _leaf(node)
        return _("%(condition)s, à l’entrée", condition=said) if node.at else said
    if node.kind == "none":
        return _list([_("pas « %(condition)s »", condition=condition(each)) for each in node.items])
    if len(node.items) == 1:
        return condition(node.items[0])
    if not node.items:
        return _("toutes et tous")
    return _list([_held(each) for each in node.items], "or" if node.kind == "any" else "standard")


def reason(told: Reason) -> str:
    """A condition and what it came to: "de 16 à 25 ans : oui"."""
    said = condition(told.node)
    if told.part == "prefer":
        return _("en priorité : %(condition)s", condition=said)
    if mark(told) == "yes":
        return _("%(condition)s : oui", condition=said)
    if mark(told) == "no":
        return _("%(condition)s : non", condition=said)
    if told.verdict == "no":
        return _("%(condition)s : non, à vérifier", condition=said)
    return _("%(condition)s : à vérifier", condition=said)


def mark(told: Reason) -> Verdict:
    """What a reason came to: a warning that is not fulfilled is to be checked, never a no."""
    return "check" if told.part == "check" and told.verdict == "no" else told.verdict


def sentence(rule: Rule) -> str:
    """A whole rule read back: who it is for, what is checked, who comes first."""
    parts = [_who(rule.criteria)]
    if rule.check:
        listed = _semicolons(condition(leaf) for leaf in rule.check)
        parts.append(_("À vérifier : %(conditions)s.", conditions=listed))
    if rule.prefer:
        listed = _semicolons(condition(leaf) for leaf in rule.prefer)
        parts.append(_("En priorité : %(conditions)s.", conditions=listed))
    return " ".join(parts)


def spoken_aloud(told: Reason) -> bool:
    """Whether a reason may stand on a screen that others can read."""
    return all(FACTS[leaf.fact].aloud for leaf in leaves(told.node))


def _who(node: Node) -> str:
    parts = node.items if isinstance(node, Group) and node.kind == "all" else (node,)
    asked = [part for part in parts if isinstance(part, Leaf) or part.items]
    if not asked:
        return _("Ouvert à toutes et tous.")
    if len(asked) == 1:
        return _("Condition : %(condition)s.", condition=condition(asked[0]))
    return _("Conditions : %(conditions)s.", conditions=_semicolons(map(condition, asked)))


def _held(node: Node) -> str:
    """A condition inside another: between parentheses when it says several things."""
    said = condition(node)
    return f"({said})" if _says_several(node) else said


def _says_several(node: Node) -> bool:
    if isinstance(node, Leaf):
        words = len(node.value) if isinstance(node.value, frozenset) else 1
        return words > 1 or node.op == "between_excl" or node.at is not None
    if len(node.items) == 1 and node.kind != "none":
        return _says_several(node.items[0])
    return len(node.items) > 1


def _leaf(leaf: Leaf) -> str:
    kind, value = FACTS[leaf.fact].kind, leaf.value
    if isinstance(value, str):
        return value
    if kind == "flag":
        return _flag(leaf.fact, bool(value))
    if isinstance(value, frozenset):
        return _words(leaf.fact, sorted(value))
    return _age(leaf.op, value) if leaf.fact == "age" else _money(leaf.op, value)


def _flag(fact_id: str, wanted: bool) -> str:
    names = {
        ("dalo", True): _("droit au logement opposable reconnu"),
        ("dalo", False): _("droit au logement opposable non reconnu"),
    }
    return names.get((fact_id, wanted), fact(fact_id))


def _words(fact_id: str, words: list[str]) -> str:
    """Words of ours in the order of the vocabulary, then those of others."""
    known = FACTS[fact_id].tags
    ordered = sorted(words, key=lambda word: known.index(word) if word in known else len(known))
    said = _list([tag(fact_id, word) for word in ordered], "or")
    if fact_id == "commune":
        return _("habiter %(communes)s", communes=said)
    if fact_id == "departement":
        return _("habiter le département %(departements)s", departements=said)
    if fact_id == "territory":
        return _("habiter le secteur %(sectors)s", sectors=said)
    return said


def _age(op: str, value: Any) -> str:
    if op == "between":
        return ages(*value)
    if op == "between_excl":
        return _list([over(value[0]), under(value[1])])
    return {"gt": over, "gte": at_least, "lt": under}[op](value)


def _money(op: str, value: Any) -> str:
    low, high = value if isinstance(value, tuple) else (value, value)
    bounds = {"low": _euros(low), "high": _euros(high)}
    if op == "between":
        return _("ressources de %(low)s à %(high)s par mois", **bounds)
    if op == "between_excl":
        return _("ressources de plus de %(low)s et moins de %(high)s par mois", **bounds)
    if op == "gt":
        return _("ressources de plus de %(amount)s par mois", amount=bounds["low"])
    if op == "gte":
        return _("ressources d’au moins %(amount)s par mois", amount=bounds["low"])
    return _("ressources de moins de %(amount)s par mois", amount=bounds["low"])


def _euros(amount: float) -> str:
    digits = "#,##0" if whole(amount) == int(amount) else "#,##0.00"
    pattern = f"{digits}\N{NO-BREAK SPACE}¤"
    return str(format_currency(amount, "EUR", pattern, _locale(), currency_digits=False))


def _semicolons(conditions: Iterable[str]) -> str:
    first, *others = conditions
    for other in others:
        first = _("%(first)s ; %(more)s", first=first, more=other)
    return first


def _list(items: list[str], style: Any = "standard") -> str:
    return str(format_list(items, style=style, locale=_locale()))


def _locale() -> str:
    return str(flask_babel.get_locale() or "fr")
