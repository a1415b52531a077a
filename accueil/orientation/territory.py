"""Territory: where a person lives, as rules name it, and how near a service is to the house."""

from dataclasses import dataclass
from functools import lru_cache

from accueil.house import communes
from accueil.house.communes import Commune
from accueil.house.sites import Site
from accueil.orientation.catalogue import Candidate
from accueil.orientation.facts import BadFact, Facts, Value

SAME_TOWN, SAME_DEPARTEMENT, SAME_REGION, FARTHER = range(4)


@dataclass(frozen=True, slots=True)
class Home:
    """Where the house is: INSEE and département and région codes, "" when its town is not known."""

    insee: str
    departement: str
    region: str

    def distance(self, candidate: Candidate) -> int:
        """SAME_TOWN … FARTHER. What does not say where it is may be as near as the région."""
        if candidate.service_id or (self.insee and candidate.insee == self.insee):
            return SAME_TOWN
        return _distance(self, candidate.departements)


NOWHERE = Home("", "", "")


@lru_cache(maxsize=1_000)
def _distance(home: Home, departements: tuple[str, ...]) -> int:
    if not departements or not home.region:
        return SAME_REGION
    if home.departement in departements:
        return SAME_DEPARTEMENT
    if home.region in {region_of(code) for code in departements}:
        return SAME_REGION
    return FARTHER


@lru_cache(maxsize=64)
def home(commune: str, postcode: str) -> Home:
    """The home of a house in this commune."""
    found = communes.named(commune)
    here = [each for each in found if postcode in each.postcodes] or found
    if len(here) != 1:
        return NOWHERE
    return Home(here[0].insee, here[0].departement, here[0].region)


def home_of(site: Site) -> Home:
    return home(site.commune, site.postcode)


@lru_cache(maxsize=128)
def region_of(departement: str) -> str:
    """The code of a département's région; "" when there is no such département."""
    found = [each for each in communes.find(departement, 4) if each.departement == departement]
    return found[0].region if found else ""


def placed(facts: Facts, here: Home = NOWHERE) -> dict[str, Value | None]:
    """The facts, where a commune is also known by its codes and those of its territories, and
    gives its département when that was not said. `BadFact` for one that does not exist."""
    said = facts.get("commune")
    told = dict(facts)
    if isinstance(said, frozenset) and said:
        found = [meant(word, here) for word in sorted(said)]
        told["commune"] = frozenset().union(*(_names(these) for these in found))
        departements = {each.departement for these in found for each in these}
        if facts.get("departement") is None and len(departements) == 1:
            told["departement"] = frozenset(departements)
    return told


def meant(word: str, here: Home) -> list[Commune]:
    """The communes that somebody may mean by a name or a code: of several, that of the house's
    département, then of its région. `BadFact` when there is none."""
    found = communes.named(word)
    if not found:
        raise BadFact("commune", f"expected a commune of France, got {word!r}")
    nearest = [each for each in found if each.departement == here.departement]
    near = [each for each in found if each.region == here.region]
    return nearest or near or found


def _names(found: list[Commune]) -> frozenset[str]:
    """What homonyms have in common: often their name only."""
    return frozenset.intersection(*(communes.codes(each) for each in found))
