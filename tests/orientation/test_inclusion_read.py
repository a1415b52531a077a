"""A file of others: what cannot be taken is told, one entry at a time; the rest is proposed."""

import json
from typing import Any

import pytest

from accueil.orientation.inclusion.check import MOST_OCTETS, Broken, Fault, Noted
from accueil.orientation.inclusion.read import BadFile, Twin
from tests.orientation.inclusion_files import file, found, service, structure

POINT = "nom : Le nom du service ne doit pas se terminer par un point."


def broken(entry: Any) -> tuple[Fault, ...]:
    """What is wrong with one service among good ones."""
    report, entries = found(file(service(1), entry, service(3)))
    assert [each.id for each in entries] == ["dora--s1", "dora--1", "dora--3"]
    assert report.broken_count == 1
    assert report.broken[0].number == 2
    return report.broken[0].faults


def noted(entry: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.what, each.key) for each in found(file(entry))[0].notes]


def test_one_broken_among_a_thousand_is_named_and_the_rest_is_proposed() -> None:
    services = [service(n) for n in range(1_000)]
    services[499]["date_maj"] = "le 3 mai"
    report, entries = found(file(*services))
    assert report.broken == (
        Broken("service", 500, "dora", "dora--499", (Fault("date_maj", "date", "le 3 mai"),)),
    )
    assert (len(entries), report.good) == (1_000, {"structure": 1, "service": 999})


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (service(2, nom="AB"), Fault("nom", "short", "AB")),
        (service(2, nom=None), Fault("nom", "missing")),
        (service(2, nom=12), Fault("nom", "text", "12")),
        (service(2, description="?"), Fault("description", "short", "?")),
        (service(2, code_postal="9455"), Fault("code_postal", "code", "9455")),
        (service(2, zone_eligibilite=["94", "Ivry"]), Fault("zone_eligibilite", "code", "Ivry")),
        (service(2, thematiques=["astres"]), Fault("thematiques", "choice", "astres")),
        (service(2, thematiques="sante"), Fault("thematiques", "list", "sante")),
        (service(2, publics=[]), Fault("publics", "few")),
        (service(2, publics=["tous-publics", "jeunes"]), Fault("publics", "exclusive")),
        (service(2, date_maj="2999-01-01"), Fault("date_maj", "day", "2999-01-01")),
        (service(2, courriel="à l’accueil"), Fault("courriel", "email", "à l’accueil")),
        (service(2, lien_source="la page"), Fault("lien_source", "url", "la page")),
        (service(2, longitude="est"), Fault("longitude", "number", "est")),
        (service(2, nombre_semaines=0), Fault("nombre_semaines", "number", "0")),
        (service(2, id=""), Fault("id", "missing")),
        (service(2, id="x" * 300), Fault("id", "long")),
        (service(2, commune="\0"), Fault("commune", "characters")),
        (service(2, profils=["jeunes"]), Fault("profils", "v0")),
        (service(2, description="x" * MOST_OCTETS), Fault("", "too-big")),
        (42, Fault("", "not-an-object")),
        ([], Fault("", "not-an-object")),
        (None, Fault("", "not-an-object")),
    ],
)  # fmt: skip
def test_an_entry_says_which_of_its_values_is_wrong_and_why(entry: Any, fault: Fault) -> None:
    assert broken(entry) == (fault,)


def test_all_that_is_wrong_with_an_entry_is_told() -> None:
    entry = service(2, nom="AB", code_insee="94")
    del entry["description"]
    assert {fault.field: fault.why for fault in broken(entry)} == {
        "nom": "short",
        "description": "missing",
        "code_insee": "code",
    }


def test_a_number_too_great_for_anybody_is_no_number() -> None:
    content = file(service(2, longitude=7777)).replace(b"7777", b"1e999")
    assert found(content)[0].broken[0].faults == (Fault("longitude", "number"),)


def test_a_key_that_is_there_twice_would_hide_one_of_its_values() -> None:
    content = file(service(2)).replace(b'"nom": "Atelier 2"', b'"nom": "Un", "nom": "Deux"')
    assert found(content)[0].broken[0].faults == (Fault("nom", "twice"),)


