import shutil
from pathlib import Path

import pytest

from accueil.house.text import HouseText, Mistake, read
from accueil.planning.timetable import load
from accueil.store.db import Db
from tests.personae import FOLDER, MONDAY

HOUSE, PARTNERS, PERMANENCES = "house.toml", "partners.toml", "permanences.toml"
MISSION = 'id           = "ecs-mission-locale"'
PARQUET_MONDAY = """\
mode    = "walk_in"
rrule   = "FREQ=WEEKLY;BYDAY=MO"
first   = 2026-01-05
times   = [["09:00", "10:30"], ["13:30", "17:30"]]"""
SECRETARIAT = 'id      = "petite-enfance-bureau"'

# file, what is written there, what somebody writes instead, the key and what was expected there
BROKEN = {
    "not TOML": (HOUSE, "[[site]]", "[[site", "not TOML", "line"),
    "an unknown key": (HOUSE, "seats   = 2", "chairs  = 2", "room", "unknown field `chairs`"),
    "an unknown table": (HOUSE, "[[room]]", "[[rooms]]", "top level", "unknown field `rooms`"),
    "a missing key": (HOUSE, 'address   = "3 rue du Béarn"', "", "site", "field `address`"),
    "a number for a text": (HOUSE, '"94550"', "94550", "postcode", "Expected `str`"),
    "a text for a truth": (HOUSE, "reception = true", 'reception = "oui"', "reception", "`bool`"),
    "a text for a list": (HOUSE, '["fr", "en"]', '"fr"', "announce", "Expected `array`"),
    "an id with capitals": (HOUSE, '"bearn-bureau-6"', '"Bureau 6"', "room", "regex"),
    "an id with a line break": (HOUSE, '"mandela-bureau-partage"', r'"m\n"', "room", "regex"),
    "an empty id": (HOUSE, '"bearn-bureau-6"', '""', "room", "regex"),
    "an empty name": (HOUSE, 'name    = "Bureau 6"', 'name = ""', "name", "length >= 1"),
    "a name over two lines": (HOUSE, '"Bureau 6"', r'"Bureau\n6"', "name", "regex"),
    "a name that ends with a line break": (HOUSE, '"Bureau 6"', r'"Bureau 6\n"', "name", "regex"),
    "a name without end": (HOUSE, '"Bureau 6"', f'"{"6" * 201}"', "name", "length <= 200"),
    "a language in words": (HOUSE, '["fr", "en"]', '["français"]', "announce", "regex"),
    "a phone in one block": (HOUSE, '"01 46 75 93 22"', '"0146759322"', "phone", "regex"),
    "an unknown assumption": (HOUSE, '["address"]', '["colour"]', "assumed", "enum value"),
    "no seat": (HOUSE, "seats   = 2", "seats   = 0", "seats", ">= 1"),
    "too many seats": (HOUSE, "seats   = 2", "seats   = 51", "seats", "<= 50"),
    "an unknown zone": (
        HOUSE, '"Europe/Paris"', '"Europe/Chevilly"', "site bearn, timezone", "IANA",
    ),
    "a site twice": (HOUSE, 'id        = "mandela"', 'id = "bearn"', "site bearn", "once"),
    "a room twice": (HOUSE, '"bearn-bureau-6"', '"bearn-bureau-5"', "room bearn-bureau-5", "once"),
    "a room nowhere": (
        HOUSE, 'site    = "mandela"', 'site = "nelson"', "room mandela-bureau-partage, site",
        "expected one of bearn, maison-pour-tous, mandela, got 'nelson'",
    ),
    "no reception": (HOUSE, "reception = true", "reception = false", "site", "reception = true"),
    "a closure that ends first": (
        HOUSE, "# [[closure]]",
        '[[closure]]\nfirst = 2026-12-31\nlast = 2026-12-24\nreason = "Fêtes"',
        "closure 'Fêtes', last", "on or after first",
    ),
    "a closure without a reason": (
        HOUSE, "# [[closure]]", "[[closure]]\nfirst = 2026-12-24\nlast = 2026-12-31",
        "closure", "field `reason`",
    ),
    "a closure on no day": (
        HOUSE, "# [[closure]]", '[[closure]]\nfirst = "Noël"\nlast = 2026-12-31\nreason = "x"',
        "first", "Invalid RFC3339",
    ),
    "an organisation twice": (PARTNERS, 'id     = "edf"', 'id = "ecs"', "organisation ecs", "once"),
    "an unknown colour": (PARTNERS, '"ochre"', '"fuchsia"', "colour", "enum value 'fuchsia'"),
    "a service twice": (
        PARTNERS, 'id           = "solepi"', 'id = "valophis"', "service valophis", "once",
    ),
    "a service of nobody": (
        PARTNERS, 'organisation = "edf"', 'organisation = "gdf"',
        "service ecs-edf-precarite, organisation", "got 'gdf'",
    ),
    "a service nowhere": (
        PARTNERS, f'{MISSION}\norganisation = "mission-locale"\nname         = "Mission locale"\n'
        'site         = "bearn"',
        f'{MISSION}\norganisation = "mission-locale"\nname = "Mission locale"\nsite = "nelson"',
        "service ecs-mission-locale, site", "got 'nelson'",
    ),
    "an unknown audience": (PARTNERS, '"staff"', '"town"', "audience", "enum value 'town'"),
    "an unknown booking": (PARTNERS, '"partner"', '"phone"', "booking", "enum value 'phone'"),
    "a need in words": (PARTNERS, '["logement"]', '["Se loger"]', "needs", "regex"),
    "a sentence in no French": (
        PARTNERS, "about.fr     = \"Un organisme qui loue des logements aux habitants.\"", "",
        "service valophis, about", "fr at least",
    ),
    "an unknown language": (PARTNERS, "about.en", "about.english", "about", "regex"),
    "no sentence": (
        PARTNERS, "# ── Partenaires hors les murs",
        '[[service]]\nid = "x"\norganisation = "edf"\nname = "x"\naudience = "staff"\n'
        'needs = []\nbooking = "none"\n#',
        "service", "field `about`",
    ),
    "no desk": (PARTNERS, "reception    = true", "", "site bearn", "exactly one service"),
    "two desks": (
        PARTNERS, "reception    = false", "reception    = true", "site bearn",
        "found ['ecs-accueil-partage', 'ecs-eds-as-accueil']",
    ),
    "a permanence twice": (
        PERMANENCES, SECRETARIAT, 'id      = "clic6"', "permanence clic6", "once",
    ),
    "a permanence of no service": (
        PERMANENCES, 'service = "ecs-cramif"', 'service = "cramif"',
        "permanence cramif-jeudi, service", "got 'cramif'",
    ),
    "a permanence nowhere": (
        PERMANENCES, 'site    = "maison-pour-tous"', 'site    = "mpt"',
        "permanence nouvelles-voies-maison-pour-tous, site", "got 'mpt'",
    ),
    "an unknown room": (
        PERMANENCES, '"bearn-salle-reunion"', '"bearn-grenier"',
        "permanence pole-gerontologique, room", "got 'bearn-grenier'",
    ),
    "a room of another site": (
        PERMANENCES, '"bearn-salle-reunion"', '"mandela-salle-collective"',
        "permanence pole-gerontologique, room", "got 'mandela-salle-collective'",
    ),
    "an unknown mode": (PERMANENCES, '"collective"', '"open_day"', "mode", "enum value"),
    "an hour of one figure": (PERMANENCES, '"13:30", "17:00"', '"9:00", "17:00"', "times", "regex"),
    "an hour of no day": (PERMANENCES, '"13:30", "17:00"', '"13:30", "24:00"', "times", "regex"),
    "an hour and a line break": (
        PERMANENCES, '"13:30", "17:00"', r'"13:30", "17:00\n"', "times", "regex",
    ),
    "no hours": (PERMANENCES, '[["17:00", "18:30"]]', "[]", "times", "length >= 1"),
    "an hour alone": (PERMANENCES, '[["17:00", "18:30"]]', '[["17:00"]]', "times", "length 2"),
    "an end before the start": (
        PERMANENCES, '[["17:00", "18:30"]]', '[["17:00", "16:30"]]',
        "permanence petite-enfance-reunion, times", "expected an end after 17:00, got 16:30",
    ),
    "an end at the start": (
        PERMANENCES, '[["17:00", "18:30"]]', '[["17:00", "17:00"]]',
        "permanence petite-enfance-reunion, times", "expected an end after 17:00, got 17:00",
    ),
    "a first day that is none": (
        PERMANENCES, "first   = 2026-01-02", "first   = true", "first", "Expected `date`",
    ),
    "a first day off the rule": (
        PERMANENCES, "first   = 2026-01-02", "first   = 2026-01-09",
        "permanence edf-vendredi, rrule", "such as 2026-02-06, got 2026-01-09",
    ),
    "a first day at the end of time": (
        PERMANENCES, "first   = 2026-01-02", "first   = 9999-12-31",
        "permanence edf-vendredi, rrule", "expected",
    ),
    "slots of no time": (
        PERMANENCES, "slot    = 45", "slot    = 0", "permanence", ">= 5",
    ),
    "a slot without end": (PERMANENCES, "slot    = 45", "slot    = 481", "permanence", "<= 480"),
    "a slot in words": (PERMANENCES, "slot    = 45", 'slot = "45"', "permanence", "`int | null`"),
    "no place": (PERMANENCES, "slot    = 45", "places  = 0", "permanence", ">= 1"),
    "too many places": (PERMANENCES, "slot    = 45", "places  = 201", "permanence", "<= 200"),
    "a rule in words": (
        PERMANENCES, '"FREQ=MONTHLY;BYDAY=1FR"', '"le 1er vendredi"',
        "permanence edf-vendredi, rrule", "expected an RRULE such as FREQ=WEEKLY;BYDAY=MO",
    ),
    "a rule of mixed days": (
        PERMANENCES, "BYDAY=1WE,5WE", "BYDAY=1WE,FR",
        "permanence parquet-mercredis, rrule", "with or without positions, not both",
    ),
    "a rule that never happens": (
        PERMANENCES, "BYDAY=1FR", "BYDAY=6FR",
        "permanence edf-vendredi, rrule", "happens within five years",
    ),
    "two permanences in one room": (
        PERMANENCES, PARQUET_MONDAY, PARQUET_MONDAY.replace("BYDAY=MO", "BYDAY=MO,TH"),
        "room", "Bureau 3",
    ),
    "one seat too few": (HOUSE, "seats   = 2", "seats   = 1", "room", "Bureau partagé"),
    "the same hours twice": (
        PERMANENCES, '[["17:00", "18:30"]]', '[["17:00", "18:30"], ["17:00", "18:00"]]',
        "permanence petite-enfance-reunion", "expected",
    ),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demonstration house, to be spoilt."""
    return Path(shutil.copytree(FOLDER, tmp_path / "house"))


def contents(db: Db) -> list[list[dict[str, object]]]:
    tables = db.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [db.all(f"SELECT * FROM {table['name']} ORDER BY rowid") for table in tables]


def test_the_demonstration_house_is_right() -> None:
    text = read(FOLDER)
    assert [site.id for site in text.sites] == ["bearn", "mandela", "maison-pour-tous"]
    assert len(text.permanences) == 16


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_mistake_names_the_file_the_key_and_what_was_expected_and_changes_nothing(
    folder: Path, db: Db, house: HouseText, broken: tuple[str, str, str, str, str]
) -> None:
    file, right, wrong, key, expected = broken
    text = (folder / file).read_text(encoding="utf-8")
    assert right in text
    (folder / file).write_text(text.replace(right, wrong, 1), encoding="utf-8")
    before = contents(db)
    with pytest.raises(Mistake) as mistake:
        load(db, read(folder), MONDAY)
    said = str(mistake.value)
    rest = said.removeprefix(f"{file}: ")
    if key != "room" or expected != "Bureau partagé":  # a seat too few shows in the permanences
        assert rest != said
    assert key in rest
    assert expected in rest
    assert contents(db) == before


@pytest.mark.parametrize("file", [HOUSE, PARTNERS, PERMANENCES])
def test_a_file_that_is_not_there_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(Mistake, match=f"^{file}: expected this file in {folder}"):
        read(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"^house\.toml: expected this file in .*nowhere"):
        read(tmp_path / "nowhere")


def test_a_folder_in_the_place_of_a_file_is_named(folder: Path) -> None:
    (folder / HOUSE).unlink()
    (folder / HOUSE).mkdir()
    with pytest.raises(Mistake, match=r"^house\.toml: "):
        read(folder)


def test_a_file_in_another_encoding_is_named(folder: Path) -> None:
    text = (folder / PARTNERS).read_text(encoding="utf-8")
    (folder / PARTNERS).write_bytes(text.encode("utf-16"))
    with pytest.raises(Mistake, match=r"^partners\.toml: expected text encoded in UTF-8"):
        read(folder)
