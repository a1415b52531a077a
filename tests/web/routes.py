"""Every route of the application, and who may use it: written here by hand, on purpose."""

import re
from dataclasses import dataclass

from accueil.house import devices
from accueil.planning import booking, feeds, slots
from accueil.planning.booking import Wish
from accueil.reception import poster, queue
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import BEARN, MONDAY, PARQUET, PARQUET_BOOKED, PARQUET_ROOM
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
    "GET /borne/<site_id>"
    "/<any('reponses', 'rendez-vous', 'ticket', 'creneaux', 'reserver'):step>": ANYONE,
    "POST /borne/<site_id>/reponses": ANYONE,
    "POST /borne/<site_id>/rendez-vous": ANYONE,
    "POST /borne/<site_id>/ticket": ANYONE,
    "POST /borne/<site_id>/creneaux": ANYONE,
    "POST /borne/<site_id>/reserver": ANYONE,
    "GET /borne/<site_id>/<any('accueil', 'numeros'):step>": ANYONE,
    "POST /borne/<site_id>/accueil": ANYONE,
    "POST /borne/<site_id>/numeros": ANYONE,
    "GET /borne/<site_id>/arrivee": ANYONE,
    "POST /borne/<site_id>/arrivee": ANYONE,
    "GET /borne/<site_id>/priorite": ANYONE,
    "POST /borne/<site_id>/priorite": ANYONE,
    "GET /borne/absente": ANYONE,
    "GET /borne/veilleur.js": ANYONE,
    "GET /borne/dire/<language>/<key>.wav": ANYONE,
    "GET /inscrire": ANYONE,
    "POST /inscrire": ANYONE,
    "GET /porte/<site_id>": ANYONE,
    "GET /porte/<site_id>/code": ANYONE,
    "GET /p/<token>": ANYONE,
    "GET /P/<token>": ANYONE,
    "POST /p/<token>": ANYONE,
    "POST /p/<token>/arrivee": ANYONE,
    "POST /p/<token>/ticket": ANYONE,
    "GET /p/<token>/qr.svg": ANYONE,
    "POST /v/<code>/me-voici": ANYONE,
    "POST /v/<code>/priorite": ANYONE,
    "POST /r/<code>/arrivee": ANYONE,
    "GET /v/<code>": ANYONE,
    "GET /V/<code>": ANYONE,
    "GET /v/<code>/tour": ANYONE,
    "GET /v/<code>/qr.svg": ANYONE,
    "GET /v/<code>/partir": ANYONE,
    "POST /v/<code>/partir": ANYONE,
    "POST /v/<code>": ANYONE,
    "GET /r/<code>": ANYONE,
    "GET /R/<code>": ANYONE,
    "POST /r/<code>": ANYONE,
    "GET /r/<code>/annuler": ANYONE,
    "POST /r/<code>/annuler": ANYONE,
    "GET /r/<code>/dates": ANYONE,
    "POST /r/<code>/dates": ANYONE,
    "POST /r/<code>/je-viens": ANYONE,
    "POST /r/<code>/plus-tot": ANYONE,
    "POST /r/<code>/reprendre": ANYONE,
    "GET /r/<code>/qr.svg": ANYONE,
    "GET /r/<code>/rendez-vous.ics": ANYONE,
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
    "POST /accueil/nouveau/<need_id>": DESK,
    "POST /accueil/visites": DESK,
    "GET /accueil/visites/<visit_id>": DESK,
    "POST /accueil/visites/<visit_id>/file": DESK,
    "POST /accueil/visites/<visit_id>/clore/"
    "<any(received,appointment,relay,address,unmet,left):outcome>": DESK,
    "POST /accueil/passages/<entry_id>/appeler": DESK,
    "POST /accueil/passages/<entry_id>"
    "/<any(recall, receive, finish, absent, back, resume):action>": DESK,
    "POST /accueil/passages/<entry_id>/pause": DESK,
    "POST /accueil/visites/<visit_id>/passe-avant": DESK,
    "POST /accueil/arrivees": DESK,
    "GET /accueil/chiffres": DESK,
    "GET /accueil/feuille": DESK,
    "GET /accueil/messages": DESK,
    "POST /accueil/messages/prevenu": DESK,
    "POST /accueil/messages/<message_id>/pas-recu": DESK,
    "POST /accueil/annuler/<int(max=9999999999):seq>": DESK,
    "POST /accueil/alertes/<alert_id>": DESK,
    "GET /partenaire": PARTNER,
    "GET /partenaire/file": PARTNER,
    "POST /partenaire/appeler": PARTNER,
    "GET /partenaire/passages/<entry_id>": PARTNER,
    "POST /partenaire/passages/<entry_id>"
    "/<any(recall, receive, finish, absent, back, resume):action>": PARTNER,
    "POST /partenaire/passages/<entry_id>/appeler": PARTNER,
    "POST /partenaire/passages/<entry_id>/confier": PARTNER,
    "POST /partenaire/passages/<entry_id>/pause": PARTNER,
    "POST /partenaire/annuler/<int(max=9999999999):seq>": PARTNER,
    "GET /planning": STAFF,
    "GET /planning/semaine": STAFF,
    "GET /planning/mois": STAFF,
    "GET /planning/mois/jours": STAFF,
    "GET /planning/permanences/nouvelle": STAFF,
    "POST /planning/permanences/nouvelle": STAFF,
    "GET /planning/permanences/<permanence_id>": STAFF,
    "POST /planning/permanences/<permanence_id>": STAFF,
    "GET /planning/permanences/<permanence_id>/date": STAFF,
    "POST /planning/permanences/<permanence_id>/date": STAFF,
    "GET /planning/seances/<occurrence_id>": STAFF,
    "POST /planning/seances/<occurrence_id>"
    "/<any(annuler,horaires,bureau,professionnel,absence,retablir):action>": STAFF,
    "GET /planning/absence": STAFF,
    "POST /planning/absence": STAFF,
    "POST /planning/annuler/<int(max=9999999999):seq>": STAFF,
    "GET /planning/fermetures": STAFF,
    "POST /planning/fermetures": DESK,
    "POST /planning/fermetures/<closure_id>/rouvrir": DESK,
    "GET /planning/calendriers": STAFF,
    "POST /planning/calendriers": STAFF,
    "GET /planning/calendriers/<address_id>/revoquer": STAFF,
    "POST /planning/calendriers/<address_id>/revoquer": STAFF,
    "GET /planning/absences": STAFF,
    "POST /planning/absences": STAFF,
    "GET /agenda/<token>.ics": ANYONE,
    "GET /rendez-vous": STAFF,
    "POST /rendez-vous": STAFF,
    "GET /rendez-vous/creneau/<slot_id>": STAFF,
    "GET /rendez-vous/<appointment_id>": STAFF,
    "POST /rendez-vous/<appointment_id>"
    "/<any(cancel, withdraw, told, earlier, no_hurry):action>": STAFF,
    "POST /rendez-vous/<appointment_id>/code": STAFF,
    "GET /rendez-vous/<appointment_id>/deplacer": STAFF,
    "POST /rendez-vous/<appointment_id>/deplacer": STAFF,
    "GET /admin": ADMIN,
    "GET /admin/besoins-sans-reponse": DESK,
    "GET /admin/ecrans": ADMIN,
    "GET /admin/ecrans/nouveau/<site_id>/<any(kiosk, board, door):kind>": ADMIN,
    "POST /admin/ecrans/nouveau/<site_id>/<any(kiosk, board, door):kind>": ADMIN,
    "GET /admin/ecrans/<device_id>": ADMIN,
    "POST /admin/ecrans/<device_id>": ADMIN,
    "POST /admin/ecrans/<device_id>/code": ADMIN,
    "GET /admin/ecrans/<device_id>/retirer": ADMIN,
    "POST /admin/ecrans/<device_id>/retirer": ADMIN,
    "GET /admin/langues": ADMIN,
    "POST /admin/langues/<code>": ADMIN,
    "GET /annuaire": STAFF,
    "GET /annuaire/<listing_id>": STAFF,
    "POST /annuaire/<listing_id>/verifier": DESK,
    "POST /annuaire/<listing_id>/places": DESK,
    "GET /annuaire/nouvelle": ADMIN,
    "POST /annuaire/nouvelle": ADMIN,
    "GET /annuaire/<listing_id>/modifier": ADMIN,
    "POST /annuaire/<listing_id>/modifier": ADMIN,
    "GET /annuaire/<listing_id>/retirer": ADMIN,
    "POST /annuaire/<listing_id>/retirer": ADMIN,
    "GET /annuaire/data-inclusion.json": ANYONE,
    "GET /admin/annuaire/import": ADMIN,
    "POST /admin/annuaire/import": ADMIN,
    "GET /admin/annuaire/import/<token>": ADMIN,
    "POST /admin/annuaire/import/<token>": ADMIN,
    "GET /admin/annuaire/<listing_id>/conditions": ADMIN,
    "POST /admin/annuaire/<listing_id>/conditions": ADMIN,
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
class Booked:
    """An appointment with the Parquet, its date, the next free slot, and a calendar's address."""

    code: str
    appointment_id: str
    occurrence_id: str
    next_slot_id: str
    address_id: str
    token: str