@pytest.mark.parametrize(
    ("content", "reason", "where"),
    [
        (b"", "empty", ""),
        (b"\xef\xbb\xbf \n", "empty", ""),
        (b"Bonjour", "not-json", "1"),
        (b'{"services":\n[{"id": 1},\n]}', "not-json", "3"),
        (b'[{"id": 1}, {"id":', "cut-short", ""),
        (b'{"services": [], "structures": [', "cut-short", ""),
        (b'[\n{"longitude": NaN}]', "not-a-number", "2"),
        (b'[{"longitude": -Infinity}]', "not-a-number", "1"),
        (b"[" * 100_000, "too-deep", ""),
        (b'[{"a":' + b"[" * 90_000 + b"]" * 90_000 + b"}]", "too-deep", ""),
        (b'{"service": []}', "not-a-directory", "service"),
        (b'{"services": {"a": 1}}', "not-a-directory", "services"),
        (json.dumps(service()).encode(), "not-a-directory", "source, structure_id, id, nom, descr"),
        (b"[]", "no-entry", ""),
        (b'{"services": []}', "no-entry", ""),
        ('[{"nom": "été"}]'.encode("latin-1"), "encoding", "1"),
        ("[]".encode("utf-16"), "encoding", "1"),
        (b'[{"nom": "\xe9"', "encoding", "1"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_reason(
    content: bytes, reason: str, where: str
) -> None:
    with pytest.raises(BadFile) as refused:
        found(content)
    assert refused.value.reason == reason
    assert refused.value.where[: len(where)] == where


def test_a_mark_before_the_first_character_changes_nothing() -> None:
    assert found(b"\xef\xbb\xbf" + file(service())) == found(file(service()))


def test_a_bare_list_is_of_one_kind() -> None:
    services, entries = found(json.dumps([service(1), service(2)]).encode())
    assert (services.kinds, [each.kind for each in entries]) == (("service",), ["service"] * 2)
    structures, entries = found(json.dumps([structure(1)]).encode())
    assert (structures.kinds, [each.kind for each in entries]) == (("structure",), ["structure"])


def test_a_file_of_version_0_is_recognised() -> None:
    old = [
        {"id": "1", "source": "dora", "structure_id": "2", "nom": "Atelier", "profils": ["jeunes"],
         "zone_diffusion_type": "commune", "recurrence": "le lundi"},
        {"id": "2", "source": "dora", "structure_id": "2", "nom": "Autre", "contact_public": True},
    ]  # fmt: skip
    with pytest.raises(BadFile) as refused:
        found(json.dumps(old).encode())
    assert refused.value.reason == "v0"
    assert refused.value.where == "contact_public, profils, recurrence, zone_diffusion_type"


def test_unknown_keys_are_told_with_whose_they_are() -> None:
    entries = [service(n, score=0.5) for n in range(7)]
    report, kept = found(file(*entries, service(8, **{"": 1})))
    assert report.notes == (
        Noted("unknown-key", "service", "", 1, ("dora--8",)),
        Noted("unknown-key", "service", "score", 7, tuple(f"dora--{n}" for n in range(5))),
    )
    assert "score" not in kept[1].text


def test_a_key_beside_the_lists_is_told() -> None:
    content = json.dumps({"services": [service()], "licence": "ODbL"}).encode()
    assert Noted("unknown-key", "structure", "licence", 1, ("",)) in found(content)[0].notes


def test_two_entries_of_one_id_are_told_and_the_first_is_taken() -> None:
    again, other = service(1), service(1, nom="Un autre atelier")
    report, entries = found(file(service(1), again, service(2), other))
    assert report.twins == (
        Twin("service", 2, 1, "dora--1", True),
        Twin("service", 4, 1, "dora--1", False),
    )
    assert [json.loads(each.text)["nom"] for each in entries[1:]] == ["Atelier 1", "Atelier 2"]


def test_the_same_id_in_two_sources_or_two_kinds_is_no_twin() -> None:
    same = structure(id="dora--1")
    entries = file(service(1), service(1, source="mairie"), structures=[same])
    assert found(entries)[0].twins == ()


def test_nobody_who_works_there_is_kept() -> None:
    named = service(1, contact_nom_prenom="Marie Durand", courriel="marie.durand@asso.fr")
    report, entries = found(file(named, service(2, contact_nom_prenom=None)))
    assert [each.what for each in report.notes] == ["contact-name", "mailbox"]
    assert "durand" not in "".join(each.text for each in entries).lower()
    assert "contact_nom_prenom" not in entries[-1].text


def test_the_mailbox_of_an_office_is_kept() -> None:
    _, entries = found(file(service(1, courriel="contact@asso.fr")))
    assert json.loads(entries[1].text)["courriel"] == "contact@asso.fr"


@pytest.mark.parametrize(
    ("other", "what", "key"),
    [
        ({"nom": "Atelier."}, "schema", POINT),
        ({"telephone": "01 41 80 18 95 ou 96"}, "phone", ""),
        ({"horaires_accueil": "le jeudi"}, "hours", ""),
        ({"zone_eligibilite": ["idf"]}, "zone", "idf"),
        ({"zone_eligibilite": None}, "no-zone", ""),
        ({"publics": None}, "no-public", ""),
        ({"thematiques": []}, "no-theme", ""),
    ],
)  # fmt: skip
def test_what_deserves_a_look_is_told_and_taken(other: dict[str, Any], what: str, key: str) -> None:
    assert noted(service(**other)) == [(what, key)]


def test_a_service_without_its_structure_and_a_structure_without_service_are_told() -> None:
    lost, alone = service(1, structure_id="dora--s9"), structure(2)
    notes = found(file(lost, service(2), structures=[structure(1), alone]))[0].notes
    assert [(each.what, each.first) for each in notes] == [
        ("alone", ("dora--s2",)),
        ("no-structure", ("dora--1",)),
    ]


def test_numbers_days_and_lists_are_written_as_the_schema_reads_them() -> None:
    said = service(longitude="2.35", nombre_semaines=3.0, date_maj="2026-09-15T00:00:00")
    said["publics"] = ["jeunes", "femmes", "jeunes"]
    kept = json.loads(found(file(said))[1][1].text)
    assert (kept["longitude"], kept["nombre_semaines"]) == (2.35, 3)
    assert (kept["date_maj"], kept["publics"]) == ("2026-09-15", ["femmes", "jeunes"])


def test_what_this_house_exported_is_counted_and_left() -> None:
    report, entries = found(file(service(1), service(2, source="ecs")), own="ecs")
    assert (report.own, report.sources, len(entries)) == (1, ("dora",), 2)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (b'"Atelier \\ud800x"', Fault("nom", "characters")),
        (b'"Atelier \\ud800"', Fault("nom", "characters")),
        (b"NaN", Fault("nom", "text", "nan")),
        (b'"Atelier \t2"', Fault("", "unreadable")),
        (b'"Atelier \\x 2"', Fault("", "unreadable")),
        (b"01", Fault("", "unreadable")),
        (b'{"a" "b"}', Fault("", "unreadable")),
        (b'"Atelier", "2", ["]"]', Fault("", "unreadable")),
    ],
)
def test_an_entry_that_is_not_json_is_broken_alone(written: bytes, fault: Fault) -> None:
    both = file(service(1), service(2), service(3))
    services = both.partition(b'"services": ')[2][:-1]
    for content in (both, services, b"\n" + both + b"\r\n"):
        report, entries = found(content.replace(b'"Atelier 2"', written))
        assert [each.id for each in entries if each.kind == "service"] == ["dora--1", "dora--3"]
        (told,) = report.broken
        assert (told.number, told.faults[0].field, told.faults[0].why) == (
            2, fault.field, fault.why,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (b'"Atelier 2', "not-json"),
        (b'"Atelier 2"}', "not-json"),
        (b'["Atelier 2"}', "not-json"),
    ],
)
def test_where_no_entry_can_be_told_from_the_next_the_file_is_refused(
    written: bytes, reason: str
) -> None:
    content = file(service(1), service(2), service(3)).replace(b'"Atelier 2"', written)
    with pytest.raises(BadFile) as refused:
        found(content)
    assert (refused.value.reason, refused.value.where) == (reason, "1")
