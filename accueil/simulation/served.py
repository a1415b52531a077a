"""A simulated day's house: the real server, driven over HTTP only.

Visitors touch the kiosk and look at their phone, the desk and the partners work on their own
pages; what people wait for is read on those pages, and nothing is looked up behind them.
"""

import os
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from accueil.simulation.client import Answer, Browser
from accueil.simulation.day import Cast, Person, Worker
from accueil.simulation.desks import AgentPage, PartnerPage
from accueil.store.instants import to_text

TITLE = r"<title>([^<]*)</title>"
NUMBER = r'class="number"><bdi dir="ltr">(\d+)</bdi>'
CODE = r'name="code" value="([A-Za-z2-9]{31})"'
DAY = r"<h2>(.*?)</h2>(.*?)(?=<h2>|</form>)"
SLOT = re.compile(r'name="slot" value="([^"]+)"')
HOUR = r'class="when-hour">.*?(\d+:\d\d)'
WAIT = r'class="wait">\D*(\d+)\D*(\d+)?\D*?</span>'
BOOKED_ON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Clock:
    """The house's clock, a file that its server reads; `midnight` begins the simulated day."""

    file: Path
    midnight: datetime

    def show(self, minute: float) -> None:
        self.set(self.midnight + timedelta(minutes=minute))

    def set(self, at: datetime) -> None:
        partial = self.file.with_suffix(".part")
        partial.write_text(to_text(at))
        os.replace(partial, self.file)