@dataclass(frozen=True)
class Somebody:
    """A person who waits for the Parquet, and another who has an appointment with it: what the
    addresses of the routes speak of."""

    code: str
    visit_id: str
    entry_id: str
    alert_id: str
    device_id: str
    door: str
    booked: Booked

    def address(self, route: str) -> str:
        """The address of a route, for this person."""
        _, path = route.split(" ", 1)
        actions = {
            "/partenaire/passages": "recall",
            "/accueil/passages": "recall",
            "/planning/seances": "annuler",
            "/rendez-vous": "told",
        }
        values = {
            "site_id": BEARN,
            "step": "ticket",
            "code": self._code(path),
            "key": "start",
            "kind": "kiosk",
            "device_id": self.device_id,
            "message_id": "nothing",
            "language": "fr",
            "number": "1",
            "room_id": PARQUET_ROOM,
            "need_id": "droit",
            "visit_id": self.visit_id,
            "outcome": "left",
            "entry_id": self.entry_id,
            "action": next((a for start, a in actions.items() if path.startswith(start)), ""),
            "seq": "1",
            "account_id": "nobody",
            "filename": "favicon.svg",
            "permanence_id": "parquet-mercredis",
            "occurrence_id": self.booked.occurrence_id,
            "appointment_id": self.booked.appointment_id,
            "slot_id": self.booked.next_slot_id,
            "closure_id": "nothing",
            "listing_id": "essor93-coteaux",
            "alert_id": self.alert_id,
            "address_id": self.booked.address_id,
            "token": self._token(path),
        }
        return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: values[found[1]], path)

    def _code(self, path: str) -> str:
        if path.startswith("/admin/langues"):
            return "en"
        return self.booked.code if path.lower().startswith("/r/") else self.code

    def _token(self, path: str) -> str:
        if path.lower().startswith("/p/"):
            return self.door
        return "nothing" if "/import/" in path else self.booked.token


