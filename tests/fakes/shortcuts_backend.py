"""The half of a portal that a desktop brings, for shortcuts alone: a person who says yes or no.

`python -m tests.fakes.shortcuts_backend yes|no` serves org.freedesktop.impl.portal.GlobalShortcuts
to the real xdg-desktop-portal. A line on standard input presses what was bound.
"""

import sys
import threading
from typing import Any, ClassVar, Final

from jeepney import DBusAddress, Message, new_signal
from jeepney.io.threading import DBusConnection

from tests.fakes.dbus_service import BACKEND, Answer, PortalBackend, open_bus

PATH: Final = "/org/freedesktop/portal/desktop"
INTERFACE: Final = "org.freedesktop.impl.portal.GlobalShortcuts"


class Backend(PortalBackend):
    """Remembers what each session has bound."""

    properties: ClassVar = {"version": ("u", 1)}

    def __init__(self, bus: DBusConnection, *, agrees: bool) -> None:
        super().__init__(bus)
        self._agrees = agrees
        self._bound: dict[str, list[Any]] = {}

    def press(self) -> None:
        """Have each shortcut pressed."""
        for session, shortcuts in self._bound.items():
            for name, _about in shortcuts:
                emitter = DBusAddress(PATH, interface=INTERFACE)
                body: tuple[Any, ...] = (session, name, 7, {})
                self._bus.send(new_signal(emitter, "Activated", "osta{sv}", body))

    def answer(self, method: str, message: Message) -> Answer:
        """Bind what the portal asks for, if the person agrees."""
        body = message.body
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
    backend = Backend(open_bus(BACKEND), agrees=sys.argv[1] == "yes")
    threading.Thread(target=backend.serve, daemon=True).start()
    print("ready", flush=True)
    for _line in sys.stdin:
        backend.press()


if __name__ == "__main__":
    main()
