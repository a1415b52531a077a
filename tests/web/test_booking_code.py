"""The paper was lost, or the page was left too soon: the desk gives the code once more."""

import re

from accueil.planning import appointments, booking
from accueil.store.codes import LENGTH, LETTERS, new_code
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.bookings import SEARCH, book, free
from tests.web.browser import Browser

CODE = re.compile(f"/r/([{LETTERS}]{{{LENGTH}}})/")


def test_a_further_code_opens_the_same_appointment_and_so_does_the_first(
    db: Db, agent: Browser
) -> None:
    first = new_code()
    held = book(db, free(db)[0], code=first)
    shown = agent.get(f"{SEARCH}/{held.id}").page
    given = agent.press(shown, f"{SEARCH}/{held.id}/code").page
    [again] = set(CODE.findall(given.html))
    assert again != first
    assert given.one(class_="ten").text.replace(" ", "") == again[:10]
    found = [appointments.appointment_of_code(db, code, MONDAY) for code in (first, again)]
    assert {each.id for each in found} == {held.id}
    assert again not in "".join(agent.been)


def test_of_one_that_is_over_or_cancelled_no_code_is_given(db: Db, agent: Browser) -> None:
    held = book(db)
    booking.cancel(db, held.id, "visitor", "visitor", MONDAY)
    assert agent.post(f"{SEARCH}/{held.id}/code", {}).status == 409


def test_a_partner_gives_none_of_another_s_people(db: Db, partner: Browser) -> None:
    assert partner.post(f"{SEARCH}/{book(db).id}/code", {}).status == 404
