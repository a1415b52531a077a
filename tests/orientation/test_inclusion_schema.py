"""The schema's package is loaded when it is used, and not before: it costs ten megabytes."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
LOADED = "import sys; print('pydantic' in sys.modules)"
USED = "from accueil.orientation.inclusion import schema; schema.v1(); "


def said(program: str) -> str:
    made = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return made.stdout.strip()


def test_the_application_starts_without_it() -> None:
    assert said(f"import app; {LOADED}") == "False"


def test_its_first_user_loads_it() -> None:
    assert said(f"{USED}{LOADED}") == "True"


def test_the_first_users_may_be_several_at_once() -> None:
    program = (
        "from concurrent.futures import ThreadPoolExecutor;"
        "from accueil.orientation.inclusion import schema;"
        "found = ThreadPoolExecutor(8).map(lambda _: len(schema.fields('service')), range(8));"
        "print(set(found))"
    )
    assert said(program) == "{33}"
