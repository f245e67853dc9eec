"""The settings that the page can change, as plain data: one entry makes one control."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from vcam.core.labels import GESTURES
from vcam.core.setting import Choice, Number, Whole, settings_of
from vcam.core.texts import LANGUAGES, _
from vcam.errors import ConfigError
from vcam.gestures.sensitivity import PRESETS, USUAL
from vcam.settings.language import AUTO
from vcam.settings.schema import setting_at
from vcam.settings.settings import Settings

CAMERA_SIZES: Final = ("640x360", "1280x720", "1920x1080")

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "call": (
        "overlay.call_shows",
        "overlay.in_call",
        "overlay.in_preview",
        "overlay.boxes",
        "overlay.labels",
        "overlay.progress",
        "overlay.badge",
    ),
    "timing": (
        "gestures.sensitivity",
        "gestures.hold_ms",
        "gestures.release_ms",
        "gestures.cooldown_ms",
    ),
    "who": (
        "gestures.max_people",
        "gestures.min_hand_px",
        "gestures.guards.typing",
        "gestures.guards.talking",
    ),
    "safety": (
        "gestures.panic",
        "gestures.panic_key",
        "gestures.arm",
        "gestures.armed_s",
        "gestures.practice",
        "gestures.remember",
        "gestures.remember_missed",
    ),
    "camera": ("camera.size", "camera.fps", "camera.mirrored", "camera.rest"),
    "program": ("language",),
    "profile": ("follow_call",),
}
"""Groups of the page, each with the dotted keys of its settings; `vcam.core.setting` has the rest.
`camera.size` is width and height at once."""

EASY_HOLD: Final = {"hold_ms": 1200, "release_ms": 700, "cooldown_ms": 1500}
"""For hands that tremble or open slowly: holds are longer, and a moment of doubt ends none."""


def settings_form(settings: Settings) -> list[dict[str, Any]]:
    """Return every control with its group, its value in force and whether it waits for a start."""
    return [
        {
            "group": group,
            "key": key,
            "value": _value(settings, key),
            "later": key.startswith("camera.") and key != "camera.rest",
            **_control(key),
        }
        for group, keys in FIELDS.items()
        for key in keys
    ]


def _control(key: str) -> dict[str, Any]:
    """Return what control a setting takes, its text and its range."""
    if key == "camera.size":
        return {"kind": "choice", "options": CAMERA_SIZES, "says": _("Picture size")}
    about = setting_at(key) if "." in key else settings_of(Settings)[key]
    rule, says = about.rule, {"says": _(about.says), "more": about.more and _(about.more)}
    if isinstance(rule, Whole | Number):
        return says | {"kind": "number", "min": rule.low, "max": rule.high, "step": rule.step}
    if isinstance(rule, Choice):
        names = {"names": {AUTO: _("As the system"), **LANGUAGES}} if key == "language" else {}
        return says | {"kind": "choice", "options": rule.allowed} | names
    return says | {"kind": rule} | ({"options": GESTURES} if rule == "gesture" else {})


def changes(key: str, value: object) -> list[tuple[tuple[str, ...], object]]:
    """Return the keys and values to write for one control. Raises `ConfigError`."""
    if not any(key in keys for keys in FIELDS.values()):
        raise ConfigError(_("{key} is not set here; edit the settings file").format(key=key))
    if key == "gestures.sensitivity":  # the word speaks for what nobody set by itself
        return [(("gestures", "sensitivity"), value), *_cleared(PRESETS[USUAL].settings())]
    if key != "camera.size":
        return [(tuple(key.split(".")), value)]
    width, _by, height = str(value).partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise ConfigError(_("the size must be two numbers, such as 1280x720"))
    return [(("camera", "width"), int(width)), (("camera", "height"), int(height))]


def easy_hold(*, on: bool) -> list[tuple[tuple[str, ...], object]]:
    """Return what to write for the preset, or to go back to the defaults."""
    if not on:
        return _cleared(EASY_HOLD)
    return [(("gestures", name), value) for name, value in EASY_HOLD.items()]


def _cleared(names: Iterable[str]) -> list[tuple[tuple[str, ...], object]]:
    return [(("gestures", name), None) for name in names]


def _value(settings: Settings, key: str) -> Any:
    if key == "camera.size":
        return f"{settings.camera.width}x{settings.camera.height}"
    value: Any = settings
    for part in key.split("."):
        value = getattr(value, part)
    return value
