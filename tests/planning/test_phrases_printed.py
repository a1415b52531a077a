"""The timetables of the municipal article, as printed, and what cannot be understood."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accueil.planning.phrases import QUESTIONS, NotUnderstood, read
from accueil.planning.recurrence import rule
from tests.personae import FOLDER
from tests.planning.test_phrases import written

PRINTED = [
    ("Correspondant du Parquet M. Hornetz reçoit sans rendez-vous le lundi de 9h à 10h30 et de"
     " 13h30 à 17h30, sur rendez-vous les 1er et 5e mercredis du mois de 9h à 12h30"
     " au 01 41 80 18 95 – 06 18 42 04 84.",
     ["FREQ=WEEKLY;BYDAY=MO | 09:00-10:30 13:30-17:30 | walk_in | ",
      "FREQ=MONTHLY;BYDAY=1WE,5WE | 09:00-12:30 | appointment | "],
     ["Correspondant du Parquet M. Hornetz reçoit", "au 01 41 80 18 95 – 06 18 42 04 84"]),
    ("AEF 94 Accompagnement individuel des demandeurs d’emploi. Permanences le mardi matin pour un"
     " premier rendez-vous au 3, rue du Béarn (01 41 80 18 95), pour le suivi au 01 46 86 12 69.",
     ["FREQ=WEEKLY;BYDAY=TU |  | appointment | hours"],
     ["AEF 94 Accompagnement individuel des demandeurs d’emploi", "Permanences",
      "au 3, rue du Béarn", "(01 41 80 18 95)", "pour le suivi au 01 46 86 12 69"]),
    ("◗ Assistante sociale de la Cramif (Caisse régionale d’assurance maladie d’Île-de-France)"
     " Permanence le jeudi après-midi au 3, rue du Béarn, sur rendez-vous (au 01 56 20 15 85).",
     ["FREQ=WEEKLY;BYDAY=TH |  | appointment | hours"],
     ["Assistante sociale de la Cramif",
      "(Caisse régionale d’assurance maladie d’Île-de-France)", "Permanence",
      "au 3, rue du Béarn", "(au 01 56 20 15 85)"]),
    ("Permanences un jeudi sur deux au 3, rue du Béarn (et un jeudi sur deux à la Maison pour tous"
     " au 01 46 75 93 22) l’après-midi à partir de 14h. Sur rendez-vous au 01 41 80 18 95",
     ["FREQ=WEEKLY;INTERVAL=2;BYDAY=TH | 14:00- | appointment | end_time anchor"],
     ["Permanences", "au 3, rue du Béarn",
      "(et un jeudi sur deux à la Maison pour tous au 01 46 75 93 22)", "au 01 41 80 18 95"]),
    ("EDF Précarité Permanence le 1er vendredi du mois, le matin, sur rendez-vous"
     " au 3, rue du Béarn. Tel : 01 41 80 18 95",
     ["FREQ=MONTHLY;BYDAY=1FR |  | appointment | hours"],
     ["EDF Précarité Permanence", "au 3, rue du Béarn", "Tel : 01 41 80 18 95"]),
    ("Ce service municipal organise un point mensuel d’information et de pré-inscription en"
     " présence des représentants des différents modes d’accueil des tout-petits, les 2e mardis du"
     " mois à 17h. 4, place Nelson Mandela 01 56 30 02 92",
     ["FREQ=MONTHLY;BYDAY=2TU | 17:00- | collective | end_time"],
     ["Ce service municipal organise un",
      "d’information et de pré-inscription en présence des représentants des différents modes"
      " d’accueil des tout-petits", "4, place Nelson Mandela 01 56 30 02 92"]),
    ("Toutes les six semaines se tient le pôle gérontologique, animé par le Clic6 et auquel"
     " participent les services municipaux et départementaux ainsi que le bailleur Valophis.",
     ["FREQ=WEEKLY;INTERVAL=6 |  |  | day hours anchor"],
     ["se tient le pôle gérontologique",
      "animé par le Clic6 et auquel participent les services municipaux et départementaux ainsi"
      " que le bailleur Valophis"]),
    ("Les usagers peuvent être reçus sans rendez-vous par des assistantes sociales d’accueil et sur"
     " rendez-vous par des assistantes sociales d’accompagnement.",
     [" |  | walk_in | day hours", " |  | appointment | day hours"],
     ["Les usagers peuvent être reçus", "par des assistantes sociales d’accueil et",
      "par des assistantes sociales d’accompagnement"]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "clauses", "ignored"), PRINTED)
def test_a_line_as_printed(line: str, clauses: list[str], ignored: list[str]) -> None:
    said = read(line)
    assert [written(clause) for clause in said.clauses] == clauses
    assert list(said.ignored) == ignored


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("le zurdi de 9h à 12h", "zurdi"),
        ("Permanence le zurdi de 9h à 12h", "zurdi"),
        ("le mardi de 9h à 12h et le zurdi de 14h à 17h", "zurdi"),
        ("mecredi de 9h à 12h", "mecredi"),
        ("zurdi", "zurdi"),
        ("n’importe quoi", "n’importe quoi"),
        ("le lundi de 9h à 12h sauf quand il pleut", "sauf quand il pleut"),
        ("le lundi de 9h à 12h sauf le 3e", "sauf le 3e"),
        ("le lundi de 9h à 12h (sauf le 3e)", "sauf le 3e"),
        ("du lundi au vendredi sauf le mercredi matin", "sauf le mercredi matin"),
        ("le lundi de 9h à 12h hors vacances", "hors vacances"),
        ("le lundi de 9h à 12h sauf le lundi de Pâques", "Pâques"),
        ("le mardi de 9h à 12h pendant les vacances scolaires", "pendant les vacances scolaires"),
        ("le mardi de 9h à 12h si possible", "si possible"),
        ("pas de permanence le lundi", "pas de permanence"),
        ("lundi ou mardi de 9h à 12h", "ou mardi"),
        ("lundi et jeudi sur deux", "sur deux"),
        ("un samedi de 9h à 12h", "un"),
        ("deux fois par semaine", "deux fois par semaine"),
        ("le mardi par quinzaine", "par quinzaine"),
        ("tous les jours de la semaine", "semaine"),
        ("lundi vers 9h", "vers 9h"),
        ("lundi prochain à 9h", "prochain"),
        ("du lundi 9h au vendredi 17h", "du"),
        ("lundi de 9 à 12", "9 à 12"),
        ("le 15 mars de 9h à 12h", "15 mars"),
        ("lundi 9h-12h, 2 places", "2 places"),
        ("le 1er lundi et mercredi", "mercredi"),
        ("le lundi de 12h à 9h", "12h à 9h"),
        ("le lundi à 25h", "25h"),
        ("le lundi à 9h60", "9h60"),
        ("6e lundi du mois", "6e lundi"),
        ("0e lundi du mois", "0e lundi"),
        ("le 32 du mois", "32 du mois"),
        ("un lundi sur 0", "sur 0"),
        ("lundi 9h-12h et 11h-13h", "11h-13h"),
        ("lundi matin de 14h à 17h", "de 14h à 17h"),
        ("le jeudi 8 janvier 2027 à 9h", "jeudi 8 janvier 2027"),
        ("lundi à partir du 30 février 2027", "30 février 2027"),
        ("lundi du 7 janvier 2027 au 3 janvier 2027", "3 janvier 2027"),
        ("une semaine sur deux le 1er mardi", "une semaine sur deux le 1er mardi"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_named(phrase: str, words: str) -> None:
    with pytest.raises(NotUnderstood) as refusal:
        read(phrase)
    assert any(words in said for said in refusal.value.words), refusal.value.words
    assert all(said in phrase for said in refusal.value.words)


@pytest.mark.parametrize("phrase", ["", "   ", ".", "le la les"])
def test_nothing_said_is_not_understood(phrase: str) -> None:
    with pytest.raises(NotUnderstood):
        read(phrase)


def test_brackets_in_brackets_end() -> None:
    assert read("lundi 9h-12h (au 1er étage (à gauche))").ignored
    with pytest.raises(NotUnderstood):
        read("(" * 1_900)


def test_a_very_long_phrase_is_refused() -> None:
    with pytest.raises(NotUnderstood):
        read("lundi " * 1_000)


WORDS = """
le les un une lundi jeudis mardi 1er 5e dernier du mois de à 9h 12h30 14h 17h - et , . ( )
sauf hors jours fériés vacances scolaires sur deux toutes semaines paires tous quinze matin
après-midi sans rendez-vous ou janvier 2027 7 jusqu’au à partir zurdi au 3, rue permanence
reçoit par mois chaque en mars midi : / 01 41 80 18 95 ans réunion 15 30 2030-02-30
"""


@given(st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join) | st.text(max_size=60))
def test_any_phrase_gives_rules_that_can_be_read_or_says_what_it_is_not(phrase: str) -> None:
    try:
        said = read(phrase)
    except NotUnderstood:
        return
    for clause in said.clauses:
        if clause.rrule is not None:
            rule(clause.rrule)
        assert set(clause.questions) <= set(QUESTIONS)
        assert all(end is None or start < end for start, end in clause.times)
        assert clause.times or "hours" in clause.questions


@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=10))
def test_a_word_that_restricts_is_never_dropped(words: list[str]) -> None:
    phrase = " ".join([*words, "sauf quand il pleut"])
    with pytest.raises(NotUnderstood):
        read(phrase)


def test_what_the_house_says_of_its_permanences_is_understood_as_it_is_kept() -> None:
    permanences = tomllib.loads((FOLDER / "permanences.toml").read_text(encoding="utf-8"))
    for kept in permanences["permanence"]:
        if kept["said"]:
            clause = read(kept["said"]).clauses[0]
            assert clause.mode in (None, kept["mode"]), kept["said"]
            asked = set(clause.questions) & {"day", "hours", "end_time", "anchor"}
            assert asked - {"hours", "end_time"} <= set(kept["assumed"]), kept["said"]
            if not asked:
                assert clause.rrule == kept["rrule"], kept["said"]
                assert [list(pair) for pair in clause.times] == kept["times"], kept["said"]
