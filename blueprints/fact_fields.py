"""What a form says of a person, read strictly; and written again for the next form to carry.

Each fact is a field `fact-<id>`: a number as decimal text, a word for each tag (the field is
repeated), "yes" or "no", "" for what one would rather not say, "-" for none of the words. It is
only ever the body of a POST: never an address, a cookie, or anything that is kept.
"""

import re
from collections.abc import Iterable

from werkzeug.datastructures import MultiDict

from accueil.orientation.facts import FACTS, BadFact, Fact, Facts, Value, fact, read

PREFIX = "fact-"
SKIPPED, NONE_OF_THEM = "", "-"
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,2})?")
_SPACES = re.compile(r"\s")


def facts_of(form: MultiDict[str, str]) -> dict[str, Value | None]:
    """The facts of a form, in its order; `BadFact` names the one that cannot be.

    A word that is an answer of a screen says all that the answer implies: a lone parent is a
    family with children as well.
    """
    names = [key.removeprefix(PREFIX) for key in form if key.startswith(PREFIX)]
    return read({name: _said(fact(name), form.getlist(PREFIX + name)) for name in names})


def written(facts: Facts) -> list[tuple[str, str]]:
    """The fields of a form that `facts_of` reads as the same facts, in the same order."""
    return [
        (PREFIX + name, text)
        for name, value in facts.items()
        for text in _texts(FACTS[name], value)
    ]


def _said(wanted: Fact, texts: list[str]) -> object:
    if wanted.kind == "tags":
        return _words(wanted, texts)
    filled = [text for text in texts if text != SKIPPED]
    if len(filled) > 1:
        raise BadFact(wanted.id, f"expected one value, got {len(filled)}")
    if not filled:
        return None
    return _number(wanted, filled[0]) if wanted.kind == "number" else _flag(wanted, filled[0])


def _words(wanted: Fact, texts: list[str]) -> object:
    words = [text for text in texts if text not in (SKIPPED, NONE_OF_THEM)]
    if not words:
        return [] if NONE_OF_THEM in texts else None
    implied = {each.id: sorted(each.tags) for each in wanted.choices}
    return list(dict.fromkeys(tag for word in words for tag in implied.get(word, [word])))


def _number(wanted: Fact, text: str) -> float:
    plain = _SPACES.sub("", text)
    if not _NUMBER.fullmatch(plain):
        raise BadFact(wanted.id, "expected a number")
    number = float(plain.replace(",", "."))
    if wanted.id == "age" and not number.is_integer():
        raise BadFact(wanted.id, "expected a whole number of years")
    return number


def _flag(wanted: Fact, text: str) -> bool:
    if text not in ("yes", "no"):
        raise BadFact(wanted.id, "expected yes or no")
    return text == "yes"


def _texts(known: Fact, value: Value | None) -> Iterable[str]:
    if value is None:
        return [SKIPPED]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, frozenset):
        return _fewest(known, value) or [NONE_OF_THEM]
    return [str(int(value)) if value.is_integer() else f"{value:.2f}"]


def _fewest(known: Fact, words: frozenset[str]) -> list[str]:
    """The words from which the others follow."""
    chosen = [each for each in known.choices if each.id in words]
    followed = {tag for each in chosen for tag in each.tags if tag != each.id}
    return sorted(words - followed)
