"""What the kiosk reads aloud when somebody asks it to: what a screen says to everybody.

The hall hears it: never a number, a need, an hour, nor anything of the person. Only the sentences
of this list are spoken, found by their key; an address holds no text.
"""

from flask import Blueprint, Response, abort, send_file, url_for

from accueil.orientation.facts import FACTS
from accueil.reception import voice
from blueprints import fact_words, web, words
from blueprints.access import allow
from blueprints.fact_words import N_, _

bp = Blueprint("prompts", __name__, url_prefix="/borne/dire")
QUESTION = "question-"
PROMPTS = {
    "start": (
        N_("De quoi avez-vous besoin ?"),
        N_("Touchez une image. Votre nom n’est pas demandé."),
    ),
    "answers": (N_("Qui peut vous aider"),),
    "appointment": (N_("Avec qui est votre rendez-vous ?"),),
    "arrival": (
        N_("Montrez le code de votre rendez-vous"),
        N_("Devant le lecteur. Ou tapez ses dix lettres."),
    ),
    "slots": (N_("Quel jour vous convient ?"),),
    "booked": (N_("Votre rendez-vous"), N_("C’est noté. Votre nom n’est pas demandé.")),
    "ticket": (N_("Votre numéro"), N_("Attendez ici : l’écran et la voix vous appellent.")),
    # Where what follows is for one person's eyes, or depends on them.
    "number": (N_("Votre numéro"),),
}
NOT_KEPT = N_("Votre réponse n’est pas gardée.")


@bp.app_template_global()
def heard(key: str) -> str | None:
    """Where the prompt of a screen is heard, in this request's language; None where no voice
    can say it."""
    if key not in keys() or words.tag() not in voice.languages():
        return None
    return url_for("prompts.say", language=words.language(), key=key)


@bp.get("/<language>/<key>.wav")
@allow("anyone")
def say(language: str, key: str) -> Response:
    """One prompt, said aloud; 404 where there is none, or no voice for this language."""
    if language not in words.offered() or key not in keys():
        abort(404)
    try:
        path = voice.spoken(web.house().voices, words.tag(language), sentence(key, language))
    except voice.Mute:
        abort(404)
    response = send_file(path, mimetype="audio/wav")
    # A device that kept it would know which screens were seen.
    response.headers["Cache-Control"] = "no-store"
    return response


def keys() -> frozenset[str]:
    """All that can be said: a list that nothing sent can make longer."""
    asked = (name for name, fact in FACTS.items() if fact.asked_by == "anyone")
    return frozenset((*PROMPTS, *(f"{QUESTION}{name}" for name in asked)))


def sentence(key: str, language: str) -> str:
    """What is said for a key, each part ended, so that the voice rests between them."""
    with words.to_visitor(language):
        if key in PROMPTS:
            parts = [_(each) for each in PROMPTS[key]]
        else:
            parts = [fact_words.question(key.removeprefix(QUESTION)), _(NOT_KEPT)]
    return "\n".join(parts)
