"""Key events as Linux's uinput takes them, written to a device that is open already.

The program and its guardian write to the same device: the kernel would not let one keyboard
release what another holds.
"""

import os
import struct
from typing import Final

from vcam.core.texts import _
from vcam.errors import ActionError

_EVENT: Final = "llHHi"
"""`struct input_event`: seconds, microseconds, type, code, value."""
_SYN, _KEY = 0, 1


class UinputEvents:
    """Sends keys by their Linux codes; it does not know keys by name."""

    def __init__(self, device: int) -> None:
        """`device` is the number of an open file, which stays whose it is."""
        self._device = device

    def code(self, key: str) -> str:
        """Refuse: whoever opened the device knows the layout."""
        raise ActionError(_("the key {key!r} is not known here").format(key=key))

    def prepare(self) -> None:
        """Nothing is to be done."""

    def send(self, code: str, *, down: bool) -> None:
        """Put the key down or let it up."""
        pressed = struct.pack(_EVENT, 0, 0, _KEY, int(code), int(down))
        try:
            os.write(self._device, pressed + struct.pack(_EVENT, 0, 0, _SYN, 0, 0))
        except OSError as error:
            raise ActionError(
                _("the key could not be sent ({error})").format(error=error)
            ) from error

    def close(self) -> None:
        """Leave the device open."""
