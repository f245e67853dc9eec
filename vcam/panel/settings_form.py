"""The settings that the page can change, as plain data: one entry makes one control."""

from typing import Any, Final

from vcam.core.labels import GESTURES
from vcam.errors import ConfigError
from vcam.gestures.sensitivity import PRESETS
from vcam.gestures.settings import GestureSettings
from vcam.settings.settings import Settings

CALL_SHOWS: Final = ("gestures", "reactions", "everything")
CAMERA_SIZES: Final = ("640x360", "1280x720", "1920x1080")

FIELDS: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("call", "overlay.call_shows", {"kind": "choice", "options": CALL_SHOWS}),
    ("call", "overlay.in_call", {"kind": "flag"}),
    ("call", "overlay.in_preview", {"kind": "flag"}),
    ("call", "overlay.boxes", {"kind": "flag"}),
    ("call", "overlay.labels", {"kind": "flag"}),
    ("call", "overlay.progress", {"kind": "flag"}),
    ("call", "overlay.badge", {"kind": "flag"}),
    ("timing", "gestures.sensitivity", {"kind": "choice", "options": tuple(PRESETS)}),
    ("timing", "gestures.hold_ms", {"kind": "number", "min": 200, "max": 3000, "step": 100}),
    ("timing", "gestures.release_ms", {"kind": "number", "min": 0, "max": 2000, "step": 50}),
    ("timing", "gestures.cooldown_ms", {"kind": "number", "min": 0, "max": 10000, "step": 100}),
    ("who", "gestures.max_people", {"kind": "number", "min": 1, "max": 10, "step": 1}),
    ("who", "gestures.min_hand_px", {"kind": "number", "min": 0, "max": 400, "step": 10}),
    ("who", "gestures.guards.typing", {"kind": "flag"}),
    ("who", "gestures.guards.talking", {"kind": "flag"}),
    ("safety", "gestures.panic", {"kind": "gesture"}),
    ("safety", "gestures.panic_key", {"kind": "chord"}),
    ("safety", "gestures.arm", {"kind": "gesture"}),
    ("safety", "gestures.armed_s", {"kind": "number", "min": 1, "max": 120, "step": 1}),
    ("safety", "gestures.practice", {"kind": "flag"}),
    ("safety", "gestures.remember", {"kind": "flag"}),
    ("camera", "camera.size", {"kind": "choice", "options": CAMERA_SIZES}),
    ("camera", "camera.fps", {"kind": "number", "min": 5, "max": 60, "step": 1}),
    ("camera", "camera.mirrored", {"kind": "flag"}),
    ("profile", "follow_call", {"kind": "flag"}),
)
"""Group, dotted key, and what control it takes; the page has the words for each key."""

EASY_HOLD: Final = {"hold_ms": 1200, "release_ms": 700, "cooldown_ms": 1500}
"""For hands that tremble or open slowly: holds are longer, and a moment of doubt ends none."""


def settings_form(settings: Settings) -> list[dict[str, Any]]:
    """Return every control with its group, its value in force and whether it waits for a start."""
    return [
        {
            "group": group,
            "key": key,
            "value": _value(settings, key),
            "later": key.startswith("camera."),
            **(control | {"options": GESTURES} if control["kind"] == "gesture" else control),
        }
        for group, key, control in FIELDS
    ]


def changes(key: str, value: object) -> list[tuple[tuple[str, ...], object]]:
    """Return the keys and values to write for one control. Raises `ConfigError`."""
    if key not in {known for _, known, _ in FIELDS}:
        raise ConfigError(f"{key} is not set here; edit the settings file")
    if key != "camera.size":
        return [(tuple(key.split(".")), value)]
    width, _, height = str(value).partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise ConfigError("the size must be two numbers, such as 1280x720")
    return [(("camera", "width"), int(width)), (("camera", "height"), int(height))]


def easy_hold(*, on: bool) -> list[tuple[tuple[str, ...], object]]:
    """Return what to write for the preset, or to go back to the defaults."""
    usual = GestureSettings()
    values = EASY_HOLD if on else {name: getattr(usual, name) for name in EASY_HOLD}
    return [(("gestures", name), value) for name, value in values.items()]


def _value(settings: Settings, key: str) -> Any:
    if key == "camera.size":
        return f"{settings.camera.width}x{settings.camera.height}"
    value: Any = settings
    for part in key.split("."):
        value = getattr(value, part)
    return value
