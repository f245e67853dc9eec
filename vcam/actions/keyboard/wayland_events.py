"""Key events as a Wayland compositor takes them from a virtual keyboard.

The program and its guardian speak over the same connection: a compositor would not let one
keyboard release what another holds.
"""

import socket
import struct
import time
from typing import Final

from vcam.actions.keyboard.places import EVDEV_CODES
from vcam.actions.keyboard.virtual_keymap import MODIFIER_MASKS
from vcam.actions.keyboard.wayland_connection import send_request
from vcam.core.texts import _
from vcam.errors import ActionError

LAST_WORDS_S: Final = 0.2
_KEY, _MODIFIERS = 1, 2
_BUTTON, _FRAME = 2, 4
_KEYS, _BUTTONS = "key", "button"
_MASKS: Final = {EVDEV_CODES[key]: mask for key, mask in MODIFIER_MASKS.items()}


def key_code(keyboard: int, code: int) -> str:
    """Return how a key is written: by its virtual keyboard's number, and its Linux code."""
    return f"{_KEYS}:{keyboard}:{code}"


def button_code(pointer: int, code: int) -> str:
    """Return how a button is written: by its virtual pointer's number, and its Linux code."""
    return f"{_BUTTONS}:{pointer}:{code}"


class WaylandEvents:
    """Sends keys by their codes over a connection that is open; it does not know keys by name."""

    def __init__(self, connection: socket.socket) -> None:
        """`connection` is open, and stays whose it is."""
        self._socket = connection
        self._down: set[int] = set()

    def code(self, key: str) -> str:
        """Refuse: whoever opened the connection knows what may be pressed."""
        raise ActionError(_("the key {key!r} is not known here").format(key=key))

    def prepare(self) -> None:
        """Nothing is to be done."""

    def send(self, code: str, *, down: bool) -> None:
        """Put the key down or let it up. A compositor leaves it to us which modifiers are down."""
        kind, _colon, rest = code.partition(":")
        target, number = (int(part) for part in rest.split(":"))
        now = int(time.perf_counter() * 1000) & 0xFFFFFFFF
        pressed = struct.pack("=III", now, number, int(down))
        try:
            if kind == _BUTTONS:
                send_request(self._socket, target, _BUTTON, pressed)
                send_request(self._socket, target, _FRAME, b"")
                return
            send_request(self._socket, target, _KEY, pressed)
            if number in _MASKS:
                (self._down.add if down else self._down.discard)(number)
                mask = struct.pack("=4I", self._mask(), 0, 0, 0)
                send_request(self._socket, target, _MODIFIERS, mask)
        except OSError as error:
            raise ActionError(
                _("the key could not be sent ({error})").format(error=error)
            ) from error

    def close(self) -> None:
        """Leave the connection open, so long that what was sent last is taken.

        A compositor does not read what a program that has hung up said before.
        """
        time.sleep(LAST_WORDS_S)

    def _mask(self) -> int:
        mask = 0
        for number in self._down:
            mask |= _MASKS[number]
        return mask
