"""The files of others are those that were published."""

import hashlib
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "static" / "vendor"
OURS = {"README.md", "SHA256SUMS"}


def test_every_vendored_file_has_its_recorded_hash() -> None:
    lines = (VENDOR / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    recorded = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name not in OURS
    }
    assert found == recorded
