"""A partner changes a permanence: the whole of it, from a date on, or its end."""

from datetime import date

from accueil.planning import agenda, series
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.browser import Browser
from tests.web.rule_form import WEDNESDAYS, booked, filled, now, opened, preview, problems, send

PAGE = f"/planning/permanences/{WEDNESDAYS}"


def test_the_form_says_the_rule_as_it_is_kept(partner: Browser) -> None:
    page = partner.get(PAGE).page
    sent = filled(page)
    assert (sent["repeat"], sent["position"], sent["weekday"]) == (["monthly"], ["1", "5"], ["WE"])
    assert (sent["start1"], sent["end1"], sent["slot_minutes"]) == (["09:00"], ["12:30"], ["30"])
    assert "5e mercredi du mois" in preview(page).text
    assert "texte de la maison" in page.one("main").text


def test_saving_without_a_change_keeps_everything(db: Db, partner: Browser) -> None:
    before, held = series.permanence(db, WEDNESDAYS), booked(db)
    assert send(partner, partner.get(PAGE).page, "save").status == 303
    [after] = opened(db)
    same = ("rrule", "first_day", "times", "room_id", "mode", "slot_minutes", "places", "said",
            "closed_on", "kept", "notice_minutes", "ahead_days")  # fmt: skip
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    assert (before.assumed, after.assumed) == (("room", "slot"), ())
    assert now(db, held) == held
    assert "texte de la maison" not in partner.get(PAGE).page.one("main").text


def test_the_whole_series_changes(db: Db, partner: Browser) -> None:
    page = partner.get(PAGE).page
    shown = send(partner, page, start1="13:30", end1="16:00")
    assert "13:30" in preview(shown.page).text
    assert series.permanence(db, WEDNESDAYS).times == (("09:00", "12:30"),)
    kept = send(partner, shown.page, "save")
    assert partner.follow(kept).page.one("form", class_="undo")
    assert {
        each.occurrence.starts_at.minute for each in agenda.next_of(db, WEDNESDAYS, MONDAY)
    } == {30}


def test_a_series_changes_from_a_date_on(db: Db, partner: Browser) -> None:
    page = partner.get(f"{PAGE}?from=2026-12-30").page
    sent = filled(page)
    assert (sent["scope"], sent["cut"]) == (["following"], ["2026-12-30"])
    assert send(partner, page, "save", end1="11:00").status == 303
    before, after = opened(db)
    if before.id != WEDNESDAYS:
        before, after = after, before
    assert (before.last_day, before.times) == (date(2026, 12, 29), (("09:00", "12:30"),))
    assert (after.follows, after.first_day) == (WEDNESDAYS, date(2026, 12, 30))
    assert after.times == (("09:00", "11:00"),)
    link = f"/planning/permanences/{after.id}"
    assert partner.get(PAGE).page.all("a", href=link)


def test_the_same_change_twice_cuts_once(db: Db, partner: Browser) -> None:
    page = partner.get(f"{PAGE}?from=2026-12-30").page
    statuses = [send(partner, page, "save", end1="11:00", room="").status for _ in range(2)]
    assert statuses == [303, 303]
    assert len(opened(db)) == 2


def test_an_alternation_keeps_its_weeks_when_it_changes_from_a_date(db: Db, agent: Browser) -> None:
    held = "nouvelles-voies-bearn"
    coming = [each.occurrence.day for each in agenda.next_of(db, held, MONDAY)]
    week_between = coming[1].replace(day=coming[1].day - 7) if coming[1].day > 7 else coming[1]
    page = agent.get(f"/planning/permanences/{held}?from={week_between}").page
    assert send(agent, page, "save", end1="16:00").status == 303
    after = next(each for each in opened(db) if each.follows == held)
    assert after.first_day == coming[1]


def test_from_a_day_that_is_past_nothing_changes(db: Db, partner: Browser) -> None:
    page = partner.get(f"{PAGE}?from=2026-11-20").page
    answer = send(partner, page, "save", end1="11:00")
    assert answer.status == 422
    assert problems(answer.page) == ["cut"]
    assert opened(db) == []


def test_a_permanence_is_stopped_after_a_day(db: Db, partner: Browser) -> None:
    for _ in range(2):
        answer = partner.post(PAGE, {"step": "end", "last_day": "2026-12-15"})
        assert answer.status == 303
    days = [str(each.occurrence.day) for each in agenda.next_of(db, WEDNESDAYS, MONDAY)]
    assert days == ["2026-12-02"]


def test_a_permanence_is_not_stopped_in_the_past(db: Db, partner: Browser) -> None:
    for day in ("", "2026-11-01", "hier"):
        answer = partner.post(PAGE, {"step": "end", "last_day": day})
        assert answer.status == 422
        assert problems(answer.page) == ["last_day"]
    assert opened(db) == []


def test_stopping_asks_about_who_is_booked_after(db: Db, partner: Browser) -> None:
    held = booked(db)
    end = {"step": "end", "last_day": "2026-11-30"}
    asked = partner.post(PAGE, end)
    assert asked.status == 409
    assert opened(db) == []
    done = partner.post(PAGE, end | {f"decision-{held.id}": "tell"})
    assert done.status == 303
    assert (now(db, held).state, now(db, held).tell) == ("cancelled", "cancelled")


def test_another_partner_s_permanence_is_not_here(
    db: Db, partner: Browser, other_partner: Browser
) -> None:
    for address in (PAGE, f"{PAGE}/date"):
        assert other_partner.get(address).status == 404
        assert other_partner.post(address, {"step": "end", "last_day": "2026-12-01"}).status == 404
        assert partner.get(address).status == 200
    assert opened(db) == []


def test_a_permanence_keeps_its_service(db: Db, partner: Browser) -> None:
    page = partner.get(PAGE).page
    assert send(partner, page, "save", service="ecs-parquet-sans-rdv").status == 303
    assert [each.service_id for each in opened(db)] == ["ecs-parquet-rdv"]
