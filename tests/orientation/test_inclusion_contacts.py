"""Phones as others dial them, and mailboxes that are nobody's own."""

import pytest

from accueil.orientation.inclusion.contacts import e164, exported, is_personal, printed


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("01 41 80 18 95", "+33141801895"),
        ("01.41.80.18.95", "+33141801895"),
        ("+33 (0)1 41 80 18 95", "+33141801895"),
        ("0033141801895", "+33141801895"),
        ("+32 2 123 45 67", "+3221234567"),
        ("115", None),
        ("01 41 80 18", None),
        ("01 41 80 18 95 ou 06 18 42 04 84", None),
        ("à l’accueil", None),
    ],
)
def test_a_number_is_written_with_its_country(written: str, dialled: str | None) -> None:
    assert e164(written) == dialled


def test_a_short_number_is_dialled_as_it_is() -> None:
    assert [exported("115"), exported("39 19"), exported("non")] == ["115", "3919", None]


def test_people_read_a_number_by_pairs() -> None:
    assert printed("+33141801895") == "01 41 80 18 95"
    assert printed("39 19") == "39 19"


@pytest.mark.parametrize(
    "mailbox",
    ["marie.durand@asso.fr", "m.durand@asso.fr", "jean-pierre.martin@ccas.fr", "Durand_Marie@x.fr"],
)
def test_a_mailbox_that_names_somebody_is_found(mailbox: str) -> None:
    assert is_personal(mailbox)


@pytest.mark.parametrize(
    "mailbox",
    [
        "contact@asso.fr",
        "accueil.chevilly@asso.fr",
        "mission.locale@asso.fr",
        "as94@asso.fr",
        "resto-coeur@restosducoeur.org",
        "chevilly.larue@asso.fr",
    ],
)
def test_the_mailbox_of_an_office_is_not_somebodys(mailbox: str) -> None:
    assert not is_personal(mailbox, ["Permanence", "Chevilly-Larue"])
