"""An X11 display: its layouts, its keys, what is typed. The only file that imports Xlib.

Xlib here is python-xlib, which pynput brings: when the display goes away it raises an error, where
the C library ends the process. It knows nothing of XKB, which alone tells the active layout; the
two requests for that are written out below, as the X Keyboard Extension's protocol has them.
"""

import contextlib
import os
import struct
from collections.abc import Callable, Iterator
from typing import Any, Final

from vcam.core.texts import _
from vcam.errors import ActionError

ANY_PROPERTY_TYPE: Final = 0
"""Whatever a property holds."""

_CORE_KEYBOARD: Final = 0x100
"""XKB's name for the keyboard that all keyboards feed."""
_KEY_SYMBOLS: Final = 2
"""The part of XKB's map that says what keys type."""
_USE_EXTENSION, _GET_STATE, _GET_MAP = 0, 4, 8
_MAP_HEADER: Final = 40
"""Bytes in the reply before the first key."""
_KEY_PRESS, _KEY_RELEASE, _BUTTON_PRESS, _BUTTON_RELEASE = 2, 3, 4, 5
_ALL_CLIENTS, _FROM_SERVER, _START_OF_DATA = 3, 0, 4
_NONE: Final = (0, 0)
_EVERY_KEY: Final = {
    "core_requests": _NONE,
    "core_replies": _NONE,
    "ext_requests": (0, 0, 0, 0),
    "ext_replies": (0, 0, 0, 0),
    "delivered_events": _NONE,
    "device_events": (_KEY_PRESS, _KEY_RELEASE),
    "errors": _NONE,
    "client_started": False,
    "client_died": False,
}


class X11:
    """One connection. Used by one thread at a time; every method raises `ActionError`."""

    def __init__(self) -> None:
        """Connect to the display of this desktop."""
        if not os.environ.get("DISPLAY"):
            raise ActionError(_("there is no X11 display (DISPLAY is not set)"))
        try:
            from Xlib import display, error

            self.failures = (
                error.XError,
                error.DisplayError,
                error.ConnectionClosedError,
                OSError,
                struct.error,
            )
            self.display: Any = display.Display()
            self.context = 0
        except Exception as reason:  # noqa: BLE001  # Xlib raises types of its own, and OSError
            raise ActionError(
                _("the X11 display does not answer ({reason})").format(reason=reason)
            ) from None

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        """Turn what Xlib raises inside into an `ActionError`."""
        try:
            yield
        except self.failures as error:
            raise ActionError(
                _("the X11 display does not answer ({error})").format(error=error)
            ) from error

    def layouts(self) -> tuple[dict[int, list[list[int]]], int]:
        """Return what each key types at this moment, and which layout is active, from 0.

        By the key's code, there is a list of symbols (by itself, with Shift, ...) per layout.
        """
        with self.asking():
            opcode = self._xkb()
            state = self._ask(opcode, _GET_STATE, struct.pack("=H2x", _CORE_KEYBOARD))
            # The symbols are wanted whole; the lists of what is wanted in part stay empty.
            wanted = struct.pack("=HHH18x", _CORE_KEYBOARD, _KEY_SYMBOLS, 0)
            reply = self._ask(opcode, _GET_MAP, wanted)
        return _parse_map(reply), state[12]

    def keys_down(self) -> set[int]:
        """Return the codes of the keys that are down now, on whatever keyboard."""
        with self.asking():
            eights = enumerate(self.display.query_keymap())
        return {8 * byte + bit for byte, bits in eights for bit in range(8) if bits >> bit & 1}

    def send_key(self, code: int, *, down: bool) -> None:
        """Put a key down or let it up, by its code."""
        self._send(_KEY_PRESS if down else _KEY_RELEASE, code)

    def send_button(self, number: int, *, down: bool) -> None:
        """Put a button of the mouse down or let it up, by X11's number."""
        self._send(_BUTTON_PRESS if down else _BUTTON_RELEASE, number)

    def listen(self, heard: Callable[[int, bool, int], None], ready: Callable[[], None]) -> None:
        """Call `heard(code, down, milliseconds)` for every key, until another calls `stop`.

        `ready` is called once it listens.
        """

        def take(reply: Any) -> None:
            if reply.category == _START_OF_DATA:
                ready()
            for key in _each_key(reply):
                heard(*key)

        with self.asking():
            if not self.display.has_extension("RECORD"):
                raise ActionError(
                    _("this X11 display lets no program hear keys (RECORD is missing)")
                )
            self.context = self.display.record_create_context(0, [_ALL_CLIENTS], [_EVERY_KEY])
            self.display.record_enable_context(self.context, take)
            self.display.record_free_context(self.context)

    def stop(self, listening: "X11") -> None:
        """End the `listen` of another connection, which waits for keys and for nothing else."""
        with self.asking():
            self.display.record_disable_context(listening.context)
            self.display.flush()

    def close(self) -> None:
        """Close the connection; may be called more than once."""
        with contextlib.suppress(*self.failures):
            self.display.close()

    def _send(self, event: int, detail: int) -> None:
        with self.asking():
            if not self.display.has_extension("XTEST"):
                raise ActionError(
                    _("this X11 display lets no program press keys (XTEST is missing)")
                )
            self.display.xtest_fake_input(event, detail)
            self.display.sync()

    def _xkb(self) -> int:
        found = self.display.query_extension("XKEYBOARD")
        if found is None or not found.present:
            raise ActionError(
                _("this X11 display does not tell its keyboard layout (no XKEYBOARD)")
            )
        self._ask(found.major_opcode, _USE_EXTENSION, struct.pack("=HH", 1, 0))
        return int(found.major_opcode)

    def _ask(self, opcode: int, request: int, body: bytes) -> bytes:
        """Send a request of an extension that Xlib does not know; return the whole reply."""
        from Xlib.protocol import rq

        class Request(rq.ReplyRequest):  # type: ignore[misc]  # Xlib has no types
            _request = rq.Struct(
                rq.Card8("extension"),
                rq.Opcode(request),
                rq.RequestLength(),
                rq.FixedBinary("body", len(body)),
            )

            _reply = rq.Struct(rq.ReplyCode())  # taken for a sign that there will be one

            def _parse_response(self, data: Any) -> None:
                number = struct.unpack_from("=2xH", data)[0]
                self._data = {"sequence_number": number, "raw": bytes(data)}

        reply = Request(display=self.display.display, extension=opcode, body=body)
        return bytes(reply._data["raw"])


def _parse_map(reply: bytes) -> dict[int, list[list[int]]]:
    """Return what XKB's reply says that each key types: by code, a list of levels per layout."""
    code, count = reply[17], reply[20]
    keys, place = {}, _MAP_HEADER
    for code_now in range(code, code + count):
        layouts, width, symbols = struct.unpack_from("=4xBBH", reply, place)
        found = struct.unpack_from(f"={symbols}I", reply, place + 8)
        place += 8 + 4 * symbols
        keys[code_now] = [
            list(found[layout * width : (layout + 1) * width]) for layout in range(layouts & 0x0F)
        ]
    return keys


def _each_key(reply: Any) -> Iterator[tuple[int, bool, int]]:
    """Yield the code of each key in one of RECORD's replies, whether it went down, and when."""
    if reply.category != _FROM_SERVER or reply.client_swapped:
        return
    for place in range(0, len(reply.data) - 31, 32):
        kind, code, _root, time = struct.unpack_from("=BBHI", reply.data, place)
        if kind & 0x7F in (_KEY_PRESS, _KEY_RELEASE):
            yield code, kind & 0x7F == _KEY_PRESS, time
