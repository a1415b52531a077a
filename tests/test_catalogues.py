"""Every word has its message, and every message its words, in every language."""

import io
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from jinja2 import Environment, nodes

from blueprints import words
from tests.personae import FOLDER

ROOT = Path(__file__).parent.parent
TRANSLATIONS = ROOT / "translations"
TEMPLATES = ROOT / "templates"

SOURCE = "fr"
LANGUAGES = {"visitor": set(words.LANGUAGES), "messages": set(words.STAFF_LANGUAGES)}
CATALOGUES = [(domain, code) for domain, codes in LANGUAGES.items() for code in sorted(codes)]
REVIEWS = {"machine", "native", "falc-panel"}
PLACEHOLDER = re.compile(r"%\(\w+\)s|\bTIME\b")

GETTEXT = {"_", "gettext", "ngettext"}
SPOKEN_ATTRIBUTES = {"alt", "aria-label", "aria-description", "placeholder", "title", "data-text"}
LONE_ATTRIBUTE = re.compile(r'\bdata-[\w-]+="[^"]*"')  # a macro may write them outside any tag
WORD = re.compile(r"[^\W\d_]{3,}")
SENTENCE = re.compile(r"^[A-ZÀ-Þ][a-zß-ÿ]|[À-ÿ’]")
UNTRANSLATED = {"Accueil commun"}  # the product's name


# ---- the catalogues --------------------------------------------------------------------------


def catalogue(domain: str, code: str) -> Catalog:
    path = TRANSLATIONS / code / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as file:
        return read_po(file, locale=code, domain=domain, abort_invalid=True)


def messages(found: Catalog) -> list[Message]:
    """All but the header."""
    return [message for message in found if message.id]


def forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    """One text, or its singular and plurals."""
    return [text] if isinstance(text, str) else list(text)


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def edges(text: str) -> tuple[bool, bool]:
    """Whether it begins, and whether it ends, with a space."""
    return text[:1].isspace(), text[-1:].isspace()


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Catalog]:
    """What the code says today, by domain."""
    folder, found = tmp_path_factory.mktemp("extracted"), {}
    for domain in LANGUAGES:
        path = folder / f"{domain}.pot"
        command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
        options = ["--mapping-file", f"translations/{domain}.cfg", "--output-file", str(path)]
        words = ["--keyword", "in_every_language", "."]
        subprocess.run([*command, *options, *words], cwd=ROOT, check=True)
        with path.open("rb") as file:
            found[domain] = read_po(file)
    return found


@pytest.mark.parametrize("domain", LANGUAGES)
def test_each_domain_is_in_its_languages(domain: str) -> None:
    found = {path.parts[-3] for path in TRANSLATIONS.glob(f"*/LC_MESSAGES/{domain}.po")}
    assert found == LANGUAGES[domain]


@pytest.mark.parametrize(("domain", "code"), CATALOGUES)
class TestCatalogue:
    def test_has_the_messages_of_the_code(
        self, domain: str, code: str, templates: dict[str, Catalog]
    ) -> None:
        ours = {message.id for message in messages(catalogue(domain, code))}
        assert ours == {message.id for message in messages(templates[domain])}

    def test_has_nothing_doubtful_or_obsolete(self, domain: str, code: str) -> None:
        found = catalogue(domain, code)
        assert [message.id for message in messages(found) if message.fuzzy] == []
        assert list(found.obsolete) == []
        assert not found.fuzzy

    def test_leaves_no_text_empty(self, domain: str, code: str) -> None:
        """French is the source: it has texts of its own only where it has plurals."""
        found = catalogue(domain, code)
        wanted = [message for message in messages(found) if code != SOURCE or message.pluralizable]
        assert [message.id for message in wanted if not all(forms(message.string))] == []
        plural = [message for message in wanted if message.pluralizable]
        assert {len(message.string) for message in plural} <= {found.num_plurals}

    def test_keeps_placeholders(self, domain: str, code: str) -> None:
        """A plural form may spell its number out: one person, nobody."""
        found = catalogue(domain, code)
        for message in messages(found):
            assert message.check(found) == []
            needed = placeholders(forms(message.id)[-1])
            spelt = {"%(num)s"} if message.pluralizable else set()
            for text in filter(None, forms(message.string)):
                assert needed - spelt <= placeholders(text) <= needed, message.id
                assert edges(text) == edges(forms(message.id)[0]), message.id

    def test_says_who_read_it(self, domain: str, code: str) -> None:
        """A comment, since Babel drops the header fields that it does not know."""
        said = re.findall(r"^# X-Review: (.+)$", catalogue(domain, code).header_comment, re.M)
        assert len(said) == 1
        assert said[0] in REVIEWS


