"""What a partner writes is read as rules and hours, and what is missing is asked."""

from datetime import date

import pytest

from accueil.planning.phrases import Clause, read

EVEN = ",".join(str(week) for week in range(2, 53, 2))
ODD = ",".join(str(week) for week in range(1, 54, 2))
WORKING = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def only(phrase: str) -> Clause:
    (clause,) = read(phrase).clauses
    return clause


def written(clause: Clause) -> str:
    """A clause on one line: rule | hours | mode | questions."""
    hours = " ".join(f"{start}-{end or ''}" for start, end in clause.times)
    parts = (clause.rrule, hours, clause.mode, " ".join(clause.questions))
    return " | ".join(part or "" for part in parts)


@pytest.mark.parametrize(
    ("phrase", "read_as"),
    [
        ("1er et 5e mercredis du mois de 9h à 12h30 sur rendez-vous",
         "FREQ=MONTHLY;BYDAY=1WE,5WE | 09:00-12:30 | appointment | "),
        ("un jeudi sur deux à partir de 14h",
         "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH | 14:00- |  | end_time anchor"),
        ("1er vendredi du mois, le matin", "FREQ=MONTHLY;BYDAY=1FR |  |  | hours"),
        ("lundi 9h-10h30 et 13h30-17h30 sans rendez-vous",
         "FREQ=WEEKLY;BYDAY=MO | 09:00-10:30 13:30-17:30 | walk_in | "),
        ("2e mardi du mois à 17h", "FREQ=MONTHLY;BYDAY=2TU | 17:00- |  | end_time"),
        ("toutes les six semaines le mardi",
         "FREQ=WEEKLY;INTERVAL=6;BYDAY=TU |  |  | hours anchor"),
        ("toutes les six semaines", "FREQ=WEEKLY;INTERVAL=6 |  |  | day hours anchor"),
        ("sans rendez-vous", " |  | walk_in | day hours"),
        ("permanence", " |  |  | day hours"),
        ("permanence, jour et heure non donnés", " |  |  | day hours"),
        ("mardi matin (heures non données), premier rendez-vous",
         "FREQ=WEEKLY;BYDAY=TU |  | appointment | hours"),
        ("l'autre jeudi à la Maison pour tous (01 46 75 93 22)",
         "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH |  |  | hours anchor"),
    ],
)  # fmt: skip
def test_the_short_timetables(phrase: str, read_as: str) -> None:
    assert written(only(phrase)) == read_as


