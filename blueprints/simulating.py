"""A simulated day: `flask simulate` plays one through the real server, and says what it kept.

The house is the demonstration's, with the hosts of `data/simulated-day`, in a folder that is
thrown away. Its server reads the present instant from a file: each person of the day touches the
kiosk, the phone or a page of the staff at their own minute, over HTTP.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import click
from flask import Flask

from accueil.house import accounts
from accueil.house.sites import front_desk
from accueil.simulation import cast, promises
from accueil.simulation.day import draw
from accueil.simulation.promises import Numbers
from accueil.simulation.running import Play
from accueil.simulation.served import Clock, Served
from accueil.store.db import Db, Store
from blueprints import web
from blueprints.commands import DEMONSTRATION, load_house

ROOT = Path(__file__).parent.parent
ADDED = ROOT / "data" / "simulated-day"
MONDAY = date(2026, 11, 23)
BEFORE = datetime(2026, 11, 19, 12, tzinfo=UTC)
NOT_INHERITED = ("ACCUEIL_URL", "ACCUEIL_NOW")
STARTS_WITHIN_S = 30
STOPS_WITHIN_S = 10


def init_app(app: Flask) -> None:
    app.cli.add_command(simulate)
    app.cli.add_command(simulated_house)


@click.command()
@click.option("--visits", default=300, show_default=True, help="How many people come.")
@click.option("--seed", default=7, show_default=True, help="The same one draws the same day.")
def simulate(visits: int, seed: int) -> None:
    """Play a day of visits through the real server, and hold it against its promises."""
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="accueil-day-"))
    try:
        broken, numbers, served = _day(folder, visits, seed)
    finally:
        shutil.rmtree(folder)
    _say(numbers, served, seed, time.monotonic() - began)
    faults = [f"{what} ({times} times)" for what, times in served.faults.items()]
    for promise in (*broken, *faults):
        click.echo(f"BROKEN  {promise}", err=True)
    if broken or faults:
        sys.exit(1)
    click.echo("Every promise was kept.")


@click.command(hidden=True)
@click.argument("path", type=click.Path(file_okay=False, path_type=Path))
def simulated_house(path: Path) -> None:
    """Load the house in the folder PATH, and open its accounts."""
    with web.house().store.connection() as db:
        load_house(db, path, web.house().clock())
        for person in _accounts():
            accounts.create(
                db,
                login=person["login"],
                name=person["name"],
                role="agent" if person["role"] == "agent" else "partner",
                organisation_id=person.get("organisation"),
                password=person["password"],
                at=web.house().clock(),
            )


def _day(folder: Path, visits: int, seed: int) -> tuple[list[str], Numbers, Served]:
    data, clock = folder / "data", Clock(folder / "clock", BEFORE)
    clock.set(BEFORE)
    environment = _environment(data, clock.file)
    _run([_program("flask"), "simulated-house", str(_text(folder / "house"))], environment)
    company = cast.read(ADDED / "cast.toml")
    passwords = {each["login"]: each["password"] for each in _accounts()}
    with _state(data) as db:
        place = front_desk(db)
        clock = Clock(clock.file, place.instant(MONDAY, clock_time()))
        with _server(environment) as port:
            house = Served(port, place.id, clock, company, passwords)
            booked = house.book()
            house.open()
            Play(draw(company, visits, seed, booked), house).run()
            house.close_browsers()
        at = clock.midnight + timedelta(hours=20)
        broken = promises.broken(db, place, at, house.shown)
        numbers = promises.numbers(db, place, at)
    _run([_program("flask"), "check"], environment)
    return broken, numbers, house


def _text(folder: Path) -> Path:
    """The demonstration house with what the simulated day adds to it."""
    shutil.copytree(DEMONSTRATION, folder)
    for name in ("house.toml", "permanences.toml"):
        added = (ADDED / name).read_text(encoding="utf-8")
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(added)
    return folder


def _accounts() -> list[dict[str, str]]:
    text = (ADDED / "accounts.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["account"])


@contextmanager
def _state(data: Path) -> Iterator[Db]:
    """The house's data, read from outside the server once it is over."""
    store = Store(data / "accueil.db", key=b"")
    with store.connection() as db:
        yield db
    store.close()


@contextmanager
def _server(environment: dict[str, str]) -> Iterator[int]:
    """The real server, as `make run` starts it, on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [_program("granian"), "--host", "127.0.0.1", "--port", str(port), "app:serve"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < end and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise click.ClickException("the server does not start")


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise click.ClickException(f"{command[1]}: {done.stdout}{done.stderr}")


def _environment(data: Path, clock: Path) -> dict[str, str]:
    """The server's, of server.env; no address of this machine's own house."""
    inherited = {name: text for name, text in os.environ.items() if name not in NOT_INHERITED}
    lines = (ROOT / "server.env").read_text(encoding="utf-8").splitlines()
    served = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {**inherited, **served, "ACCUEIL_DATA": str(data), "ACCUEIL_CLOCK": str(clock)}


def _program(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _say(numbers: Numbers, house: Served, seed: int, seconds: float) -> None:
    """The day in a table."""
    outcomes = ", ".join(f"{each} {count}" for each, count in sorted(numbers.outcomes.items()))
    share = f"{numbers.kept / numbers.told:.0%}" if numbers.told else "-"
    rows = {
        "visits": f"{numbers.visits} ({outcomes})",
        "turns": f"{numbers.turns}, {numbers.handed_on} of them after a first one",
        "appointments": f"{numbers.appointments} checked in, {numbers.late} of them late",
        "longest wait": f"{numbers.longest:.0f} min; {numbers.mean:.0f} min on average",
        "waits told": f"{numbers.told} came, {numbers.kept} of them within their range ({share})",
        "recalls": f"{numbers.recalls}",
        "did not come": f"{numbers.absent}, of whom {numbers.came_back} came back",
        "passed at most": f"{numbers.most_passed} times",
        "no ticket left": f"{house.refused} sent to the desk instead",
        "requests": f"{house.requests()} in {seconds:.0f} s",
    }
    click.echo(f"A simulated day, seed {seed}")
    for name, said in rows.items():
        click.echo(f"  {name:<16}{said}")
