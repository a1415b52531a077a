"""The board's voice: espeak-ng speaks a sentence once, and the file is kept."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

PROGRAM = "espeak-ng"
WORDS_A_MINUTE = 140
TIMEOUT_S = 10


class Mute(Exception):
    """espeak-ng is not installed here, or cannot speak this language."""


@cache
def program() -> str | None:
    """Where espeak-ng is, or None: then the board has its chime only."""
    return shutil.which(PROGRAM)


@cache
def languages() -> frozenset[str]:
    """The language codes that the installed voice can speak; empty without one."""
    path = program()
    if path is None:
        return frozenset()
    listing = subprocess.run(
        [path, "--voices"], capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    # A voice has a code of its own, and may answer to others: cmn is also zh.
    own = re.findall(r"^\s*\d+\s+([a-z]{2,3})(?:-\S+)?\s", listing.stdout, re.M)
    return frozenset(own + re.findall(r"\(([a-z]{2,3}) \d+\)", listing.stdout))


def spoken(folder: Path, language: str, sentence: str) -> Path:
    """The WAV file of `sentence`, made in `folder` if it is not there yet. Raises `Mute`."""
    name = hashlib.sha256(f"{language}\n{sentence}".encode()).hexdigest()
    path = folder / f"{name}.wav"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _speak(path, language, sentence)
    return path


def _speak(path: Path, language: str, sentence: str) -> None:
    if language not in languages():
        raise Mute(language)
    handle, partial = tempfile.mkstemp(dir=path.parent, suffix=".part")
    os.close(handle)
    command = [program() or PROGRAM, "-v", language, "-s", str(WORDS_A_MINUTE), "-w", partial]
    try:
        subprocess.run(
            [*command, "--stdin"], input=sentence.encode(), timeout=TIMEOUT_S, check=True
        )
        os.replace(partial, path)
    except (OSError, subprocess.SubprocessError) as error:
        os.unlink(partial)
        raise Mute(language) from error
