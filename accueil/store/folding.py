"""Text as it is searched for: no case, no accents, no punctuation.

"L’Haÿ-les-Roses" and "l hay les roses" fold alike, and so do "Cœur" and "COEUR".
"""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
# What Unicode does not take apart: two ligatures, an i without dot, an apostrophe that is a letter.
_APART = str.maketrans({"œ": "oe", "æ": "ae", "ı": "i", "\u02bc": " "})


def fold(text: str) -> str:
    """The words of `text` as they are compared, one space apart; folding again changes nothing."""
    if text.isascii():
        return " ".join(_WORD.findall(text.lower()))
    return " ".join(_WORD.findall(_bare(text).casefold().translate(_APART)))


def _bare(text: str) -> str:
    """What is left without accents, vowel signs, and signs that nobody sees."""
    return "".join(
        character
        for character in unicodedata.normalize("NFKD", text)
        if unicodedata.category(character) not in {"Mn", "Mc", "Me", "Cf"}
    )