def somebody(db: Db) -> Somebody:
    code = new_code()
    visit = arrive(db, code=code, service_id=PARQUET, need="droit")
    turn = queue.entries(db, visit.id)[-1]
    screen, _ = devices.make(db, BEARN, "kiosk", devices.Settings("Borne"), "nobody", MONDAY)
    return Somebody(
        code=code,
        visit_id=visit.id,
        entry_id=turn.id,
        alert_id=_alert(db),
        device_id=screen.id,
        door=poster.poster(db, BEARN, MONDAY).token,
        booked=booked(db),
    )


def _alert(db: Db) -> str:
    """Another person's: somebody who asked to speak in private."""
    arrive(db, by="kiosk", channel="kiosk", private=True)
    return str(db.all("SELECT id FROM alert ORDER BY id")[-1]["id"])


def booked(db: Db) -> Booked:
    """Somebody has booked the Parquet's next slot, and Claire's organisation has a calendar."""
    code = new_code()
    first, after = slots.free(db, PARQUET_BOOKED, MONDAY, asker=slots.DESK, number=2)
    held = booking.book(db, Wish(first.id, code, "desk", "fr"), slots.DESK, "nobody", MONDAY)
    maker = db.all("SELECT id FROM account ORDER BY login")[0]["id"]
    token = feeds.open_address(db, "organisation", "parquet", maker, MONDAY)
    address_id = feeds.address_of_token(db, token).id
    return Booked(code, held.id, held.occurrence_id, after.id, address_id, token)
