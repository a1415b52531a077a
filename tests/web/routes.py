"""Every route of the application, and who may use it: written here by hand, on purpose."""

import re
from dataclasses import dataclass

from accueil.reception import queue
from accueil.reception.codes import new_code
from accueil.store.db import Db
from tests.personae import BEARN, PARQUET, PARQUET_ROOM
from tests.web.people import arrive

DESK = frozenset({"agent", "admin"})
PARTNER = frozenset({"partner"})
ADMIN = frozenset({"admin"})
STAFF = DESK | PARTNER
ANYONE = STAFF | {"anonymous"}

ROUTES = {
    "GET /": ANYONE,
    "GET /connexion": ANYONE,
    "POST /connexion": ANYONE,
    "POST /langue": ANYONE,
    "POST /deconnexion": STAFF,
    "GET /verrou": STAFF,
    "POST /verrou": STAFF,
    "POST /deverrouiller": STAFF,
    "GET /static/<path:filename>": ANYONE,
    "GET /borne": ANYONE,
    "GET /borne/<site_id>": ANYONE,
    "GET /borne/<site_id>/<any('reponses', 'rendez-vous', 'ticket'):step>": ANYONE,
    "POST /borne/<site_id>/reponses": ANYONE,
    "POST /borne/<site_id>/rendez-vous": ANYONE,
    "POST /borne/<site_id>/ticket": ANYONE,
    "GET /v/<code>": ANYONE,
    "GET /V/<code>": ANYONE,
    "GET /v/<code>/tour": ANYONE,
    "GET /v/<code>/qr.svg": ANYONE,
    "GET /v/<code>/partir": ANYONE,
    "POST /v/<code>/partir": ANYONE,
    "POST /v/<code>/prive": ANYONE,
    "GET /ecran": ANYONE,
    "GET /ecran/<site_id>": ANYONE,
    "GET /ecran/<site_id>/appels": ANYONE,
    "GET /ecran/voix/<language>/<int(max=9999):number>/<room_id>.wav": ANYONE,
    "GET /live/<site_id>": ANYONE,
    "GET /live/<site_id>/version": ANYONE,
    "GET /accueil": DESK,
    "GET /accueil/jour": DESK,
    "POST /accueil/lieu": DESK,
    "GET /accueil/nouveau": DESK,
    "GET /accueil/nouveau/<need_id>": DESK,
    "POST /accueil/visites": DESK,
    "GET /accueil/visites/<visit_id>": DESK,
    "POST /accueil/visites/<visit_id>/file": DESK,
    "POST /accueil/visites/<visit_id>/clore/"
    "<any(received,appointment,relay,address,unmet,left):outcome>": DESK,
    "POST /accueil/passages/<entry_id>/appeler": DESK,
    "POST /accueil/passages/<entry_id>/<any(recall, receive, finish, absent):action>": DESK,
    "POST /accueil/annuler/<int(max=9999999999):seq>": DESK,
    "GET /partenaire": PARTNER,
    "GET /partenaire/file": PARTNER,
    "POST /partenaire/appeler": PARTNER,
    "POST /partenaire/passages/<entry_id>/<any(recall, receive, finish, absent):action>": PARTNER,
    "POST /partenaire/annuler/<int(max=9999999999):seq>": PARTNER,
    "GET /admin": ADMIN,
    "POST /admin/comptes": ADMIN,
    "POST /admin/comptes/<account_id>/mot-de-passe": ADMIN,
    "GET /admin/comptes/<account_id>/fermer": ADMIN,
    "POST /admin/comptes/<account_id>/fermer": ADMIN,
}
# What a locked session may still ask for, besides what anyone may.
WHEN_LOCKED = {"POST /deconnexion", "GET /verrou", "POST /verrou", "POST /deverrouiller"}
GETS = [route for route in ROUTES if route.startswith("GET")]
POSTS = [route for route in ROUTES if route.startswith("POST")]


@dataclass(frozen=True)
class Somebody:
    """A person who waits for the Parquet: what the addresses of the routes speak of."""

    code: str
    visit_id: str
    entry_id: str

    def address(self, route: str) -> str:
        """The address of a route, for this person."""
        values = {
            "site_id": BEARN,
            "step": "ticket",
            "code": self.code,
            "language": "fr",
            "number": "1",
            "room_id": PARQUET_ROOM,
            "need_id": "droit",
            "visit_id": self.visit_id,
            "outcome": "left",
            "entry_id": self.entry_id,
            "action": "recall",
            "seq": "1",
            "account_id": "nobody",
            "filename": "favicon.svg",
        }
        _, path = route.split(" ", 1)
        return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: values[found[1]], path)


def somebody(db: Db) -> Somebody:
    code = new_code()
    visit = arrive(db, code=code, service_id=PARQUET, need="droit")
    return Somebody(code, visit.id, queue.entries(db, visit.id)[-1].id)
