"""The directory exchanged in data·inclusion schema v1: what was read of a file, taken in.

What is imported is an overlay: it is never edited here, a newer file of its source replaces it, and
what that file no longer has is retired. Its records come first, then their listings.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from accueil.house.edition import new_edition
from accueil.orientation.inclusion import records
from accueil.orientation.inclusion.check import Entry
from accueil.orientation.inclusion.listing import Say
from accueil.orientation.inclusion.read import Report
from accueil.orientation.inclusion.records import Key, key, pages
from accueil.orientation.inclusion.settling import Unsettled, place, retire, unsettled
from accueil.store.db import Db
from accueil.store.journal import Event, write


@dataclass(frozen=True, slots=True)
class Changes:
    """How many records are new, differ from those imported before, do not, or are gone.
    `unended`: an import of these sources stopped before its end, and this one would end it."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    unended: bool = False

    @property
    def any(self) -> bool:
        return bool(self.new or self.changed or self.gone or self.unended)


def changes(db: Db, report: Report, entries: Iterable[Entry]) -> Changes:
    """What taking these entries in would change."""
    counts: Counter[str] = Counter()
    here: set[Key] = set(report.unread)
    for page in pages(entries):
        known = records.texts(db, map(key, page))
        here.update(map(key, page))
        counts.update(_how(each, known) for each in page)
    gone = sum(1 for _ in _gone(db, report, here))
    return _counted(counts, gone, unended=unsettled(db, report.sources).any)


def take_in(
    db: Db, report: Report, entries: Iterable[Entry], say: Say, by: str, at: datetime
) -> Changes:
    """Take the entries of a file in; twice is as once. What is broken in the file stays.

    `say` says openings in French. A page at a time, so that the house's own writing never waits:
    if it stops anywhere, taking the file in again ends it.
    """
    counts: Counter[str] = Counter()
    here: set[Key] = set(report.unread)
    for page in pages(entries):
        with db.transaction():
            known = records.texts(db, map(key, page))
            records.put(db, [each for each in page if _how(each, known) != "unchanged"])
        here.update(map(key, page))
        counts.update(_how(each, known) for each in page)
    gone = list(_gone(db, report, here))
    if gone:
        with db.transaction():
            records.delete(db, gone)
            new_edition(db)
    done = _counted(counts, len(gone))
    left = unsettled(db, report.sources)
    if done.any or left.any:
        _settle(db, report, left, say, Event("directory imported", by, data=_told(done)), at)
    return done


def _settle(db: Db, report: Report, left: Unsettled, say: Say, event: Event, at: datetime) -> None:
    """Put in the directory what is left to. The last page comes with the new edition: as long as
    that one is not made, something still waits."""
    *before, last = [*pages(left.waiting)] or [[]]
    for page in before:
        with db.transaction():
            place(db, page, say)
    with db.transaction():
        place(db, last, say)
        retire(db, report.sources, left.served)
        write(db, event, at)
        new_edition(db)


def _told(done: Changes) -> dict[str, object]:
    return {"new": done.new, "changed": done.changed, "gone": done.gone}


def _counted(counts: Counter[str], gone: int, *, unended: bool = False) -> Changes:
    return Changes(counts["new"], counts["changed"], counts["unchanged"], gone, unended)


def _how(each: Entry, known: Mapping[Key, str]) -> str:
    before = known.get(key(each))
    return "new" if before is None else "unchanged" if before == each.text else "changed"


def _gone(db: Db, report: Report, here: set[Key]) -> Iterator[Key]:
    """What was imported from these sources and left the lists that the file has whole."""
    for source in report.sources:
        for kind in report.whole:
            for row in db.all(
                "SELECT id FROM inclusion_record WHERE kind = :kind AND source = :source",
                kind=kind,
                source=source,
            ):
                if (kind, source, row["id"]) not in here:
                    yield kind, source, row["id"]
