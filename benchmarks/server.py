"""The real server, on a free port of this machine, over the demonstration house."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from accueil.store.db import Db
from app import create_app
from tests.personae import served

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
HOST = "127.0.0.1"
MONDAY = datetime(2026, 11, 23, 9, 20, tzinfo=ZoneInfo("Europe/Paris"))
SITE = "bearn"
START_WITHIN_S = 20
OTHERS = ("ACCUEIL_URL", "ACCUEIL_CLOCK")


@dataclass(frozen=True)
class Server:
    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    def memory_mb(self) -> float:
        """The proportional set size of the server and of its worker, together."""
        return sum(map(_pss_kb, _family(self.process.pid))) / 1024

    def processor_ms(self) -> float:
        """The processor time that the server has taken since it started."""
        return sum(map(_processor_ms, _family(self.process.pid)))


@contextmanager
def house() -> Iterator[Path]:
    """A folder of data with the demonstration house in it, on MONDAY."""
    folder = Path(tempfile.mkdtemp(prefix="accueil-bench-"))
    try:
        subprocess.run(
            [BIN / "flask", "demo"],
            cwd=ROOT,
            env=_environment(folder),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def running(folder: Path, now: datetime = MONDAY) -> Iterator[Server]:
    """The server over `folder`, from its first answer to its end; its clock begins at `now`."""
    port = _free_port()
    command = [str(BIN / "granian"), "--host", HOST, "--port", str(port)]
    process = subprocess.Popen(
        [*command, "benchmarks.serving:serve"], cwd=ROOT, env=_environment(folder, now)
    )
    try:
        _wait_for(port, process)
        yield Server(port, folder, process)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def state(folder: Path) -> Iterator[Db]:
    """A connection to the house's data from outside the server."""
    store = create_app(folder).extensions["house"].store
    with store.connection() as db:
        yield db
    store.close()


def status_of(port: int, path: str) -> int:
    """The status of a page; 0 when nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status
    return 0


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_WITHIN_S
    while status_of(port, "/borne") != 200:
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError("the server does not start")
        time.sleep(0.005)


def _environment(folder: Path, now: datetime = MONDAY) -> dict[str, str]:
    """Ours, without what another server of this machine was told."""
    inherited = {name: text for name, text in os.environ.items() if name not in OTHERS}
    begins = f"{now:%Y-%m-%dT%H:%M}"
    return {**inherited, **served(), "ACCUEIL_DATA": str(folder), "ACCUEIL_NOW": begins}


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as listening:
        return int(listening.getsockname()[1])


def _family(pid: int) -> list[int]:
    """A process and those that it started, theirs included."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(path.parent.name))
    family = [pid]
    for each in family:
        family += children.get(each, [])
    return family


def _pss_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _processor_ms(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) * 1000 / os.sysconf("SC_CLK_TCK")
