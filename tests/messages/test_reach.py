"""Where somebody can be written to: what is kept, and what is refused."""

import pytest

from accueil.messages.reach import BadReach, Reach, read_reach


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0618420484", "+33618420484"),
        (" 06 18 42 04 84 ", "+33618420484"),
        ("07.56.78.90.12", "+33756789012"),
        ("+33 (0)6 18 42 04 84", "+33618420484"),
        ("0033 6 18 42 04 84", "+33618420484"),
        ("0692 12 34 56", "+262692123456"),
        ("0690 12 34 56", "+590690123456"),
        ("+213 551 23 45 67", "+213551234567"),
        ("+380 50 123 45 67", "+380501234567"),
        ("٠٦١٨٤٢٠٤٨٤", "+33618420484"),
    ],
)
def test_a_mobile_is_kept_as_the_world_dials_it(typed: str, kept: str) -> None:
    assert read_reach(typed) == Reach("sms", kept)


@pytest.mark.parametrize("typed", ["01 41 80 16 20", "09 72 10 16 20", "08 00 00 00 00"])
def test_a_number_that_is_no_mobile_is_named_so(typed: str) -> None:
    with pytest.raises(BadReach) as refused:
        read_reach(typed)
    assert refused.value.wrong == "landline"


@pytest.mark.parametrize(
    "typed",
    [
        *("06184204", "061842048488", "06", "15", "3615", "+44 12", "+999 1234 5678", "+", "0"),
        *("06 18 42 04 84 poste 3", "zéro six", "0612345678;rm", "6" * 300, "\x00", "- - -"),
    ],
)
def test_an_impossible_number_is_refused(typed: str) -> None:
    with pytest.raises(BadReach) as refused:
        read_reach(typed)
    assert refused.value.wrong == "number"


def test_an_address_is_kept_and_its_domain_made_plain() -> None:
    assert read_reach(" Moussa@Example.ORG ") == Reach("email", "Moussa@example.org")
    assert read_reach("a@exämple.org") == Reach("email", "a@xn--exmple-cua.org")


@pytest.mark.parametrize(
    "typed",
    [
        *("moussa@", "@example.org", "moussa@example", "a@b@example.org", "moussa@localhost"),
        *("moussa@example.org, b@example.org", "a b@example.org", "a@example..org"),
        *("a@example.org\r\nBcc: b@example.org", "é@example.org", "a" * 250 + "@example.org"),
        "0618420484@",
    ],
)
def test_an_impossible_address_is_refused(typed: str) -> None:
    with pytest.raises(BadReach) as refused:
        read_reach(typed)
    assert refused.value.wrong == "email"


@pytest.mark.parametrize("typed", [None, "", "   "])
def test_nothing_is_no_address(typed: str | None) -> None:
    with pytest.raises(BadReach) as refused:
        read_reach(typed)
    assert refused.value.wrong == "empty"
