"""The half of a portal that a desktop brings, for a bare Mutter: agrees, and hands keys on to it.

`python -m tests.fakes.portal_backend yes|no` serves org.freedesktop.impl.portal.RemoteDesktop to
the real xdg-desktop-portal. It plugs a keyboard into Mutter, since every desktop has one.
"""

import sys
from typing import Any, ClassVar, Final

from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_method_call
from jeepney.io.blocking import DBusConnection as BlockingConnection
from jeepney.io.blocking import open_dbus_connection
from jeepney.io.threading import DBusConnection

from tests.fakes.dbus_service import BACKEND, Answer, PortalBackend, open_bus

MUTTER: Final = "org.gnome.Mutter.RemoteDesktop"
F24: Final = 194


class Backend(PortalBackend):
    """Keeps one session of Mutter's for each of the portal's."""

    properties: ClassVar = {"AvailableDeviceTypes": ("u", 3), "version": ("u", 2)}

    def __init__(self, bus: DBusConnection, mutter: BlockingConnection, *, agrees: bool) -> None:
        super().__init__(bus)
        self._mutter, self._agrees = mutter, agrees
        self._sessions: dict[str, str] = {}
        somebody = self._new_session()
        self._in(somebody, "Start")
        for down in (True, False):
            self._in(somebody, "NotifyKeyboardKeycode", "ub", (F24, down))

    def answer(self, method: str, message: Message) -> Answer:
        """Do in Mutter what the portal asks for."""
        body = message.body
        if method == "CreateSession":
            self._sessions[body[1]] = self._new_session()
        elif method == "Start":
            if not self._agrees:
                return "ua{sv}", (1, {})
            self._in(self._sessions[body[1]], "Start")
            return "ua{sv}", (0, {"devices": ("u", 3)})
        elif method.startswith("NotifyKeyboard"):
            session, _, number, state = body
            self._in(self._sessions[session], method, "ub", (number, bool(state)))
        elif method == "Close":
            path = message.header.fields[HeaderFields.path]
            self._in(self._sessions.pop(path), "Stop")
        asked = method in ("CreateSession", "SelectDevices")
        return ("ua{sv}", (0, {})) if asked else (None, ())

    def _new_session(self) -> str:
        manager = DBusAddress("/org/gnome/Mutter/RemoteDesktop", MUTTER, MUTTER)
        return str(self._call(manager, "CreateSession")[0])

    def _in(
        self, session: str, method: str, signature: str | None = None, body: tuple[Any, ...] = ()
    ) -> None:
        self._call(DBusAddress(session, MUTTER, f"{MUTTER}.Session"), method, signature, body)

    def _call(
        self,
        address: DBusAddress,
        method: str,
        signature: str | None = None,
        body: tuple[Any, ...] = (),
    ) -> tuple[Any, ...]:
        call = new_method_call(address, method, signature, body)
        answer = self._mutter.send_and_get_reply(call, timeout=5)
        assert answer.header.message_type is MessageType.method_return, answer.body
        found: tuple[Any, ...] = answer.body
        return found


def main() -> None:
    """Be the backend."""
    mutter = open_dbus_connection()
    backend = Backend(open_bus(BACKEND), mutter, agrees=sys.argv[1] == "yes")
    print("ready", flush=True)
    backend.serve()


if __name__ == "__main__":
    main()
