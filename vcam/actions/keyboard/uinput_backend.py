"""Keys by Linux's uinput: Wayland and the console. The only file that imports evdev.

The kernel takes places on the keyboard, and the desktop's layout makes letters of them: so the
code of a letter is asked of the compositor's keymap.
"""

import contextlib
import time
from collections.abc import Callable
from typing import Final

from vcam.actions.chord import DIGITS, LETTERS, PUNCTUATION
from vcam.actions.keyboard.keymap import Keymap
from vcam.actions.keyboard.places import (
    BUTTON_CODES,
    DIFFERENT_EVERYWHERE,
    EVDEV_CODES,
    EVDEV_TO_XKB,
)
from vcam.actions.keyboard.uinput_events import UinputEvents
from vcam.core.texts import _
from vcam.errors import ActionError

_AXES: Final = (0, 1)
"""Left and right, up and down: without them desktops take no device for a mouse."""
_KEY, _MOVE = 1, 2

PLUGGED_IN_SECONDS: Final = 0.5
"""How long a desktop may take to listen to a new keyboard; keys before that are lost."""


class UinputSender:
    """A keyboard and mouse of our own, which the kernel believes to be plugged in."""

    def __init__(self, keymap: Callable[[], Keymap]) -> None:
        """Plug it in; raises `ActionError` without evdev, or without rights on /dev/uinput.

        `keymap` returns the layouts of the desktop, or raises `ActionError`; it is asked for each
        key.
        """
        try:
            from evdev import UInput
        except ModuleNotFoundError:
            raise ActionError(_("the package evdev is not installed")) from None
        codes = sorted({*EVDEV_CODES.values(), *BUTTON_CODES.values()})
        try:
            self._device = UInput({_KEY: codes, _MOVE: list(_AXES)}, name="vcam keys")
        except Exception as error:  # noqa: BLE001  # evdev has a type of its own and OSError
            raise ActionError(
                _("/dev/uinput cannot be used ({error})").format(error=error)
            ) from None
        self._keymap = keymap
        self._events = UinputEvents(self._device.fd)
        self._usable_from = time.perf_counter() + PLUGGED_IN_SECONDS

    @property
    def fileno(self) -> int:
        """The number of the open device, for the guardian to write to."""
        return int(self._device.fd)

    def code(self, key: str) -> str:
        """Return the Linux code that gives `key` in the layout of the desktop."""
        if key in BUTTON_CODES:
            return str(BUTTON_CODES[key])
        if key not in EVDEV_CODES:
            raise ActionError(_("there is no key {key!r}").format(key=key))
        try:
            keymap = self._keymap()
        except ActionError:
            if key in (*LETTERS, *DIGITS, *PUNCTUATION, *DIFFERENT_EVERYWHERE):
                raise
            return str(EVDEV_CODES[key])  # these lie in one place on every layout
        return str(keymap.code(key) - EVDEV_TO_XKB)

    def prepare(self) -> None:
        """Nothing is to be done."""

    def send(self, code: str, *, down: bool) -> None:
        """Put the key down or let it up."""
        time.sleep(max(0.0, self._usable_from - time.perf_counter()))
        self._events.send(code, down=down)

    def close(self) -> None:
        """Unplug the keyboard."""
        with contextlib.suppress(OSError):
            self._device.close()
