"""Key events as the desktop's portal takes them, for whoever shares an open connection to the bus.

The program waits for the portal's answers. Its guardian does not, and so disturbs nobody.
"""

import socket
from typing import Any, Final

from vcam.actions.keyboard.portal_session import PORTAL
from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.system.session_bus import send_alone

KEYCODE, KEYSYM, BUTTON = "NotifyKeyboardKeycode", "NotifyKeyboardKeysym", "NotifyPointerButton"
"""By place, by symbol, and on the mouse: the portal's own methods."""
_NO_SESSION: Final = "-"


def portal_code(method: str, number: int, session: str) -> str:
    """Return how a key is written: how it is sent, its number, and the session it belongs to."""
    return f"{method}:{number}:{session or _NO_SESSION}"


def read_code(code: str) -> tuple[str, int, str]:
    """Return method, number and session of a code; raises `ValueError`."""
    method, number, session = code.split(":")
    return method, int(number), session


class PortalEvents:
    """Sends keys by their codes; it does not know keys by name."""

    def __init__(self, connection: socket.socket) -> None:
        """`connection` is open, and stays whose it is."""
        self._socket = connection

    def code(self, key: str) -> str:
        """Refuse: whoever opened the session knows the layout."""
        raise ActionError(_("the key {key!r} is not known here").format(key=key))

    def prepare(self) -> None:
        """Nothing is to be done."""

    def send(self, code: str, *, down: bool) -> None:
        """Put the key down or let it up; nobody answers."""
        method, number, session = read_code(code)
        try:
            body: tuple[Any, ...] = (session, {}, number, int(down))
            send_alone(self._socket, PORTAL, method, "oa{sv}iu", body)
        except (OSError, ValueError) as error:
            raise ActionError(
                _("the key could not be sent ({error})").format(error=error)
            ) from error

    def close(self) -> None:
        """Leave the connection open."""
