"""How a person wants the kiosk's screens: in large text, in high contrast, all to touch low down.

The forms carry it from screen to screen, as they do the language: nothing of it is kept on the
device, and it is gone for the next person. A kiosk that was enrolled with larger text, or with its
controls low, begins so.
"""

from flask import request

from blueprints import screens

LOOKS = ("large", "contrast", "low")


def look() -> tuple[str, ...]:
    """The looks that this request's form carries, what is none of them left out; those of the
    enrolled kiosk, when it carries none yet."""
    carried = request.values.get("look")
    asked = usual() if carried is None else carried.split()
    return tuple(each for each in LOOKS if each in asked)


def usual() -> list[str]:
    """How this kiosk begins."""
    kiosk = screens.enrolled()
    if kiosk is None or kiosk.kind != "kiosk":
        return []
    larger = ["large"] if kiosk.settings.text_size == "larger" else []
    return [*larger, "low"] if kiosk.settings.reach else larger


def chosen() -> bool:
    """Whether somebody has wanted the screens otherwise than this kiosk begins."""
    return set(look()) != set(usual())


def turned(one: str) -> str:
    """What a form carries to turn `one` on, or off if it is on, and keep the others."""
    return " ".join(each for each in LOOKS if (each in look()) != (each == one))
