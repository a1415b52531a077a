"""The list of the communes as it is searched: one piece of bytes, the biggest communes first.

    .chevilly.larue.|#94021#75021@94550<tab>Chevilly-Larue<tab>11<tab>200054781 200058014<tab><tab>

A line a commune: its name folded and those of before, each between dots and before a bar; its
INSEE code and those of before, each after a #; its postcodes, each after an @. After the first
tab comes what is only shown: name, région, groups, whole town, names of before.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from accueil.store.folding import fold

_FILE = Path(__file__).with_name("communes.tsv")
# What is said, and what it is looked for as: "vitry s/seine", then "paris 12e" as "paris n12", for
# 12 alone would be a département. So is 13 after Marseille.
_SAID = (
    (re.compile(r"\bs ?s (?=\w)"), "sous "),
    (re.compile(r"\bs (?=\w)"), "sur "),
    (
        re.compile(
            r"\b(?!marseille 13\b(?! arr))(paris|lyon|marseille) 0?([1-9]|1[0-9]|20)"
            r"(?:er|e|eme|ieme)?(?: arr[a-z]*)?(?= |$)"
        ),
        r"\1 n\2",
    ),
)


def words(text: str) -> list[str]:
    """Folded, with what people shorten written in one way."""
    folded = fold(text)
    for said, meant in _SAID:
        folded = said.sub(meant, folded)
    return folded.split()


def dotted(said: Iterable[str]) -> bytes:
    """These words as they are written in a line, without the dots at both ends."""
    return ".".join(said).encode()


@cache
def everything() -> bytes:
    """Every line, between line breaks."""
    lines = BytesIO()
    with _FILE.open(encoding="utf-8") as file:
        for line in file:
            if not line.startswith(("#", "name\t")):
                lines.write(_searchable(line.rstrip("\n").split("\t")))
    lines.write(b"\n")
    return lines.getvalue()


def _searchable(fields: list[str]) -> bytes:
    """A line of the file as a line of the list."""
    name, insee, region, groups, postcodes, within, formerly, old = [*fields, *[""] * 7][:8]
    known = filter(None, (name, *formerly.split(";")))
    names = b"".join(b".%b.|" % dotted(words(each)) for each in known)
    numbers = "".join(f"#{code}" for code in (insee, *old.split()))
    numbers += "".join(f"@{postcode}" for postcode in postcodes.split())
    shown = "\t".join((name, region, groups, within, formerly))
    return b"\n%b%b\t%b" % (names, numbers.encode(), shown.encode())


def having(needle: bytes) -> Iterator[int]:
    """Where each line that has `needle` starts, past the line break before it."""
    lines = everything()
    at = lines.find(needle)
    while at >= 0:
        yield lines.rindex(b"\n", 0, at + 1) + 1
        at = lines.find(needle, lines.index(b"\n", at + 1))


def line(start: int) -> bytes:
    """The line that starts there."""
    return everything()[start : everything().index(b"\n", start)]