@dataclass(slots=True)
class Served:
    """The house at `port`. `tickets` are the codes in people's pockets, `numbers` who has which
    number, `shown` the ranges that tickets said, `refused` whoever was told there is no ticket
    left, and was received by the desk."""

    port: int
    site_id: str
    clock: Clock
    cast: Cast
    passwords: dict[str, str]
    numbers: dict[int, Person] = field(default_factory=dict)
    tickets: dict[int, str] = field(default_factory=dict)
    appointments: dict[tuple[str, float], str] = field(default_factory=dict)
    shown: dict[int, tuple[int, int]] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    kiosk: Browser = field(init=False)
    phone: Browser = field(init=False)
    pages: dict[str, AgentPage | PartnerPage] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.kiosk, self.phone = Browser(self.port), Browser(self.port)

    def open(self) -> None:
        """Before the day: everybody's screen."""
        self.clock.show(8 * 60 + 40)
        self.kiosk.get(f"/borne/{self.site_id}")
        for host in self.cast.hosts:
            desk = any(each.desk for each in self.cast.services if each.id in host.services)
            kind = AgentPage if desk else PartnerPage
            self.pages[host.login] = kind(Browser(self.port), host, self.passwords[host.login])

    def book(self) -> list[tuple[str, float]]:
        """Some days before: appointments, taken at the kiosk, of the simulated day."""
        self.clock.set(self.clock.midnight - BOOKED_ON + timedelta(hours=16))
        self.kiosk.get(f"/borne/{self.site_id}")
        for service in self.cast.services:
            for _ in range(service.booked):
                self._book(service.id)
        return sorted(self.appointments)

    def _book(self, service_id: str) -> None:
        page = self._kiosk("creneaux", service=service_id, language="fr")
        days = {day: slots for day, slots in page.every(DAY) if self._is_the_day(day)}
        slots, code = SLOT.findall("".join(days.values())), page.first(CODE)
        if slots:
            slot = slots[len(self.appointments) * 3 % len(slots)]
            done = self._kiosk("reserver", slot=slot, code=code, service=service_id, language="fr")
            hour, minute = (done.first(HOUR) or "0:0").split(":")
            self.appointments[service_id, float(int(hour) * 60 + int(minute))] = code

    def _is_the_day(self, heading: str) -> bool:
        return f" {self.clock.midnight.day} " in heading

    def enter(self, person: Person, at: float) -> str | None:
        self.clock.show(at)
        self.gone.discard(person.key)
        if person.due is not None:
            return self._arrives(person, self.appointments[person.service, person.due])
        if person.channel == "desk":
            return self._registers(person)
        return self._takes_a_ticket(person)

    def _arrives(self, person: Person, code: str) -> str | None:
        """With an appointment: its code, read by the kiosk's scanner."""
        page = self._kiosk("arrivee", typed=code, language=person.language)
        return person.service if self._has_a_number(person, page, code) else None

    def _takes_a_ticket(self, person: Person) -> str | None:
        """At the kiosk: a language, a need, the answers, a ticket; for the desk where there is
        none left."""
        service = "" if self._is_desk(person.service) else person.service
        start = self.kiosk.get(f"/borne/{self.site_id}?language={person.language}")
        code = start.first(CODE)
        wanted = {"code": code, "language": person.language}
        if service:
            answers = self._kiosk("reponses", need=person.need, enough="1", **wanted)
            code = wanted["code"] = answers.first(CODE)
            if f'name="service" value="{service}"' not in answers.text:
                service, self.refused = "", self.refused + 1
        page = self._kiosk(
            "ticket",
            **wanted,
            **({"need": person.need} if person.need else {}),
            **({"service": service} if service else {}),
            **({"private": "1"} if person.private else {}),
        )
        if not self._has_a_number(person, page, code):
            return None
        if person.precedence:
            self._kiosk("priorite", code=code, given="1", language=person.language)
        return service or self._desk()

    def _registers(self, person: Person) -> str | None:
        """At the desk, whose agent takes three touches."""
        page, code = self._agent().register(person.need, person.service)
        return person.service if self._has_a_number(person, page, code) else None

    def _has_a_number(self, person: Person, page: Answer, code: str) -> bool:
        number = page.first(NUMBER) or page.first(r'class="big">(\d+)<')
        if not number:
            self.faults[f"no number: {page.status}, {page.first(TITLE)}"] += 1
            return False
        self.numbers[int(number)] = person
        self.tickets[person.key] = code
        for low, high in page.every(WAIT)[:1]:
            self.shown[int(number)] = (int(low), int(high)) if high else (0, int(low))
        if person.phone:
            self._phone(f"/v/{code}?language={person.language}")
        return True

    def call(self, worker: Worker, at: float) -> Person | None:
        self.clock.show(at)
        number = self.pages[worker.host.login].call()
        return self.numbers[number] if number else None

    def recall(self, worker: Worker, person: Person, at: float) -> None:
        self._act(worker, "recall", at)

    def receive(self, worker: Worker, person: Person, at: float) -> None:
        self._act(worker, "receive", at)

    def absent(self, worker: Worker, person: Person, at: float) -> None:
        self._act(worker, "absent", at)
        self.gone.add(person.key)

    def finish(self, worker: Worker, person: Person, then: str | None, at: float) -> None:
        self.clock.show(at)
        page = self.pages[worker.host.login]
        if then:
            page.hand_on(then)
        else:
            page.finish(person.outcome)

    def _act(self, worker: Worker, action: str, at: float) -> None:
        self.clock.show(at)
        self.pages[worker.host.login].act(action)

    def come_back(self, person: Person, at: float) -> None:
        """They had not heard their call: their code, under the kiosk's scanner."""
        self.clock.show(at)
        self.gone.discard(person.key)
        self._kiosk("arrivee", typed=self.tickets[person.key], language=person.language)

    def leave(self, person: Person, at: float) -> bool:
        self.clock.show(at)
        code = self.tickets[person.key]
        self.phone.get(f"/v/{code}/partir")
        return self.phone.post(f"/v/{code}/partir").status == 303

    def close(self, at: float) -> None:
        """The desk tells whoever is still there, and ends the visits of who has gone."""
        self.clock.show(at)
        for number, visit in self._agent().present().items():
            gone = self.numbers[number].key in self.gone
            self._agent().end(visit, "left" if gone else "unmet")

    def requests(self) -> int:
        return sum(browser.asked for browser in self._browsers())

    def close_browsers(self) -> None:
        for browser in self._browsers():
            browser.close()

    def _browsers(self) -> list[Browser]:
        return [self.kiosk, self.phone, *(page.browser for page in self.pages.values())]

    def _agent(self) -> AgentPage:
        return next(page for page in self.pages.values() if isinstance(page, AgentPage))

    def _desk(self) -> str:
        return next(each.id for each in self.cast.services if each.desk)

    def _is_desk(self, service_id: str) -> bool:
        return any(each.desk for each in self.cast.services if each.id == service_id)

    def _kiosk(self, step: str, **fields: str) -> Answer:
        answer = self.kiosk.post(f"/borne/{self.site_id}/{step}", **fields)
        if answer.status >= 500:
            self.faults[f"kiosk, {step}: {answer.status}"] += 1
        return answer

    def _phone(self, path: str) -> None:
        answer = self.phone.get(path)
        if answer.status != 200:
            self.faults[f"phone: {answer.status}"] += 1