@pytest.mark.parametrize(
    ("phrase", "rule"),
    [
        ("tous les lundis", "FREQ=WEEKLY;BYDAY=MO"),
        ("chaque mardi", "FREQ=WEEKLY;BYDAY=TU"),
        ("du lundi au vendredi", WORKING),
        ("du vendredi au lundi", "FREQ=WEEKLY;BYDAY=MO,FR,SA,SU"),
        ("lundi, mardi et jeudi", "FREQ=WEEKLY;BYDAY=MO,TU,TH"),
        ("le lundi ainsi que le jeudi", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("tous les jours", "FREQ=DAILY"),
        ("tous les matins", "FREQ=DAILY"),
        ("tous les jours sauf le dimanche", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA"),
        ("du lundi au vendredi sauf le mercredi", "FREQ=WEEKLY;BYDAY=MO,TU,TH,FR"),
        ("le week-end", "FREQ=WEEKLY;BYDAY=SA,SU"),
        ("en semaine", WORKING),
        ("le dernier vendredi du mois", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("l’avant-dernier jeudi du mois", "FREQ=MONTHLY;BYDAY=-2TH"),
        ("premier et troisième mardi", "FREQ=MONTHLY;BYDAY=1TU,3TU"),
        ("le 1er et le dernier mardi", "FREQ=MONTHLY;BYDAY=1TU,-1TU"),
        ("les 2ᵉ et 4ᵉ jeudis", "FREQ=MONTHLY;BYDAY=2TH,4TH"),
        ("2ème lundi", "FREQ=MONTHLY;BYDAY=2MO"),
        ("2nd lundi", "FREQ=MONTHLY;BYDAY=2MO"),
        ("chaque 1er lundi", "FREQ=MONTHLY;BYDAY=1MO"),
        ("les 1er et 3e lundis et mardis du mois", "FREQ=MONTHLY;BYDAY=1MO,3MO,1TU,3TU"),
        ("premier lundi et troisième mercredi du mois", "FREQ=MONTHLY;BYDAY=1MO,3WE"),
        ("une semaine sur deux le mardi", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("tous les quinze jours le jeudi", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"),
        ("le jeudi tous les 15 jours", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"),
        ("tous les huit jours le jeudi", "FREQ=WEEKLY;BYDAY=TH"),
        ("le mardi toutes les deux semaines", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("tous les deux jeudis", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"),
        ("un mercredi sur trois", "FREQ=WEEKLY;INTERVAL=3;BYDAY=WE"),
        ("un mois sur deux le 1er mardi", "FREQ=MONTHLY;INTERVAL=2;BYDAY=1TU"),
        ("tous les trois mois", "FREQ=MONTHLY;INTERVAL=3"),
        ("un jour sur deux", "FREQ=DAILY;INTERVAL=2"),
        ("le 15 du mois", "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("les 1er et 15 de chaque mois", "FREQ=MONTHLY;BYMONTHDAY=1,15"),
        ("le dernier jour du mois", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("le jeudi des semaines paires", f"FREQ=YEARLY;BYWEEKNO={EVEN};BYDAY=TH"),
        ("jeudi, semaines impaires", f"FREQ=YEARLY;BYWEEKNO={ODD};BYDAY=TH"),
        ("le premier jeudi de mars", "FREQ=YEARLY;BYMONTH=3;BYDAY=1TH"),
        ("le lundi, d’octobre à mars", "FREQ=WEEKLY;BYMONTH=1,2,3,10,11,12;BYDAY=MO"),
        ("le lundi apres-midi en fevrier", "FREQ=WEEKLY;BYMONTH=2;BYDAY=MO"),
        ("tous les 15 mars", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15"),
        ("une fois par mois le mardi", "FREQ=MONTHLY"),
    ],
)
def test_days_as_people_say_them(phrase: str, rule: str) -> None:
    assert only(phrase).rrule == rule


@pytest.mark.parametrize(
    ("phrase", "times"),
    [
        ("9h", "09:00-"), ("9h00", "09:00-"), ("9:00", "09:00-"), ("9 heures", "09:00-"),
        ("à 9 h 30", "09:30-"), ("9h et demie", "09:30-"), ("quatorze heures", "14:00-"),
        ("9h-12h", "09:00-12:00"), ("9h–12h", "09:00-12:00"), ("9-12h", "09:00-12:00"),
        ("de 9 à 12 h", "09:00-12:00"), ("de 9h à midi", "09:00-12:00"),
        ("entre 9h et 12h", "09:00-12:00"), ("de 9h jusqu’à 12h", "09:00-12:00"),
        ("dès 14h", "14:00-"), ("à partir de 14h", "14:00-"),
        ("de 14h à 17h et de 9h à 12h", "09:00-12:00 14:00-17:00"),
        ("9h-12h / 14h-17h", "09:00-12:00 14:00-17:00"),
        ("matin de 9 h à 12 h", "09:00-12:00"), ("(9h-12h)", "09:00-12:00"),
    ],
)  # fmt: skip
def test_hours_as_people_write_them(phrase: str, times: str) -> None:
    clause = only(f"lundi {phrase}")
    assert " ".join(f"{start}-{end or ''}" for start, end in clause.times) == times
    assert clause.questions == (() if clause.times[0][1] else ("end_time",))


@pytest.mark.parametrize("phrase", ["lundi", "lundi matin", "lundi jusqu’à 17h", "lundi en soirée"])
def test_without_a_first_hour_the_hours_are_asked(phrase: str) -> None:
    assert only(phrase).questions == ("hours",)


@pytest.mark.parametrize(
    ("words", "mode"),
    [
        ("sans RDV", "walk_in"), ("en accès libre", "walk_in"), ("sur rdv", "appointment"),
        ("uniquement sur rendez-vous", "appointment"), ("avec ou sans rendez-vous", "both"),
        ("réunion collective", "collective"), ("atelier", "collective"),
        ("entre professionnels", "partners_only"), ("réunion entre partenaires", "partners_only"),
        ("", None),
    ],
)  # fmt: skip
def test_how_people_are_received(words: str, mode: str | None) -> None:
    assert only(f"lundi 9h-12h {words}").mode == mode
    assert only(f"{words} lundi 9h-12h").mode == mode


def test_accents_capitals_and_spaces_change_nothing() -> None:
    plain = read("jeudi après-midi de 14h à 17h, sans rendez-vous")
    assert read("JEUDI APRES-MIDI DE 14H A 17H, SANS RENDEZ-VOUS") == plain
    assert read("jeudi\u00a0après\u2011midi de 14\u202fh à 17\u00a0h, sans rendez‑vous") == plain


@pytest.mark.parametrize(
    ("phrase", "clauses"),
    [
        ("le lundi et le 1er mercredi de 9h à 12h",
         ["FREQ=WEEKLY;BYDAY=MO | 09:00-12:00 |  | ",
          "FREQ=MONTHLY;BYDAY=1WE | 09:00-12:00 |  | "]),
        ("lundi 9h-12h, mardi 14h-17h, sur rendez-vous",
         ["FREQ=WEEKLY;BYDAY=MO | 09:00-12:00 | appointment | ",
          "FREQ=WEEKLY;BYDAY=TU | 14:00-17:00 | appointment | "]),
        ("de 9h à 12h le lundi et de 14h à 17h le mardi",
         ["FREQ=WEEKLY;BYDAY=MO | 09:00-12:00 |  | ", "FREQ=WEEKLY;BYDAY=TU | 14:00-17:00 |  | "]),
        ("le lundi de 9h à 12h sans rendez-vous et de 14h à 17h sur rendez-vous",
         ["FREQ=WEEKLY;BYDAY=MO | 09:00-12:00 | walk_in | ",
          "FREQ=WEEKLY;BYDAY=MO | 14:00-17:00 | appointment | "]),
        ("le lundi matin et le jeudi après-midi de 14h à 17h",
         ["FREQ=WEEKLY;BYDAY=MO |  |  | hours", "FREQ=WEEKLY;BYDAY=TH | 14:00-17:00 |  | "]),
        ("le lundi matin et le jeudi matin de 9h à 12h",
         ["FREQ=WEEKLY;BYDAY=MO,TH | 09:00-12:00 |  | "]),
        ("Toutes les deux semaines : lundi 9h-12h, mardi 14h-17h",
         ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO | 09:00-12:00 |  | anchor",
          "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU | 14:00-17:00 |  | anchor"]),
    ],
)  # fmt: skip
def test_other_days_or_another_way_to_be_received_are_another_clause(
    phrase: str, clauses: list[str]
) -> None:
    assert [written(clause) for clause in read(phrase).clauses] == clauses


def test_from_when_and_until_when() -> None:
    clause = only("un jeudi sur deux de 14h à 17h, du 7 janvier au 30 juin 2027")
    assert clause.rrule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;UNTIL=20270630"
    assert clause.first == date(2027, 1, 7)
    assert clause.questions == ()
    assert only("lundi 9h-12h dès le 04/01/2027").first == date(2027, 1, 4)


def test_an_alternation_from_another_day_is_asked() -> None:
    clause = only("un jeudi sur deux de 14h à 17h à partir du 5 janvier 2027")
    assert clause.questions == ("anchor",)


def test_a_year_that_is_not_said_is_asked() -> None:
    assert only("un jeudi sur deux 14h-17h à partir du 7 janvier").questions == ("anchor",)
    assert only("lundi 9h-12h jusqu’au 30 juin").questions == ("until",)


def test_holidays_left_out() -> None:
    clause = only("le lundi de 9h à 12h, sauf jours fériés et vacances scolaires")
    assert clause.not_on == {"public", "school"}
    assert clause.questions == ("zone",)
    zoned = only("le lundi de 9h à 12h hors vacances scolaires (zone C)")
    assert zoned.not_on == {"school"}
    assert zoned.zone == "C"
    assert zoned.questions == ()


def test_one_date_is_one_occurrence() -> None:
    clause = only("le jeudi 7 janvier 2027 de 9h à 12h")
    assert (clause.rrule, clause.first) == ("FREQ=DAILY;COUNT=1", date(2027, 1, 7))