@pytest.mark.parametrize(
    ("code", "number", "said"),
    [
        ("fr", 0, "0 personne avant vous"),
        ("fr", 2, "2 personnes avant vous"),
        ("en", 0, "0 people ahead of you"),
        ("en", 1, "1 person ahead of you"),
        ("ar", 0, "لا أحد قبلك"),
        ("ar", 1, "شخص واحد قبلك"),
        ("ar", 2, "شخصان قبلك"),
        ("ar", 3, "3 أشخاص قبلك"),
        ("ar", 11, "11 شخصًا قبلك"),
        ("ar", 100, "100 شخص قبلك"),
    ],
)
def test_each_number_takes_its_plural(code: str, number: int, said: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue("visitor", code))
    compiled.seek(0)
    one, many = "%(num)s personne avant vous", "%(num)s personnes avant vous"
    assert Translations(compiled).ungettext(one, many, number) % {"num": number} == said


# ---- the words of the house ------------------------------------------------------------------


def test_the_house_speaks_every_language_of_its_visitors() -> None:
    services = tomllib.loads((FOLDER / "partners.toml").read_text(encoding="utf-8"))["service"]
    for service in services:
        for text in [service["about"], *filter(None, [service.get("condition")])]:
            assert set(text) == set(map(words.tag, words.LANGUAGES)), service["id"]
            assert all(said.strip() for said in text.values()), service["id"]


# ---- the templates ---------------------------------------------------------------------------


class Page(HTMLParser):
    """What a page says: its text, and the attributes that are read aloud or shown."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.said.append(LONE_ATTRIBUTE.sub("", data).strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said += [value.strip() for name, value in attrs if value and name in SPOKEN_ATTRIBUTES]


def written(node: nodes.Node | None) -> Iterator[str]:
    """The strings that `node` may put on the page as they stand."""
    match node:
        case nodes.TemplateData():
            yield node.data
        case nodes.Const(value=str(text)):
            yield text
        case nodes.Filter():
            yield from written(node.node)
        case nodes.CondExpr() | nodes.Concat() | nodes.Add() | nodes.Or():
            for part in node.iter_child_nodes(exclude=("test",)):
                yield from written(part)


def literals(node: nodes.Node) -> Iterator[str]:
    """Every string in the code of a template, but those given to gettext."""
    if isinstance(node, nodes.Call) and getattr(node.node, "name", None) in GETTEXT:
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        yield from literals(child)


def untranslated(source: str) -> list[str]:
    """What a template says without gettext."""
    tree = Environment(autoescape=True).parse(source)
    outputs = [part for output in tree.find_all(nodes.Output) for part in output.nodes]
    said = Page("".join(text for part in outputs for text in written(part))).said
    words = {text for text in said if WORD.search(text)}
    return sorted((words | set(filter(SENTENCE.search, literals(tree)))) - UNTRANSLATED)


@pytest.mark.parametrize(
    "name", sorted(p.relative_to(TEMPLATES).as_posix() for p in TEMPLATES.rglob("*.html"))
)
def test_templates_say_nothing_without_gettext(name: str) -> None:
    assert untranslated((TEMPLATES / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<p>{{ _('Bonjour') }} · {{ n }} s</p>", []),
        ("<p class='big{{ ' fresh' if n }}'>Bonjour</p>", ["Bonjour"]),
        ("{% if n %}<p>{{ 'un ticket' if n else _('Bonjour') }}</p>{% endif %}", ["un ticket"]),
        ("{{ 'un ticket'|upper if n is sameas 'fin' }}{{ n|round(0, 'ceil') }}", ["un ticket"]),
        ("<img alt='un ticket'>", ["un ticket"]),
        ("<a aria-label=\"{{ 'fermer' }}\" title='ouvrir {{ n }}'></a>", ["fermer", "ouvrir"]),
        ("{{ head('Un ticket', 'close') }}", ["Un ticket"]),
        ("{% set title = 'à demain' %}{{ title }}", ["à demain"]),
        ("{{ _('%(n)s fois', n=n) }}{# Bonjour #}<p hx-get='/bonjour'></p>", []),
    ],
)
def test_a_word_without_gettext_is_found(source: str, said: list[str]) -> None:
    assert untranslated(source) == said
