"""The layouts of a Wayland desktop: its compositor hands them to every program that asks.

Which of several layouts is active, a compositor tells only the program that has the focus; some
desktops say it in other ways, see `active_layout`.
"""

import contextlib
import mmap
import os
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from vcam.actions.keyboard.active_layout import active_layout
from vcam.actions.keyboard.keymap import Keymap
from vcam.actions.keyboard.wayland_connection import WaylandConnection, WaylandError
from vcam.actions.keyboard.xkbcommon import compile_keymap, default_keymap
from vcam.core.texts import _
from vcam.errors import ActionError

KEYMAP_LASTS_S: Final = 1.0
"""A keymap takes some milliseconds to get, and a chord asks for it with each of its keys."""
_SEAT: Final = "wl_seat"
_GET_KEYBOARD: Final = 1
_CAPABILITIES, _KEYMAP = 0, 0
_HAS_KEYBOARD: Final = 2


def desktop_keymap() -> Keymap:
    """Return the compositor's keymap, or on a console that of the system's settings.

    Raises `ActionError` when neither is to be had.
    """
    if not os.environ.get("WAYLAND_DISPLAY"):
        return default_keymap()
    try:
        with contextlib.closing(WaylandConnection()) as compositor:
            keymap = compile_keymap(_ask(compositor))
    except (OSError, ValueError, struct.error) as error:
        raise ActionError(
            _(
                "the keyboard layout of this Wayland desktop is not known ({error}), and a "
                "key of another layout might be pressed; muting works without keys"
            ).format(error=error)
        ) from None
    if keymap.active is None:
        return replace(keymap, active=active_layout())
    return keymap


class RecentKeymap:
    """The layouts of the desktop, as they were a moment ago."""

    def __init__(self, ask: Callable[[], Keymap] = desktop_keymap) -> None:
        """`ask` returns the layouts, or raises `ActionError`."""
        self._ask, self._keymap = ask, Keymap({}, None)
        self._asked = -KEYMAP_LASTS_S

    def get(self) -> Keymap:
        """Return them; raises `ActionError`."""
        if time.perf_counter() - self._asked >= KEYMAP_LASTS_S:
            self._keymap, self._asked = self._ask(), time.perf_counter()
        return self._keymap


def _ask(compositor: WaylandConnection) -> bytes:
    """Return the first keyboard's keymap as text, as libxkbcommon reads it; raises OSError."""
    seat = compositor.bind(_SEAT)
    able = [
        struct.unpack_from("=I", event.body)[0]
        for event in compositor.settle()
        if (event.sender, event.number) == (seat, _CAPABILITIES)
    ]
    if not able or not able[-1] & _HAS_KEYBOARD:
        raise WaylandError(_("it has no keyboard"))
    keyboard = compositor.new_number()
    compositor.say(seat, _GET_KEYBOARD, struct.pack("=I", keyboard))
    for event in compositor.settle():
        if (event.sender, event.number) == (keyboard, _KEYMAP):
            return _read(compositor.take_file(), struct.unpack_from("=II", event.body)[1])
    raise WaylandError(_("the compositor sent no keymap"))


def _read(file: int, size: int) -> bytes:
    """Read the file that came with the event, and close it; it must not be changed, and is not."""
    if sys.platform == "win32":
        return b""
    try:
        with contextlib.closing(
            mmap.mmap(file, size, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)
        ) as content:
            return content[:size].rstrip(b"\0")
    finally:
        os.close(file)
