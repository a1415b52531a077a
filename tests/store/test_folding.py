"""What is searched for is found however it was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accueil.store.folding import fold


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("L'HAŸ  LES ROSES", "l hay les roses"),
        ("Lʼhaÿ", "l hay"),
        ("Cœur de Causse", "coeur de causse"),
        ("CŒUR ex æquo", "coeur ex aequo"),
        ("Straße", "strasse"),
        ("Işık İstanbul", "isik istanbul"),
        ("Évry\u00a0—\tCourcouronnes\n", "evry courcouronnes"),
        ("n°5, 1er étage (à droite)", "n 5 1er etage a droite"),
        ("ouver\u00adture", "ouverture"),
        ("snake_case", "snake case"),
        ("شِفْيِي", "شفيي"),
        ("ＡＢＣ ①", "abc 1"),
        ("€ ! …", ""),
        ("", ""),
    ],
)
def test_words_are_left_without_case_accents_or_punctuation(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_no_character_folds_further_than_once() -> None:
    folded = {fold(chr(code)) for code in range(0x110000)}
    assert {word for word in folded if fold(word) != word} == set()


@given(st.text())
def test_only_small_letters_figures_and_single_spaces_are_left(text: str) -> None:
    words = fold(text).split(" ") if fold(text) else []
    assert all(word.isalnum() and word == word.casefold() for word in words)


@given(st.text(), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_how_a_keyboard_composes_accents_changes_nothing(text: str, form: str) -> None:
    assert fold(unicodedata.normalize(form, text)) == fold(text)


@given(st.text(st.characters(max_codepoint=0x24F)))
def test_case_changes_nothing_to_latin_words(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


@given(st.text(), st.text())
def test_words_fold_on_their_own(left: str, right: str) -> None:
    assert fold(f"{left} {right}") == f"{fold(left)} {fold(right)}".strip()
