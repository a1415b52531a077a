"""An HTML page as a tree, and what every page of the house must be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from blueprints.words import LANGUAGES, RIGHT_TO_LEFT, tag

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass(eq=False, repr=False)
class Node:
    """An element: its attributes, and the elements and text inside it."""

    tag: str
    attributes: dict[str, str]
    parent: Node | None = None
    inside: list[Node | str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)

    @property
    def text(self) -> str:
        """The words inside, with single spaces."""
        return " ".join("".join(words for _, words in self.words()).split())

    @property
    def classes(self) -> set[str]:
        return set((self.get("class") or "").split())

    def words(self) -> Iterator[tuple[Node, str]]:
        """Each run of text inside, with the element it stands in."""
        for each in self.inside:
            if isinstance(each, str):
                yield self, each
            else:
                yield from each.words()

    def everything(self) -> Iterator[Node]:
        for each in self.inside:
            if isinstance(each, Node):
                yield each
                yield from each.everything()

    def all(self, tag: str | None = None, **attributes: str) -> list[Node]:
        """Every element inside with this tag, and these attributes (`class_` is one of many)."""
        wanted = attributes.pop("class_", None)
        return [
            each
            for each in self.everything()
            if tag in (None, each.tag)
            and (wanted is None or wanted in each.classes)
            and all(each.get(name) == value for name, value in attributes.items())
        ]

    def one(self, tag: str | None = None, **attributes: str) -> Node:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} <{tag} {attributes}> instead of one"
        return found[0]

    def within(self, tag: str, **attributes: str) -> bool:
        """Whether this element, or one around it, is such a one."""
        here: Node | None = self
        while here is not None:
            if here.tag == tag and all(here.get(k) == v for k, v in attributes.items()):
                return True
            here = here.parent
        return False


class Page(Node):
    """What was read from HTML; `broken` says where tags do not close one another."""

    def __init__(self, html: str):
        super().__init__("page", {})
        self.html = html
        self.whole = html.lstrip().lower().startswith("<!doctype html>")
        self.broken: list[str] = []
        _Reader(self).feed(html)

    @property
    def forms(self) -> list[Node]:
        return self.all("form")

    def form(self, action: str, **button: str) -> Node:
        """The form that goes to `action` and has such a button (a nameless one by default)."""
        wanted = next(iter(button.items()), (None, None))
        for form in self.forms:
            named = self.all("button", form=form["id"]) if form.get("id") else []
            pressed = {(each.get("name"), each.get("value")) for each in form.all("button") + named}
            there = form["action"].split("?")[0]
            if there.casefold() == action.casefold() and wanted in pressed:
                return form
        raise AssertionError(f"no form to {action} with the button {button}")


class _Reader(HTMLParser):
    def __init__(self, page: Page):
        super().__init__()
        self.page = page
        self.here: Node = page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self.here)
        repeated = [name for name, n in Counter(name for name, _ in attrs).items() if n > 1]
        self.page.broken += [f"<{tag}> has {name} twice" for name in repeated]
        self.here.inside.append(node)
        if tag not in VOID:
            self.here = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.here.tag != tag or self.here.parent is None:
            self.page.broken.append(f"</{tag}> inside <{self.here.tag}> at {self.getpos()}")
            return
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.inside.append(data)


def faults(page: Page) -> list[str]:
    """Everything that no page, or piece of one, may have."""
    found = list(page.broken)
    ids = Counter(each["id"] for each in page.everything() if each.get("id") is not None)
    found += [f"id {name} is there {n} times" for name, n in ids.items() if n > 1]
    for node in page.everything():
        found += [f"<{node.tag}> has {name}" for name in node.attributes if name.startswith("on")]
        found += [f"<{node.tag}> has style"] * ("style" in node.attributes)
        found += ["<style>"] * (node.tag == "style")
        found += ["inline <script>"] * (node.tag == "script" and not node.get("src"))
        found += ["an image without alt"] * (node.tag == "img" and node.get("alt") is None)
        found += [
            f"{name}={node[name]} is fetched from outside"
            for name in ("src", "href", "action", "hx-get")
            if re.match(r"(?i)\s*((?!tel:|sms:)\w+:|//)", node.get(name) or "")
        ]
        if node.get("dir"):
            found += [f"dir={node['dir']}"] * (node["dir"] not in ("ltr", "rtl", "auto"))
    for form in page.forms:
        found += _faults_of_form(form)
    return [*found, *(_faults_of_whole(page) if page.whole else ())]


def _faults_of_form(form: Node) -> Iterator[str]:
    if not form.get("action"):
        yield "a form without action"
    if form.get("method") not in ("get", "post"):
        yield f"a form whose method is {form.get('method')}"
    if form.get("method") == "post" and len(form.all("input", name="csrf_token")) != 1:
        yield f"the form to {form.get('action')} has no csrf_token"


def _faults_of_whole(page: Page) -> Iterator[str]:
    html = page.one("html")
    direction = "rtl" if html.get("lang") in RIGHT_TO_LEFT else "ltr"
    if html.get("lang") not in set(map(tag, LANGUAGES)) or html.get("dir") != direction:
        yield f"<html lang={html.get('lang')} dir={html.get('dir')}>"
    if len(page.all("h1")) != 1:
        yield f"{len(page.all('h1'))} <h1>"
    if not page.one("title").text:
        yield "an empty title"
    if len(page.all("main")) != 1:
        yield f"{len(page.all('main'))} <main>"
