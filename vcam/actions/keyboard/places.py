"""Where keys lie on a usual keyboard, by the numbers of Linux's input-event-codes.h."""

from collections.abc import Iterator
from typing import Final

EVDEV_TO_XKB: Final = 8
"""X11 and Wayland count key codes from here."""


def _row(first: int, keys: str) -> Iterator[tuple[str, int]]:
    """Number the keys of one row of an English keyboard, which lie side by side."""
    return ((key, first + place) for place, key in enumerate(keys))


EVDEV_CODES: Final[dict[str, int]] = {
    **dict(_row(2, "1234567890-=")),
    **dict(_row(16, "qwertyuiop[]")),
    **dict(_row(30, "asdfghjkl;'`")),
    **dict(_row(43, "\\zxcvbnm,./")),
    **{f"f{number}": 58 + number for number in range(1, 11)},
    "f11": 87,
    "f12": 88,
    **{f"f{number}": 170 + number for number in range(13, 25)},
    "ctrl": 29,
    "alt": 56,
    "shift": 42,
    "cmd": 125,
    "right_ctrl": 97,
    "right_alt": 100,
    "right_shift": 54,
    "right_cmd": 126,
    "space": 57,
    "enter": 28,
    "esc": 1,
    "tab": 15,
    "backspace": 14,
    "delete": 111,
    "insert": 110,
    "home": 102,
    "end": 107,
    "page_up": 104,
    "page_down": 109,
    "up": 103,
    "down": 108,
    "left": 105,
    "right": 106,
    **{f"numpad_{digit}": code for digit, code in _row(71, "789")},
    **{f"numpad_{digit}": code for digit, code in _row(75, "456")},
    **{f"numpad_{digit}": code for digit, code in _row(79, "1230")},
    "numpad_plus": 78,
    "numpad_minus": 74,
    "numpad_multiply": 55,
    "numpad_divide": 98,
    "numpad_decimal": 83,
    "numpad_enter": 96,
    "media_play_pause": 164,
    "media_next": 163,
    "media_previous": 165,
    "media_volume_mute": 113,
    "media_volume_up": 115,
    "media_volume_down": 114,
}
"""Every key of a chord but the mouse's buttons; letters and signs as on an English keyboard."""

BUTTON_CODES: Final[dict[str, int]] = {
    "mouse_left": 0x110,
    "mouse_right": 0x111,
    "mouse_middle": 0x112,
    "mouse_back": 0x113,
    "mouse_forward": 0x114,
}
"""The mouse's buttons."""

DIFFERENT_EVERYWHERE: Final = tuple(f"f{number}" for number in range(13, 25))
"""Most desktops read these as other keys: F13 opens the settings on some."""
