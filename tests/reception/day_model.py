"""A naive desk: what somebody with a sheet of paper and a clock would say of the day.

Written apart from the house's own order and verbs, for a state machine to compare them with.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tests.reception.day_people import IN_A_ROOM, OPEN, Held, Person, Turn

PASSED_ENOUGH = 3
A_WHILE = timedelta(minutes=10)  # how late, how early, and how long a place is kept
UNDO = timedelta(seconds=10)


class NotPossible(Exception):
    """The model says that this cannot be done now."""


@dataclass(frozen=True)
class Call:
    """The nth sounding of a turn, and the turns of those it passed."""

    turn: str
    nth: int
    passed: frozenset[str]


@dataclass
class Done:
    """An event of the model's journal, with the person as they were before it."""

    at: datetime
    by: str
    person: int
    before: Person | None
    is_undo: bool = False


Waiting = tuple[Person, Turn]


@dataclass
class Day:
    now: datetime
    desk: str
    people: list[Person] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)

    # ---- looking -----------------------------------------------------------------------------

    def turns(self) -> list[Waiting]:
        return [(person, turn) for person in self.people for turn in person.turns]

    def passed(self, turn: Turn) -> int:
        return sum(turn.id in call.passed for call in self.calls)

    def there(self, services: Iterable[str]) -> list[Waiting]:
        """Everybody on the chairs of these services, in no order."""
        wanted = set(services)
        every = [each for each in self.turns() if each[1].service in wanted]
        return [(person, turn) for person, turn in every if turn.is_there(self.now)]

    def callable(self, services: Iterable[str]) -> list[Waiting]:
        return [each for each in self.there(services) if not each[0].is_in_a_room()]

    def first(self, there: list[Waiting]) -> Waiting | None:
        """Whom anybody would let go first: the oldest of the first group that is not empty."""
        groups: list[list[Waiting]] = [[], [], [], []]
        for person, turn in there:
            if self.passed(turn) >= PASSED_ENOUGH:
                groups[0].append((person, turn))
            elif turn.private:
                groups[1].append((person, turn))
            elif person.precedence or turn.hour:
                groups[2].append((person, turn))
            else:
                groups[3].append((person, turn))
        for group in groups:
            if group:
                return min(group, key=lambda each: each[1].age)
        return None

    def line(self, service: str) -> list[str]:
        """The ids of the turns of a line, one after the other."""
        left, found = self.there([service]), []
        while first := self.first(left):
            found.append(first[1].id)
            left.remove(first)
        return found

    def called_by(self, host: str) -> Turn | None:
        called = (turn for _, turn in self.turns() if turn.state == "called" and turn.host == host)
        return next(called, None)

    def undoable_by(self, by: str) -> Done | None:
        last = {done.person: done for done in self.done}
        for done in reversed(self.done):
            recent = self.now - done.at < UNDO
            if recent and done.by == by and not done.is_undo and last[done.person] is done:
                return done
        return None

    # ---- what people do: whether the journal has a word of it, or NotPossible ------------------

    def comes(self, person: Person, service: str) -> bool:
        self.people.append(person)
        self.enter(person, Turn(service, self.now, person.private))
        return True

    def enter(self, person: Person, fresh: Turn) -> None:
        """Whoever is in that line already keeps their place; what was for after is for now."""
        person.outcome = None
        for turn in person.open_turns():
            if turn.service == fresh.service:
                if turn.held == "after" and not fresh.held:
                    turn.held = None
                return
        person.turns.append(fresh)

    def release(self, person: Person) -> None:
        turns = sorted(person.open_turns(), key=lambda turn: (turn.came, turn.id))
        if turns and all(turn.held == "after" for turn in turns):
            turns[0].held = None

    def call(self, person: Person, turn: Turn, host: str, services: Iterable[str]) -> bool:
        if turn.state != "waiting" or person.is_in_a_room() or self.called_by(host):
            raise NotPossible
        passed = [each for _, each in self.callable(services) if each.age < turn.age]
        turn.goes_on("called", self.now)
        turn.host = host
        turn.soundings += 1
        self.calls.append(Call(turn.id, turn.soundings, frozenset(each.id for each in passed)))
        return True

    def recall(self, _person: Person, turn: Turn) -> bool:
        _only(turn, "called")
        turn.soundings += 1
        return True

    def receive(self, _person: Person, turn: Turn) -> bool:
        _only(turn, "called")
        turn.goes_on("serving", self.now)
        return True

    def finish(self, person: Person, turn: Turn) -> bool:
        _only(turn, *IN_A_ROOM)
        turn.goes_on("done", self.now)
        self.release(person)
        if not person.open_turns():
            person.outcome = "received"
        return True

    def did_not_come(self, person: Person, turn: Turn) -> bool:
        _only(turn, "called")
        turn.goes_on("absent", self.now)
        self.release(person)
        return True

    def came_back(self, person: Person, turn: Turn) -> bool:
        _only(turn, "absent")
        if turn.ended is None or person.has_turn_with(turn.service):
            raise NotPossible
        if self.now - turn.ended > A_WHILE:
            turn.came, turn.hour = self.now, None
        turn.waits()
        person.outcome = None
        return True

    def send_to(self, person: Person, service: str) -> bool:
        self.enter(person, Turn(service, self.now, person.private))
        return True

    def then(self, person: Person, service: str) -> bool:
        self.enter(person, Turn(service, self.now, person.private, held="after"))
        self.release(person)
        return True

    def move(self, person: Person, turn: Turn, service: str) -> bool:
        if turn.service == service:
            return False
        _only(turn, *OPEN)
        turn.goes_on("moved", self.now)
        return self.send_to(person, service)

    def hand_over(self, person: Person, turn: Turn, service: str) -> bool:
        if turn.service == service:
            raise NotPossible
        if turn.state == "done" and person.has_turn_with(service):
            return False
        _only(turn, *OPEN)
        turn.goes_on("done" if turn.state == "serving" else "moved", self.now)
        return self.send_to(person, service)

    def park(self, turn: Turn, back: datetime | None) -> bool:
        _only(turn, *OPEN)
        turn.waits()
        turn.held, turn.back = "parked", back
        return True

    def resume(self, turn: Turn) -> bool:
        _only(turn, "waiting")
        turn.held, turn.back = None, None
        return True

    def give_precedence(self, person: Person, given: bool) -> bool:
        changes = person.precedence != given
        person.precedence = given
        return changes

    def goes_home(self, person: Person, outcome: str) -> bool:
        for turn in person.open_turns():
            waited = outcome == "left" or turn.state == "waiting"
            turn.goes_on("left" if waited else "done", self.now)
        person.outcome = outcome
        return True

    def ask_in_private(self, person: Person) -> bool:
        person.private = True
        self.enter(person, Turn(self.desk, self.now, private=True))
        for turn in person.open_turns():
            if turn.service == self.desk and turn.state == "waiting":
                turn.private, turn.held, turn.back = True, None, None
        return True

    def arrive(self, person: Person | None, held: Held) -> str:
        """What somebody is told who comes for an appointment."""
        theirs = [turn for turn in person.turns if turn.appointment == held.id] if person else []
        for turn in sorted(theirs, key=lambda turn: (turn.came, turn.id), reverse=True):
            assert person
            if turn.state == "absent" and not person.has_turn_with(turn.service):
                self.came_back(person, turn)
                return "in"
            if turn.state in (*OPEN, "done"):
                return "already"
            if turn.state in ("absent", "moved") and person.open_turns():
                return "already"
        return held.refused or self._checks_in(person, held)

    def _checks_in(self, person: Person | None, held: Held) -> str:
        if person is None:
            person = Person(len(self.people) + 1, appointment=held.id)
            self.people.append(person)
        over, late = self.now >= held.ends, self.now - held.starts > A_WHILE
        service = self.desk if over else held.service
        hour = None if over or late else held.starts
        self.enter(person, Turn(service, self.now, appointment=held.id, hour=hour))
        if over or late:
            return "over" if over else "late"
        return "early" if held.starts - self.now > A_WHILE else "in"

    # ---- taking back -------------------------------------------------------------------------

    def undo(self, done: Done, by: str) -> bool:
        """Whether it could be taken back: no host may then be calling two people."""
        now = self.people[done.person - 1]
        back = _as_before(now, done)
        self.people[done.person - 1] = back
        callers = [turn.host for _, turn in self.turns() if turn.state == "called"]
        if len(callers) != len(set(callers)):
            self.people[done.person - 1] = now
            return False
        soundings = {turn.id: turn.soundings for turn in back.turns}
        self.calls = [each for each in self.calls if each.nth <= soundings.get(each.turn, each.nth)]
        self.done.append(Done(self.now, by, done.person, now, is_undo=True))
        return True


def _as_before(person: Person, done: Done) -> Person:
    """An arrival that is taken back was a mistake; so is a turn that began meanwhile."""
    mistaken = Person(person.number, person.id, appointment=person.appointment, outcome="mistake")
    back = done.before.as_now() if done.before else mistaken
    known = {turn.id for turn in back.turns}
    for turn in person.turns:
        if turn.id not in known:
            back.turns.append(replace(turn, state="undone", held=None, back=None, soundings=0))
    return back


def _only(turn: Turn, *states: str) -> None:
    if turn.state not in states:
        raise NotPossible
