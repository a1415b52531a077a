"""A simulated day through the real server, over HTTP: smaller than the one of `flask simulate`."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_a_simulated_day_keeps_every_promise(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).parent / "flask"), "simulate", "--visits", "40"]
    done = subprocess.run(
        [*command, "--seed", "3"],
        cwd=ROOT,
        env={**os.environ, "ACCUEIL_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Every promise was kept." in done.stdout
    [visits] = [line for line in done.stdout.splitlines() if line.startswith("  visits")]
    assert visits.split()[1] == "40"
