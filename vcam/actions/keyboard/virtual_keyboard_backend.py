"""Keys by a virtual keyboard of the Wayland compositor (zwp_virtual_keyboard_v1).

Compositors on wlroots (Sway, labwc, Wayfire, River) have it; GNOME, KDE Plasma and Weston do not.
Nobody is asked: such a compositor trusts every program outside a sandbox. Mouse buttons go by
zwlr_virtual_pointer_v1 where there is one.
"""

import os
import struct
import sys
from typing import Final

from vcam.actions.keyboard.places import BUTTON_CODES, EVDEV_CODES
from vcam.actions.keyboard.virtual_keymap import virtual_keymap
from vcam.actions.keyboard.wayland_connection import WaylandConnection
from vcam.actions.keyboard.wayland_events import WaylandEvents, button_code, key_code
from vcam.core.texts import _
from vcam.errors import ActionError

_KEYBOARDS: Final = "zwp_virtual_keyboard_manager_v1"
_POINTERS: Final = "zwlr_virtual_pointer_manager_v1"
_CREATE: Final = 0
"""The request that makes a keyboard or a pointer; its manager has it first."""
_SET_KEYMAP, _XKB_V1 = 0, 1


class VirtualKeyboardSender:
    """A keyboard of our own with a keymap of our own, so that letters are right in every layout."""

    def __init__(self) -> None:
        """Plug it in; raises `ActionError` where the compositor has no such thing."""
        try:
            self._compositor = WaylandConnection()
        except OSError as error:
            raise ActionError(
                _("the compositor cannot be reached ({error})").format(error=error)
            ) from None
        try:
            self._seat = self._compositor.bind("wl_seat")
            self._keyboard = self._plug_in_keyboard()
            self._compositor.settle()
            self._events = WaylandEvents(self._compositor.socket)
        except OSError as error:
            self._compositor.close()
            raise ActionError(
                _("this compositor lets us add no keyboard ({error})").format(error=error)
            ) from None
        self._pointer: int | None = None

    @property
    def fileno(self) -> int:
        """The number of the open connection, for the guardian to speak over."""
        return self._compositor.socket.fileno()

    def code(self, key: str) -> str:
        """Return the key's place on our keyboard, or the button of our mouse."""
        if key in BUTTON_CODES:
            return button_code(self._mouse(), BUTTON_CODES[key])
        if key not in EVDEV_CODES:
            raise ActionError(_("there is no key {key!r}").format(key=key))
        return key_code(self._keyboard, EVDEV_CODES[key])

    def prepare(self) -> None:
        """Nothing is to be done: nobody is asked."""

    def send(self, code: str, *, down: bool) -> None:
        """Put the key down or let it up, and wait until the compositor has taken it."""
        self._events.send(code, down=down)
        try:
            self._compositor.settle()
        except OSError as error:
            raise ActionError(
                _("the key did not reach the desktop ({error})").format(error=error)
            ) from None

    def close(self) -> None:
        """Unplug it: the compositor lets go of what is down."""
        self._compositor.close()

    def _plug_in_keyboard(self) -> int:
        keyboard = self._plug_in(_KEYBOARDS)
        if sys.platform == "linux":
            content = virtual_keymap().encode() + b"\0"
            file = os.memfd_create("vcam keymap", os.MFD_CLOEXEC)
            try:
                os.write(file, content)
                words = struct.pack("=II", _XKB_V1, len(content))
                self._compositor.say(keyboard, _SET_KEYMAP, words, [file])
            finally:
                os.close(file)
        return keyboard

    def _plug_in(self, manager: str) -> int:
        number = self._compositor.bind(manager)
        device = self._compositor.new_number()
        self._compositor.say(number, _CREATE, struct.pack("=II", self._seat, device))
        return device

    def _mouse(self) -> int:
        if self._pointer is None:
            if not self._compositor.offers(_POINTERS):
                raise ActionError(_("this compositor lets us add no mouse: bind a key instead"))
            try:
                self._pointer = self._plug_in(_POINTERS)
                self._compositor.settle()
            except OSError as error:
                raise ActionError(
                    _("this compositor lets us add no mouse ({error})").format(error=error)
                ) from None
        return self._pointer
