"""The house's text, written into the store: added, changed or retired, never deleted."""

from accueil.house import languages
from accueil.house.edition import new_edition
from accueil.house.text import HouseText, OrganisationText, RoomText, ServiceText, SiteText
from accueil.store.db import Db


def store(db: Db, text: HouseText) -> None:
    """Write the sites, rooms, organisations, services and languages, in the caller's transaction.

    What is no longer in the text is retired: visits of the past still point at it.
    """
    _replace(db, "site", [_site_row(site) for site in text.sites])
    _replace(db, "room", [_room_row(room) for room in text.rooms])
    _replace(db, "organisation", [_organisation_row(each) for each in text.organisations])
    _replace(db, "service", [_service_row(service) for service in text.services])
    languages.store(db, text.languages)
    new_edition(db)
    db.run("DELETE FROM service_text")
    for service in text.services:
        for field, sentences in (("about", service.about), ("condition", service.condition)):
            for language, sentence in sentences.items():
                db.run(
                    "INSERT INTO service_text (service_id, field, language, text)"
                    " VALUES (:service_id, :field, :language, :text)",
                    service_id=service.id,
                    field=field,
                    language=language,
                    text=sentence,
                )


def _replace(db: Db, table: str, rows: list[dict[str, object]]) -> None:
    db.run(f"UPDATE {table} SET retired = 1")
    for position, row in enumerate(rows):
        values: dict[str, object] = {**row, "position": position, "retired": 0}
        columns = ", ".join(values)
        places = ", ".join(f":{column}" for column in values)
        updates = ", ".join(f"{column} = excluded.{column}" for column in values if column != "id")
        db.run(
            f"INSERT INTO {table} ({columns}) VALUES ({places})"
            f" ON CONFLICT (id) DO UPDATE SET {updates}",
            **values,
        )


def _site_row(site: SiteText) -> dict[str, object]:
    return {
        **{key: getattr(site, key) for key in ("id", "name", "address", "postcode", "commune")},
        "phone": site.phone,
        "timezone": site.timezone,
        "reception": int(site.reception),
        "announce": " ".join(site.announce),
        "assumed": " ".join(site.assumed),
    }


def _room_row(room: RoomText) -> dict[str, object]:
    return {
        "id": room.id,
        "site_id": room.site,
        "name": room.name,
        "seats": room.seats,
        "assumed": " ".join(room.assumed),
    }


def _organisation_row(organisation: OrganisationText) -> dict[str, object]:
    return {"id": organisation.id, "name": organisation.name, "colour": organisation.colour}


def _service_row(service: ServiceText) -> dict[str, object]:
    return {
        "id": service.id,
        "organisation_id": service.organisation,
        "site_id": service.site,
        "name": service.name,
        "reception": int(service.reception),
        "audience": service.audience,
        "booking": service.booking,
        "phones": ",".join(service.phones),
        "needs": " ".join(service.needs),
        "late_minutes": service.late,
        "return_minutes": service.returning,
        "assumed": " ".join(service.assumed),
    }
