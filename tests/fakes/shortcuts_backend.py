"""The half of a portal that a desktop brings, for shortcuts alone: a person who says yes or no.

`python -m tests.fakes.shortcuts_backend yes|no` serves org.freedesktop.impl.portal.GlobalShortcuts
to the real xdg-desktop-portal. A line on standard input presses what was bound.
"""

import sys
import threading
from typing import Any, Final

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_method_call,
    new_method_return,
    new_signal,
)
from jeepney.io.threading import DBusConnection, open_dbus_connection

NAME: Final = "org.freedesktop.impl.portal.desktop.vcamtest"
PATH: Final = "/org/freedesktop/portal/desktop"
INTERFACE: Final = "org.freedesktop.impl.portal.GlobalShortcuts"
PROPERTIES: Final = {"version": ("u", 1)}


class Backend:
    """Remembers what each session has bound."""

    def __init__(self, bus: DBusConnection, *, agrees: bool) -> None:
        self._bus, self._agrees = bus, agrees
        self._bound: dict[str, list[Any]] = {}

    def serve(self) -> None:
        """Answer calls until the bus ends."""
        while True:
            message = self._bus.receive()
            if message.header.message_type is MessageType.method_call:
                signature, body = self._answer(message)
                self._bus.send(new_method_return(message, signature, body))

    def press(self) -> None:
        """Have each shortcut pressed."""
        for session, shortcuts in self._bound.items():
            for name, _about in shortcuts:
                emitter = DBusAddress(PATH, interface=INTERFACE)
                body: tuple[Any, ...] = (session, name, 7, {})
                self._bus.send(new_signal(emitter, "Activated", "osta{sv}", body))

    def _answer(self, message: Message) -> tuple[str | None, tuple[Any, ...]]:
        method, body = message.header.fields[HeaderFields.member], message.body
        if method in ("Get", "GetAll"):
            return ("v", (PROPERTIES[body[1]],)) if method == "Get" else ("a{sv}", (PROPERTIES,))
        if method == "CreateSession":
            self._bound[body[1]] = []
            return "ua{sv}", (0, {})
        if method == "BindShortcuts":
            if not self._agrees:
                return "ua{sv}", (1, {})
            self._bound[body[1]] = body[2]
            print("bound", [name for name, _about in body[2]], flush=True)
        if method in ("BindShortcuts", "ListShortcuts"):
            return "ua{sv}", (0, {"shortcuts": ("a(sa{sv})", self._bound[body[1]])})
        return None, ()


def main() -> None:
    """Be the backend."""
    bus = open_dbus_connection()
    daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    bus.send(new_method_call(daemon, "RequestName", "su", (NAME, 4)))
    backend = Backend(bus, agrees=sys.argv[1] == "yes")
    threading.Thread(target=backend.serve, daemon=True).start()
    print("ready", flush=True)
    for _line in sys.stdin:
        backend.press()


if __name__ == "__main__":
    main()
