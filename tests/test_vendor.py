"""The files of others are those that were published, and the fonts hold what is said."""

import hashlib
from datetime import date, timedelta
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po

from blueprints.words import LANGUAGES

ROOT = Path(__file__).parent.parent
VENDOR = ROOT / "static" / "vendor"
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


def held(name: str) -> set[str]:
    """The characters of a font that `make fonts` cut."""
    return set((VENDOR / f"{name}.characters.txt").read_text(encoding="utf-8").strip())


def of_its_script(text: str) -> set[str]:
    """The characters that the font of Latin does not draw."""
    return {each for each in text if each > "\u02ff" and not "\u2000" <= each < "\u2e80"}


def test_the_chinese_font_holds_all_that_the_catalogue_says() -> None:
    """Otherwise: `make fonts`."""
    with (ROOT / "translations" / "zh" / "LC_MESSAGES" / "visitor.po").open("rb") as file:
        said = "".join(str(message.string) for message in read_po(file, locale="zh") if message.id)
    assert of_its_script(said) - held("noto-sans-sc") == set()


def test_the_chinese_font_holds_every_day() -> None:
    days = [date(2026, 1, 1) + timedelta(days=count) for count in range(365)]
    forms = ["EEE d MMM", "EEEE d MMMM y", *Locale("zh").date_formats]
    said = "".join(format_date(day, form, locale="zh") for day in days for form in forms)
    assert of_its_script(said) - held("noto-sans-sc") == set()


def test_the_menu_of_languages_holds_every_name() -> None:
    """Otherwise: `make fonts`."""
    assert of_its_script("".join(LANGUAGES.values())) == held("names")
