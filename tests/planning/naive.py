"""A week as somebody would keep it on paper: plain rules, notes for single dates, names in boxes.

Everything that can be computed is computed from scratch, each time it is asked for. Hours are
those on the wall, without a zone. One session a day at most for each permanence.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

DAY = timedelta(days=1)
Span = tuple[datetime, datetime]
Key = tuple[str, date]  # permanence, and the day that its rule gave
Cell = tuple[datetime, datetime, int]  # a slot: start, end, place
Kind = Literal["cancelled", "changed", "added", "kept"]  # added: no rule gives that day


@dataclass(frozen=True)
class Rule:
    """Every week on `weekday`, from the day `first` to the day `last`; minutes of the day."""

    weekday: int
    start: int
    end: int
    slot: int
    places: int
    room: str
    first: date
    last: date
    collective: bool = False

    def gives(self, day: date) -> bool:
        return day.weekday() == self.weekday and self.first <= day <= self.last

    def first_day(self) -> date:
        return self.first + DAY * ((self.weekday - self.first.weekday()) % 7)


@dataclass(frozen=True)
class Session:
    """What is held on a date. `name` is the minute at which the rule had it begin."""

    start: datetime
    end: datetime
    anchor: datetime
    room: str
    name: int
    breaks: tuple[Span, ...] = ()
    kept: bool = False


@dataclass(frozen=True)
class Note:
    """What was said by hand of one date; `session` is what it is, or what it was."""

    kind: Kind
    session: Session


@dataclass
class Person:
    key: Key
    cells: list[Cell]
    told: str | None = None
    cancelled: bool = False

    def start(self) -> datetime:
        return self.cells[0][0]

    def span(self) -> Span:
        return self.cells[0][0], self.cells[-1][1]


@dataclass(frozen=True)
class Look:
    """Where somebody stands, before or after a change."""

    open: bool
    inside: bool
    held: bool
    room: str
    span: Span


@dataclass
class Paper:
    now: datetime
    rules: dict[str, Rule]
    notes: dict[Key, Note] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    closed: dict[str, tuple[date, date]] = field(default_factory=dict)
    begun: dict[Key, tuple[Session | None, dict[Cell, bool]]] = field(default_factory=dict)
    crowded: bool = field(default=False, compare=False)  # a change would use a room twice

    # ---- what is held --------------------------------------------------------------------

    def keys(self) -> Iterator[Key]:
        first = min(rule.first for rule in self.rules.values())
        last = max(rule.last for rule in self.rules.values())
        for permanence in sorted(self.rules):
            for n in range((last - first).days + 1):
                yield permanence, first + DAY * n

    def is_closed(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.closed.values())

    def session(self, key: Key) -> Session | None:
        if key in self.begun:
            return self.begun[key][0]
        if key in self.notes:
            note = self.notes[key]
            return None if note.kind == "cancelled" else note.session
        if not self.rules[key[0]].gives(key[1]) or self.is_closed(key[1]):
            return None
        by_rule = self.by_rule(key)
        return by_rule if by_rule.start > self.now else None

    def by_rule(self, key: Key) -> Session:
        rule = self.rules[key[0]]
        midnight = datetime.combine(key[1], time())
        start, end = (midnight + timedelta(minutes=each) for each in (rule.start, rule.end))
        return Session(start, end, start, rule.room, rule.start)

    def held(self) -> dict[Key, Session]:
        return {key: found for key in self.keys() if (found := self.session(key))}

    # ---- slots ---------------------------------------------------------------------------

    def of(self, key: Key) -> list[Person]:
        return [each for each in self.people.values() if each.key == key and not each.cancelled]

    def booked(self, key: Key) -> list[Cell]:
        return [cell for person in self.of(key) for cell in person.cells]

    def grid(self, key: Key, held: Session) -> list[Cell]:
        rule = self.rules[key[0]]
        places = range(1, rule.places + 1)
        if rule.collective:
            return [(held.start, held.end, place) for place in places]
        step = timedelta(minutes=rule.slot)
        starts = [held.anchor + step * n for n in range(-12, 12)]
        return [
            (start, start + step, place)
            for start in starts
            if held.start <= start
            and start + step <= held.end
            and not any(start < end and start + step > begin for begin, end in held.breaks)
            for place in places
        ]

    def is_open(self, key: Key, cell: Cell) -> bool:
        held, rule = self.session(key), self.rules[key[0]]
        return (
            held is not None
            and not held.kept
            and is_inside(cell, held)
            and cell[2] <= rule.places
            and (
                rule.collective
                or not any(cell[0] < end and cell[1] > begin for begin, end in held.breaks)
            )
        )

    def cells(self, key: Key) -> dict[Cell, bool]:
        """Every slot of a date, and whether it is for anybody."""
        if key in self.begun:
            return self.begun[key][1]
        held, booked = self.session(key), self.booked(key)
        found = {cell: self.is_open(key, cell) for cell in booked}
        if held and not held.kept:
            for cell in self.grid(key, held):
                if not any(
                    cell[2] == place and cell[0] < end and cell[1] > start
                    for start, end, place in booked
                ):
                    found[cell] = True
        return found

    def free(self) -> list[tuple[Key, Cell]]:
        return sorted(
            (key, cell)
            for key in self.held()
            for cell, is_open in self.cells(key).items()
            if is_open and cell[0] > self.now and cell not in self.booked(key)
        )

    # ---- rooms ---------------------------------------------------------------------------

    def clashes(self) -> bool:
        sessions = list(self.held().values())
        return any(
            one.room == other.room and one.start < other.end and other.start < one.end
            for n, one in enumerate(sessions)
            for other in sessions[:n]
        )

    # ---- time ----------------------------------------------------------------------------

    def pass_to(self, now: datetime) -> None:
        """What begins is from then on as it is."""
        for key in self.keys():
            if key in self.begun:
                continue
            held, note = self.session(key), self.notes.get(key)
            if held and held.start <= now:
                self.begun[key] = held, self.cells(key)
            elif note and note.session.start <= now:
                self.begun[key] = None, {}
        self.now = now

    # ---- changes -------------------------------------------------------------------------

    def follow_rules(self) -> None:
        """What the notes say of dates that their rule no longer has is crossed out."""
        today = self.now.date()
        for key, note in list(self.notes.items()):
            rule = self.rules[key[0]]
            if key in self.begun:
                continue
            if rule.gives(key[1]) and key[1] >= today:
                name = replace(note.session, name=rule.start)
                self.notes[key] = Note(note.kind, name)
            elif note.kind == "changed" and key[1] >= today:
                del self.notes[key]

    def close(self, name: str, first: date, last: date) -> None:
        self.closed[name] = first, last
        self.follow_rules()
        for key, note in list(self.notes.items()):
            day = note.session.start.date()
            if key in self.begun or note.kind == "cancelled" or not first <= day <= last:
                continue
            if note.kind == "changed" and day == key[1]:
                del self.notes[key]
            else:
                self.notes[key] = Note("cancelled", replace(note.session, kept=False))

    def reopen(self, name: str) -> None:
        del self.closed[name]
        self.follow_rules()

    def edit(self, permanence: str, rule: Rule) -> None:
        self.rules[permanence] = rule
        self.follow_rules()

    def cancel(self, key: Key) -> None:
        held = self.session(key)
        assert held
        self.notes[key] = Note("cancelled", replace(held, kept=False))

    def restore(self, key: Key) -> None:
        """As it was; or, when it was kept for some, at the hours of its rule."""
        note, rule = self.notes[key], self.rules[key[0]]
        by_rule, session = self.by_rule(key), replace(note.session, kept=False)
        if (
            note.kind == "kept"
            and (session.name, session.start.date()) == (rule.start, key[1])
            and by_rule.start > self.now
        ):
            session = replace(session, start=by_rule.start, end=by_rule.end)
        self.notes[key] = Note("changed" if rule.gives(key[1]) else "added", session)

    def cut(self, permanence: str, fresh: str, day: date, rule: Rule) -> None:
        """From `day` on, another rule."""
        before = self.rules[permanence]
        self.rules[permanence] = replace(before, last=min(before.last, day - DAY))
        self.rules[fresh] = rule
        for key in [each for each in self.notes if each[0] == permanence]:
            if key[1] >= day and key not in self.begun:
                self.notes[fresh, key[1]] = self.notes.pop(key)
        for person in self.people.values():
            name, its_day = person.key
            if name == permanence and its_day >= day and person.key not in self.begun:
                person.key = fresh, its_day
        self.follow_rules()

    def reschedule(self, key: Key, start: datetime, end: datetime) -> None:
        held = self.session(key)
        assert held
        kind = self.kind_of(key)
        if start < held.end and end > held.start:
            self.notes[key] = Note(kind, replace(held, start=start, end=end))
        else:
            shift = start - held.start
            breaks = tuple((a + shift, b + shift) for a, b in held.breaks)
            anchor = held.anchor + shift
            moved = replace(held, start=start, end=end, anchor=anchor, breaks=breaks)
            self.notes[key] = Note(kind, moved)
            for person in self.of(key):
                person.cells = [(a + shift, b + shift, n) for a, b, n in person.cells]

    def follow_sessions(self) -> None:
        """Who comes to a collective session comes to all of it."""
        for key, held in self.held().items():
            if self.rules[key[0]].collective and not held.kept and key not in self.begun:
                for person in self.of(key):
                    person.cells = [(held.start, held.end, person.cells[0][2])]

    def carry_out(self, change: Callable[["Paper"], None], keep: bool) -> list[tuple[str, str]]:
        """Make a change; whoever it touches is kept, or told. Who, and why, by hour."""
        before = {
            name: (self.look(person), person.key, self.session(person.key))
            for name, person in self.people.items()
            if not person.cancelled and person.start() > self.now
        }
        change(self)
        self.follow_sessions()
        self.crowded = self.clashes()
        found = {
            name: reason
            for name, (was, _, _) in before.items()
            if (reason := why(was, self.look(self.people[name])))
        }
        gone: dict[Key, tuple[list[Span], Session]] = {}
        for name, reason in found.items():
            person, (was, _, session) = self.people[name], before[name]
            moved = "moved" if was.span != person.span() else None
            if not keep and reason in ("gone", "moved"):
                person.cancelled, person.told = True, "cancelled"
            elif not keep:
                person.told = reason
            else:
                person.told = moved or person.told
                if reason == "gone":
                    assert session
                    gone.setdefault(person.key, ([], session))[0].append(person.span())
        for key, (spans, session) in gone.items():
            self.keep(key, spans, session)
        self.crowded |= self.clashes()
        self.let_go()
        return sorted(found.items(), key=lambda each: (before[each[0]][0].span[0], each[0]))

    def let_go(self) -> None:
        """A date that was kept for people who do not come any more is cancelled."""
        for key, note in self.notes.items():
            if note.kind == "kept" and key not in self.begun and not self.of(key):
                self.notes[key] = Note("cancelled", replace(note.session, kept=False))

    def look(self, person: Person) -> "Look":
        held = self.session(person.key)
        return Look(
            open=all(self.is_open(person.key, cell) for cell in person.cells),
            inside=held is not None and all(is_inside(cell, held) for cell in person.cells),
            held=held is not None,
            room=held.room if held else "",
            span=person.span(),
        )

    def keep(self, key: Key, spans: list[Span], was: Session) -> None:
        """Hold a date for these people, and for nobody else."""
        first, last = min(a for a, _ in spans), max(b for _, b in spans)
        held = self.session(key)
        if held is None:
            source = self.notes[key].session if key in self.notes else was
            self.notes[key] = Note("kept", replace(source, start=first, end=last, kept=True))
            return
        breaks = held.breaks
        if not held.kept:
            breaks += ((first, held.start),) if first < held.start else ()
            breaks += ((held.end, last),) if last > held.end else ()
        longer = replace(held, start=min(first, held.start), end=max(last, held.end), breaks=breaks)
        self.notes[key] = Note(self.kind_of(key), longer)

    def kind_of(self, key: Key) -> Kind:
        """How a date that changes by hand is held from then on."""
        return self.notes[key].kind if key in self.notes else "changed"


def is_inside(cell: Cell, held: Session) -> bool:
    return held.start <= cell[0] and cell[1] <= held.end


def why(was: Look, now: Look) -> str | None:
    if not now.held or (was.open and not now.open) or (was.inside and not now.inside):
        return "gone"
    if was.span != now.span:
        return "moved"
    return "room" if was.room != now.room else None
