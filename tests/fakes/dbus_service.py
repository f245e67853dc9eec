"""What every service on a bus does: takes its name, and hears one call after the other."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_method_call,
    new_method_return,
)
from jeepney.io.threading import DBusConnection, open_dbus_connection

BACKEND: Final = "org.freedesktop.impl.portal.desktop.vcamtest"
"""Under which the real portal looks for the half that a desktop brings."""
DO_NOT_QUEUE: Final = 4
Answer = tuple[str | None, tuple[Any, ...]]
"""Signature and body."""


def open_bus(name: str) -> DBusConnection:
    """Open the bus, and be known on it by that name."""
    bus = open_dbus_connection()
    daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    bus.send(new_method_call(daemon, "RequestName", "su", (name, DO_NOT_QUEUE)))
    return bus


def calls(bus: DBusConnection) -> Iterator[Message]:
    """Yield the calls that come, until the bus ends."""
    while True:
        message = bus.receive()
        if message.header.message_type is MessageType.method_call:
            yield message


class PortalBackend:
    """The half of a portal that a desktop brings; what it does is up to `answer`."""

    properties: ClassVar[dict[str, tuple[str, int]]]

    def __init__(self, bus: DBusConnection) -> None:
        self._bus = bus

    def serve(self) -> None:
        """Answer calls until the bus ends."""
        for message in calls(self._bus):
            method, body = message.header.fields[HeaderFields.member], message.body
            found: Answer
            if method == "Get":
                found = "v", (self.properties[body[1]],)
            elif method == "GetAll":
                found = "a{sv}", (self.properties,)
            else:
                found = self.answer(method, message)
            self._bus.send(new_method_return(message, *found))

    def answer(self, method: str, message: Message) -> Answer:
        """Return signature and body of what comes back."""
        raise NotImplementedError
