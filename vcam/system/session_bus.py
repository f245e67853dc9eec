"""Calls and signals on the desktop's D-Bus session, with a time limit for everything."""

import contextlib
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, TypeAlias

from vcam.core.texts import _

Address: TypeAlias = tuple[str, str, str]
"""Where a call goes: path, name on the bus, interface."""

CONNECT_S: Final = 1.0
CALL_S: Final = 3.0
"""A service that is not running yet is started by the call, which takes its time."""
BUS: Final[Address] = ("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")

_NOBODY_WAITS: Final = 0x7FFFFFFF
"""A number that no call of the connection's owner has."""

log = logging.getLogger(__name__)


class BusError(Exception):
    """There is no bus, it hangs, or whoever was called refuses."""


class Signal(NamedTuple):
    """What somebody on the bus tells everybody who asked for it."""

    path: str
    interface: str
    name: str
    body: tuple[Any, ...]


def bus_address() -> str | None:
    """Return where the session's bus is; None without one."""
    if sys.platform == "win32":
        return None
    named = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    usual = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}") / "bus"
    return named or (f"unix:path={usual}" if usual.is_socket() else None)


class SessionBus:
    """A connection of our own. `call` is for any thread but the one that hears signals."""

    def __init__(
        self,
        heard: Callable[[Signal], None] = lambda signal: None,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        """Connect; raises `BusError`.

        `heard` is called for every signal that `listen` asked for, and `ended` once when the bus
        has hung up, both on the connection's own thread.
        """
        address = bus_address()
        if address is None:
            raise BusError(_("there is no D-Bus session"))
        try:
            import jeepney
            from jeepney.io.threading import open_dbus_connection
        except ImportError:
            raise BusError(_("the package jeepney is not installed")) from None
        try:
            self._bus: Any = open_dbus_connection(bus=address, auth_timeout=CONNECT_S)
        except Exception as error:  # noqa: BLE001  # jeepney raises what it meets, its own and others
            raise BusError(
                _("the D-Bus session does not answer ({error})").format(error=error)
            ) from None
        self._jeepney: Any = jeepney
        self._heard, self._ended = heard, ended
        self._answers: dict[int, Future[tuple[Any, ...]]] = {}
        self._open = True
        self._thread = threading.Thread(target=self._receive, name="session bus", daemon=True)
        self._thread.start()

    def __enter__(self) -> "SessionBus":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """Our own name on the bus, such as `:1.42`."""
        return str(self._bus.unique_name)

    @property
    def fileno(self) -> int:
        """The number of the open connection."""
        return int(self._bus.sock.fileno())

    def call(
        self,
        address: Address,
        method: str,
        signature: str = "",
        body: tuple[Any, ...] = (),
        seconds: float = CALL_S,
    ) -> tuple[Any, ...]:
        """Return what is answered; raises `BusError` with what the other side says, or why not."""
        message = self._jeepney.new_method_call(
            self._jeepney.DBusAddress(address[0], bus_name=address[1], interface=address[2]),
            method,
            signature or None,
            body,
        )
        number: int = next(self._bus.outgoing_serial)
        answer: Future[tuple[Any, ...]] = Future()
        self._answers[number] = answer
        try:
            if not self._open:
                raise BusError(_("the D-Bus session has ended"))
            self._bus.send(message, serial=number)
            return answer.result(seconds)
        except TimeoutError:
            raise BusError(_("it does not answer")) from None
        except OSError as error:
            raise BusError(_("the D-Bus session has ended ({error})").format(error=error)) from None
        finally:
            self._answers.pop(number, None)

    def property(self, address: Address, name: str, seconds: float = CALL_S) -> Any:
        """Return a property's value; raises `BusError`."""
        properties = (address[0], address[1], "org.freedesktop.DBus.Properties")
        (value,) = self.call(properties, "Get", "ss", (address[2], name), seconds)
        return value[1]

    def listen(self, rule: str) -> None:
        """Ask the bus for signals, in D-Bus' words for which; raises `BusError`."""
        self.call(BUS, "AddMatch", "s", (rule,))

    def close(self) -> None:
        """Hang up; waits a moment for the connection's thread."""
        if self._open:
            self._open = False
            with contextlib.suppress(OSError):
                self._bus.interrupt()
        if threading.current_thread() is not self._thread:
            self._thread.join(1.0)

    def _receive(self) -> None:
        from jeepney.io.threading import ReceiveStopped

        try:
            with self._bus:
                while self._open:
                    self._take(self._bus.receive())
        except (OSError, EOFError, ReceiveStopped):
            pass
        was_open, self._open = self._open, False
        for answer in list(self._answers.values()):
            if not answer.done():  # who waits for it may not have come round to taking it
                answer.set_exception(BusError(_("the D-Bus session has ended")))
        if was_open:
            self._ended()

    def _take(self, message: Any) -> None:
        kinds, fields = self._jeepney.MessageType, self._jeepney.HeaderFields
        header = message.header
        if header.message_type is kinds.signal:
            named = (
                header.fields.get(field) for field in (fields.path, fields.interface, fields.member)
            )
            path, interface, name = (str(each or "") for each in named)
            try:
                self._heard(Signal(path, interface, name, message.body))
            except Exception:  # one odd signal must not end the connection
                log.exception("a signal of D-Bus could not be taken in")
            return
        answer = self._answers.get(header.fields.get(fields.reply_serial, 0))
        if answer is None or answer.done():
            return
        if header.message_type is kinds.error:
            words = next((each for each in message.body if isinstance(each, str)), "it refuses")
            answer.set_exception(BusError(words))
        else:
            answer.set_result(message.body)


def send_alone(
    connection: socket.socket,
    address: Address,
    method: str,
    signature: str,
    body: tuple[Any, ...],
) -> None:
    """Send a call that nobody answers over a connection that somebody else reads.

    Raises OSError, and ValueError for what D-Bus cannot say.
    """
    from jeepney import DBusAddress, MessageFlag, new_method_call

    place = DBusAddress(address[0], bus_name=address[1], interface=address[2])
    message = new_method_call(place, method, signature, body)
    message.header.flags = MessageFlag.no_reply_expected
    connection.sendall(message.serialise(serial=_NOBODY_WAITS))
