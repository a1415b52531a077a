"""A file that was checked, kept until somebody says to take it: two steps, for an admin.

In a folder of the instance that only its owner reads, each under a random name: `<token>.entries`,
what can be taken of the file, and `<token>.report`, what was found in it. Both go after an hour,
whether anybody asks or not, and when another file is checked; the entries go once they are taken.
"""

import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec

from accueil.orientation.inclusion import records, taking
from accueil.orientation.inclusion.check import Entry
from accueil.orientation.inclusion.listing import Say
from accueil.orientation.inclusion.read import BadFile, Report, read
from accueil.orientation.inclusion.taking import Changes
from accueil.orientation.inclusion.write import own_source
from accueil.store.db import Db
from accueil.store.errors import Unwritable

KEPT_FOR = timedelta(hours=1)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


class NotKept(LookupError):
    """No file is kept under this name, or no more."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a file, what taking it would change, and what taking it changed."""

    at: datetime
    report: Report
    changes: Changes
    done: Changes | None = None


def check(db: Db, folder: Path, content: bytes, at: datetime) -> str:
    """Check a file and keep what can be taken of it; its token. `BadFile` keeps nothing.

    What was kept of other files is dropped.
    """
    forget(folder)
    token = secrets.token_urlsafe(16)
    lines = _entries(folder, token)
    encoder = msgspec.json.Encoder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _private(lines).open("wb") as file:
            report = read(
                content,
                lambda entry: file.writelines((encoder.encode(entry), b"\n")),
                own_source(db),
                partial(records.is_known, db),
            )
        _note(folder, token, Checked(at, report, taking.changes(db, report, _kept(lines))))
    except OSError as error:
        raise Unwritable(str(error)) from error
    except BadFile:
        lines.unlink(missing_ok=True)
        raise
    return token


def checked(folder: Path, token: str, at: datetime) -> Checked:
    """What was found in the file of this token. `NotKept`."""
    forget_old(folder, at)
    found = _checked(folder, token)
    if found is None:
        raise NotKept(token)
    return found


def take(db: Db, folder: Path, token: str, say: Say, by: str, at: datetime) -> Changes:
    """Take the file of this token in; a second time changes nothing. `NotKept`."""
    found = checked(folder, token, at)
    if found.done is not None:
        return found.done
    lines = _entries(folder, token)
    try:
        done = taking.take_in(db, found.report, _kept(lines), say, by, at)
    except FileNotFoundError:  # somebody else has just taken it
        return checked(folder, token, at).done or Changes()
    now = _checked(folder, token)
    if now is not None and now.done is not None:
        return now.done
    _note(folder, token, replace(found, done=done))
    lines.unlink(missing_ok=True)
    return done


def forget_old(folder: Path, at: datetime) -> None:
    """Drop what was kept for an hour, and what a check that did not end left an hour ago."""
    for token in {each.name.partition(".")[0] for each in folder.glob("*")}:
        found = _checked(folder, token)
        if found.at < at - KEPT_FOR if found else _is_abandoned(folder, token):
            forget(folder, token)


def forget(folder: Path, name: str = "*") -> None:
    """Drop what was kept of a file, of all of them when it is not said which."""
    for each in folder.glob(f"{name}.*"):
        each.unlink(missing_ok=True)


def _is_abandoned(folder: Path, token: str) -> bool:
    """Whether nothing was written of it for an hour, by the machine's clock: it dates files."""
    try:
        written = max(each.stat().st_mtime for each in folder.glob(f"{token}.*"))
    except (FileNotFoundError, ValueError):  # somebody else has just dropped it
        return False
    return written < time.time() - KEPT_FOR.total_seconds()


def _kept(lines: Path) -> Iterator[Entry]:
    decoder = msgspec.json.Decoder(Entry)
    with lines.open("rb") as file:
        for line in file:
            yield decoder.decode(line)


def _checked(folder: Path, token: str) -> Checked | None:
    if not _TOKEN.fullmatch(token):
        return None
    try:
        return msgspec.json.decode(_report(folder, token).read_bytes(), type=Checked)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _note(folder: Path, token: str, found: Checked) -> None:
    """Written beside and put in place at once: nobody reads half of it."""
    partial_ = _private(folder / f"{token}.{secrets.token_hex(4)}.partial")
    partial_.write_bytes(msgspec.json.encode(found))
    os.replace(partial_, _report(folder, token))


def _private(file: Path) -> Path:
    file.touch(mode=0o600)
    return file


def _entries(folder: Path, token: str) -> Path:
    return folder / f"{token}.entries"


def _report(folder: Path, token: str) -> Path:
    return folder / f"{token}.report"
