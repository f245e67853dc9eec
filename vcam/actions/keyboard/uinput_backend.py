"""Keys by Linux's uinput: Wayland and the console. The only file that imports evdev."""

import time
from typing import Any, Final

from vcam.actions.chord import KEYS, MODIFIERS
from vcam.errors import ActionError

_NAMES: Final = {
    "ctrl": "LEFTCTRL",
    "alt": "LEFTALT",
    "shift": "LEFTSHIFT",
    "cmd": "LEFTMETA",
    "-": "MINUS",
    "=": "EQUAL",
    "[": "LEFTBRACE",
    "]": "RIGHTBRACE",
    "\\": "BACKSLASH",
    ";": "SEMICOLON",
    "'": "APOSTROPHE",
    ",": "COMMA",
    ".": "DOT",
    "/": "SLASH",
    "`": "GRAVE",
    "page_up": "PAGEUP",
    "page_down": "PAGEDOWN",
    "media_play_pause": "PLAYPAUSE",
    "media_next": "NEXTSONG",
    "media_previous": "PREVIOUSSONG",
    "media_volume_mute": "MUTE",
    "media_volume_up": "VOLUMEUP",
    "media_volume_down": "VOLUMEDOWN",
}
"""Names in Linux's input-event-codes.h, where they differ from ours in upper case."""


PLUGGED_IN_SECONDS: Final = 0.5
"""How long a desktop may take to listen to a new keyboard; keys before that are lost."""


class UinputKeyboard:
    """A keyboard of our own, which the kernel believes to be plugged in."""

    def __init__(self) -> None:
        """Plug it in; raises `ActionError` without evdev, or without rights on /dev/uinput."""
        try:
            from evdev import UInput, ecodes
        except ImportError:
            raise ActionError("the package evdev is not installed") from None
        self._codes = {key: _code(ecodes, key) for key in (*MODIFIERS, *KEYS)}
        self._event = ecodes.EV_KEY
        try:
            self._device = UInput({self._event: sorted(self._codes.values())}, name="vcam keys")
        except Exception as error:  # noqa: BLE001  # evdev has a type of its own and OSError
            raise ActionError(f"/dev/uinput cannot be used ({error})") from None
        self._usable_from = time.perf_counter() + PLUGGED_IN_SECONDS

    def check(self, key: str) -> None:
        """Raise `ActionError` when the keyboard has no such key."""
        if key not in self._codes:
            raise ActionError(f"there is no key {key!r}")

    def press(self, key: str) -> None:
        """Put the key down."""
        self._write(key, 1)

    def release(self, key: str) -> None:
        """Let the key up."""
        self._write(key, 0)

    def close(self) -> None:
        """Unplug the keyboard."""
        self._device.close()

    def _write(self, key: str, value: int) -> None:
        self.check(key)
        time.sleep(max(0.0, self._usable_from - time.perf_counter()))
        try:
            self._device.write(self._event, self._codes[key], value)
            self._device.syn()
        except OSError as error:
            raise ActionError(f"the key {key!r} could not be sent ({error})") from error


def _code(ecodes: Any, key: str) -> int:
    return int(ecodes.ecodes[f"KEY_{_NAMES.get(key, key.upper())}"])
