"""An admin writes, changes, verifies and retires a sheet of the directory."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accueil.orientation import listings
from accueil.orientation.listings import Listing, Places
from accueil.store.db import Db
from tests.personae import MISSION_LOCALE
from tests.web.browser import Answer, Browser
from tests.web.directory import SHOP, keep, load_directory
from tests.web.page import Page

PAGE, NEW = "/annuaire", "/annuaire/nouvelle"
TODAY = date(2026, 11, 23)
CIMES = "essor93-cimes"


@pytest.fixture(autouse=True)
def directory(db: Db) -> None:
    load_directory(db)
    keep(db)


def filled(page: Page) -> dict[str, Any]:
    """What the form sends when nobody touches it."""
    form = next(each for each in page.forms if each.all("input", name="email"))
    sent: dict[str, Any] = {}
    for each in form.all("input"):
        if each.get("type") in ("radio", "checkbox") and each.get("checked") is None:
            continue
        sent.setdefault(each["name"], []).append(each.get("value") or "")
    for each in form.all("textarea"):
        sent[each["name"]] = each.text
    for each in form.all("select"):
        chosen = [one for one in each.all("option") if one.get("selected") is not None]
        sent[each["name"]] = chosen[0]["value"]
    return sent


def change(admin: Browser, listing_id: str = "epicerie", **typed: Any) -> Answer:
    address = f"{PAGE}/{listing_id}/modifier"
    return admin.send(address, {**filled(admin.get(address).page), **typed})


def create(admin: Browser, **typed: Any) -> Answer:
    return admin.send(NEW, {**filled(admin.get(NEW).page), **typed})


def kept(db: Db, listing_id: str = "epicerie") -> Listing:
    return listings.listing(db, listing_id)


def typed_in(answer: Answer, name: str) -> str | None:
    return answer.page.one("input", name=name).get("value")


def test_saving_what_was_not_touched_changes_nothing(db: Db, admin: Browser) -> None:
    for listing_id in ("epicerie", CIMES, MISSION_LOCALE, "ccas-chevilly"):
        before = kept(db, listing_id)
        done = change(admin, listing_id)
        assert (done.status, done.location) == (303, f"{PAGE}/{listing_id}")
        after = kept(db, listing_id)
        assert after == replace(before, version=before.version + 1)


def test_a_new_sheet_is_found_at_once(db: Db, admin: Browser, agent: Browser) -> None:
    done = create(
        admin,
        name="Vestiaire des Sorbiers",
        organisation="Secours",
        commune="L hay les roses",
        phones="0146870000, 39 19 / +33 1 46 87 00 01",
        url="secours.example.org",
        needs=["aide-sociale", "alimentation"],
        departements="94, 2a",
        **{"about-fr": "Des  habits pour tous.", "about-ar": "ملابس للجميع"},
    )
    assert done.status == 303
    found = kept(db, (done.location or "").removeprefix(f"{PAGE}/"))
    assert (found.commune, found.insee, found.postcode) == ("L'Haÿ-les-Roses", "94038", "94240")
    assert found.phones == ("01 46 87 00 00", "3919", "01 46 87 00 01")
    assert found.url == "https://secours.example.org"
    assert found.departements == ("94", "2A")
    assert found.needs == {"aide-sociale", "alimentation"}
    assert found.about == {"fr": "Des habits pour tous.", "ar": "ملابس للجميع"}
    page = agent.get(f"{PAGE}?q=vestiaire+hay").page
    assert "Vestiaire des Sorbiers" in page.one(id="results").text


def test_the_same_button_twice_makes_one_sheet(db: Db, admin: Browser) -> None:
    form = {**filled(admin.get(NEW).page), "name": "Vestiaire", "organisation": "Secours"}
    first, second = admin.send(NEW, form), admin.send(NEW, form)
    assert (first.status, second.status) == (303, 303)
    assert first.location == second.location
    assert len(db.all("SELECT id FROM listing WHERE name = 'Vestiaire'")) == 1


@pytest.mark.parametrize("taken", ["epicerie", CIMES, MISSION_LOCALE, "x", ""], ids=range(5))
def test_a_new_sheet_never_takes_the_place_of_another(taken: str, db: Db, admin: Browser) -> None:
    before = listings.listings(db, ["epicerie", CIMES, MISSION_LOCALE])
    create(admin, id=taken, name="Vestiaire", organisation="Secours")
    assert listings.listings(db, ["epicerie", CIMES, MISSION_LOCALE]) == before


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "À remplir"),
        ({"organisation": ""}, "À remplir"),
        ({"name": "x" * 151}, "Trop long"),
        ({"commune": "Zzyzx"}, "liste officielle"),
        ({"commune": "Paris", "postcode": "94550"}, "n’est pas celui de cette commune"),
        ({"postcode": "9455"}, "cinq chiffres"),
        ({"phones": "01 23"}, "dix chiffres"),
        ({"phones": "+41 22 345 67 89"}, "dix chiffres"),
        ({"email": "jean dupont"}, "courriel"),
        ({"url": "http://autre.example.org"}, "https://"),
        ({"url": "javascript:alert(1)"}, "https://"),
        ({"departements": "94, 99"}, "départements"),
        ({"total": "-1"}, "entier"),
        ({"total": "2", "left": "3"}, "Pas plus"),
        ({"state": "fermé"}, "Recommencez"),
        ({"hours": "\0"}, "Trop long"),
    ],
    ids=range(16),
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    wrong: dict[str, str], said: str, db: Db, admin: Browser
) -> None:
    before = kept(db)
    refused = change(admin, bring="deux photos", **wrong)
    assert refused.status == 422
    problems = [each.text for each in refused.page.all("p", class_="problem")]
    assert any(said in text for text in problems), problems
    assert refused.page.one("textarea", name="bring").text == "deux photos"
    for name in {"name", "organisation", "email", "url", "phones"} & wrong.keys():
        assert typed_in(refused, name) == wrong[name]
    assert kept(db) == before


def test_near_communes_are_proposed_and_one_touch_chooses(db: Db, admin: Browser) -> None:
    refused = change(admin, commune="Chevily", postcode="")
    near = refused.page.all("input", type="radio", name="insee")
    assert "94021" in {each["value"] for each in near}
    again = {**filled(refused.page), "insee": "94021"}
    assert admin.send(f"{PAGE}/epicerie/modifier", again).status == 303
    assert (kept(db).commune, kept(db).insee) == ("Chevilly-Larue", "94021")


def test_homonyms_are_told_apart(db: Db, admin: Browser) -> None:
    refused = change(admin, commune="Saint-Denis", postcode="")
    assert refused.status == 422
    near = {each["value"] for each in refused.page.all("input", type="radio", name="insee")}
    assert {"93066", "97411"} <= near
    assert change(admin, commune="Saint-Denis", postcode="93200").status == 303
    assert kept(db).insee == "93066"


def test_nothing_typed_is_lost_when_somebody_else_saved_first(db: Db, admin: Browser) -> None:
    form = filled(admin.get(f"{PAGE}/epicerie/modifier").page)
    keep(db, kept(db), hours="le jeudi")
    second = admin.send(f"{PAGE}/epicerie/modifier", {**form, "hours": "le lundi"})
    assert second.status == 409
    assert "le jeudi" in second.page.one("dl").text
    assert second.page.one("textarea", name="hours").text == "le lundi"
    assert kept(db).hours == "le jeudi"
    assert admin.send(f"{PAGE}/epicerie/modifier", filled(second.page)).status == 303
    assert kept(db).hours == "le lundi"


def test_the_house_s_text_is_shown_and_not_changed(db: Db, admin: Browser) -> None:
    page = admin.get(f"{PAGE}/{MISSION_LOCALE}/modifier").page
    assert "01 45 60 59 44" in page.one("main").text.replace("\xa0", " ")
    for name in ("name", "organisation", "phones", "needs", "about-fr"):
        assert page.all("input", name=name) + page.all("textarea", name=name) == []
    before = kept(db, MISSION_LOCALE)
    done = change(admin, MISSION_LOCALE, name="Autre", phones="115", bring="un CV")
    assert done.status == 303
    after = kept(db, MISSION_LOCALE)
    assert (after.name, after.phones, after.bring) == (before.name, before.phones, "un CV")
    assert after.rule == before.rule


def test_a_sheet_is_verified_in_one_touch(db: Db, agent: Browser) -> None:
    page = agent.get(f"{PAGE}/epicerie").page
    done = agent.press(page, f"{PAGE}/epicerie/verifier")
    assert kept(db).verified_on == TODAY
    assert "vérifiée le lun. 23 nov. 2026" in agent.follow(done).page.one("main").text


def test_places_are_counted_one_by_one(db: Db, agent: Browser) -> None:
    page = agent.get(f"{PAGE}/epicerie").page
    agent.press(page, f"{PAGE}/epicerie/places", left="2")
    assert kept(db).places == Places(12, 2, on=TODAY)
    page = agent.get(f"{PAGE}/epicerie").page
    agent.press(page, f"{PAGE}/epicerie/places", left="3")
    assert kept(db).places.left == 3


def test_a_double_touch_takes_one_place(db: Db, agent: Browser) -> None:
    page = agent.get(f"{PAGE}/epicerie").page
    agent.press(page, f"{PAGE}/epicerie/places", left="2")
    second = agent.press(page, f"{PAGE}/epicerie/places", left="2")
    assert (second.status, kept(db).places.left) == (409, 2)


@pytest.mark.parametrize("left", ["-1", "13", "beaucoup", "", "9" * 30])
def test_there_are_never_more_places_left_than_places(left: str, db: Db, agent: Browser) -> None:
    refused = agent.post(f"{PAGE}/epicerie/places", {"left": left, "version": "1"})
    assert refused.status == 422
    assert "de 0 à 12" in refused.page.one(role="alert").text
    assert kept(db).places.left == 3


def test_places_that_were_never_counted_are_noted(db: Db, agent: Browser) -> None:
    page = agent.get(f"{PAGE}/{CIMES}").page
    assert "accouchement dans le secret" in page.one("main").text
    version = page.all("input", name="version")[0]["value"]
    agent.post(f"{PAGE}/{CIMES}/places", {"left": "0", "version": version})
    assert kept(db, CIMES).places == Places(40, 0, on=TODAY, reserved=1)
    assert "complet" in agent.get(f"{PAGE}?q=cimes").page.one(id="results").text


def test_what_is_certain_is_no_longer_to_be_confirmed(db: Db, admin: Browser) -> None:
    change(admin, missing=[])
    assert kept(db).missing == ()


def test_a_sheet_is_retired_once_it_is_confirmed(db: Db, admin: Browser) -> None:
    page = admin.get(f"{PAGE}/epicerie/retirer").page
    assert kept(db)
    assert admin.press(page, f"{PAGE}/epicerie/retirer").location == PAGE
    assert admin.get(f"{PAGE}/epicerie").status == 404
    assert admin.get(f"{PAGE}?q=bearn+coeur").page.all("a", class_="entry") == []


def test_a_service_of_the_house_cannot_be_retired_here(db: Db, admin: Browser) -> None:
    assert admin.get(f"{PAGE}/{MISSION_LOCALE}/retirer").status == 404
    assert admin.post(f"{PAGE}/{MISSION_LOCALE}/retirer").status == 404
    assert kept(db, MISSION_LOCALE)


def test_what_was_imported_is_its_source_s_to_change(db: Db, admin: Browser) -> None:
    keep(db, replace(SHOP, id="di", version=0), source="dora")
    text = admin.get(f"{PAGE}/di").page.one("main").text
    assert "dora" in text
    assert "Modifier" not in text
    for path in ("modifier", "retirer"):
        assert admin.get(f"{PAGE}/di/{path}").status == 404
        assert admin.post(f"{PAGE}/di/{path}").status == 404
    assert admin.post(f"{PAGE}/di/verifier", {"version": "1"}).status == 303
    assert admin.post(f"{PAGE}/di/places", {"left": "1", "version": "2"}).status == 303
    assert (kept(db, "di").verified_on, kept(db, "di").places.left) == (TODAY, 1)


@pytest.mark.parametrize("name", SHOP.__slots__)
def test_no_field_breaks_the_form(name: str, admin: Browser) -> None:
    for value in ("\0", "👩🏽", "x" * 3_000, "<b>", "-1", "9" * 40):
        assert change(admin, **{name: value}).status in (303, 409, 422)


def test_the_mailbox_of_a_person_is_not_the_service_s(admin: Browser) -> None:
    page = admin.get(f"{PAGE}/nouvelle").page
    sent = admin.press(page, f"{PAGE}/nouvelle", fill={"email": "jean.dupont@ccas.example"})
    assert sent.status == 422
    assert "C’est l’adresse d’une personne" in sent.page.text
    assert "jean.dupont@ccas.example" in sent.page.html
