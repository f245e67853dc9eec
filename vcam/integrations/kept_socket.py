"""A WebSocket that is opened again by itself, to the one host that the settings name."""

import logging
import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Protocol

from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.system.installation import add

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

log = logging.getLogger(__name__)

OPEN_S: Final = 3.0
"""How long a server may take to answer the opening."""
AGAIN_S: Final = (0.5, 1.0, 2.0, 5.0)
"""How long to wait before the next try; the last one counts for all that follow."""
REFUSED_S: Final = 30.0
"""A server that refuses our password is not asked again before that."""
PING_S: Final = 10.0
"""A server that hangs is noticed after about twice so long."""
MAX_MESSAGE: Final = 4 * 1024 * 1024


class RefusedError(ActionError):
    """The server does not want us: trying again at once would not help."""


class Session(Protocol):
    """What is done with an open connection. Called on the connection's own thread."""

    def opened(self, send: Callable[[str], None], receive: Callable[[float], str]) -> None:
        """Introduce ourselves. Raises `ActionError`, or what `receive` raises."""

    def received(self, text: str) -> None:
        """Take in one message."""

    def lost(self) -> None:
        """Hear that the connection is gone."""


class KeptSocket:
    """Keeps one connection open until it is closed. Every method may be called from any thread."""

    def __init__(
        self, name: str, place: tuple[str, int], path: Callable[[], str], session: Session
    ) -> None:
        """`name` is what errors call the server, which runs at `place` (host and port).

        `path` returns what is asked for there, at each try.
        """
        self._name, self._place, self._path, self._session = name, place, path, session
        self._connection: ClientConnection | None = None
        self._trouble: str = _("{name} has not answered yet").format(name=name)
        self._closed = threading.Event()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait until the connection is open. Raises `ActionError` that says why it is not."""
        end = time.perf_counter() + seconds
        with self._changed:
            while self._connection is None:
                left = end - time.perf_counter()
                if left <= 0 or not self._changed.wait(left):
                    raise ActionError(self._trouble)

    def send(self, text: str) -> None:
        """Send a message. Raises `ActionError` when there is no connection."""
        connection = self._connection
        if connection is None:
            raise ActionError(self._trouble)
        self._send(connection, text)

    def again(self) -> None:
        """Close this connection and open another one."""
        connection = self._connection
        if connection is not None:
            _close(connection)

    def close(self) -> None:
        """End; does not wait for a server that hangs."""
        self._closed.set()
        connection = self._connection
        if connection is not None:
            _close(connection)
        self._thread.join(1.0)

    def _work(self) -> None:
        failures = 0
        while not self._closed.is_set():
            pause = AGAIN_S[min(failures, len(AGAIN_S) - 1)]
            failures += 1
            try:
                with self._open() as connection:
                    try:
                        self._talk(connection)
                    finally:
                        self._forget()
                failures, pause = 0, AGAIN_S[0]
            except RefusedError as error:
                self._trouble, pause = str(error), REFUSED_S
            except ActionError as error:
                self._trouble = str(error)
            except (ValueError, KeyError, TypeError, AttributeError):
                log.debug("%s", self._name, exc_info=True)
                self._trouble = _("{name} says what makes no sense").format(name=self._name)
            except Exception:
                log.exception("%s", self._name)
            self._closed.wait(pause)

    def _open(self) -> "ClientConnection":
        try:
            from websockets.exceptions import WebSocketException
            from websockets.sync.client import connect
        except ImportError:
            raise RefusedError(
                _("{name} needs the package {package}: {remedy}").format(
                    name=self._name, package="websockets", remedy=add("websockets")
                )
            ) from None
        host, port = self._place
        try:
            # A socket of our own: no proxy, and no redirect to another host, can come between.
            plain = socket.create_connection((host, port), timeout=OPEN_S)
        except OSError as error:
            reason = error.strerror or str(error) or _("it does not answer")
            raise ActionError(
                _("{name} cannot be reached ({reason})").format(name=self._name, reason=reason)
            ) from None
        try:
            return connect(
                f"ws://{f'[{host}]' if ':' in host else host}:{port}{self._path()}",
                sock=plain,
                open_timeout=OPEN_S,
                close_timeout=0.5,
                ping_interval=PING_S,
                ping_timeout=PING_S,
                max_size=MAX_MESSAGE,
                compression=None,
                proxy=None,
                user_agent_header=None,
            )
        except (OSError, EOFError, ValueError, WebSocketException) as error:
            plain.close()
            raise ActionError(
                _("{name} does not answer as it should ({error})").format(
                    name=self._name, error=error
                )
            ) from None

    def _talk(self, connection: "ClientConnection") -> None:
        """Introduce ourselves and take in messages until the connection ends."""
        from websockets.exceptions import ConnectionClosed

        try:
            self._session.opened(
                lambda text: self._send(connection, text),
                lambda seconds: _text(connection.recv(timeout=seconds)),
            )
            self._keep(connection)
            while not self._closed.is_set():
                self._session.received(_text(connection.recv()))
        except ConnectionClosed as error:
            code = error.rcvd.code if error.rcvd else None
            self._trouble = _("{name} has closed the connection ({reason})").format(
                name=self._name, reason=code or _("no reason given")
            )
        except TimeoutError:
            raise ActionError(_("{name} does not answer").format(name=self._name)) from None

    def _keep(self, connection: "ClientConnection") -> None:
        with self._changed:
            self._connection = connection
            self._changed.notify_all()

    def _forget(self) -> None:
        with self._changed:
            was_open, self._connection = self._connection is not None, None
        if was_open:
            self._session.lost()

    def _send(self, connection: "ClientConnection", text: str) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            connection.send(text)
        except (ConnectionClosed, OSError):
            raise ActionError(
                _("{name} has closed the connection").format(name=self._name)
            ) from None


def _text(message: Any) -> str:
    return message if isinstance(message, str) else bytes(message).decode("utf-8", "replace")


def _close(connection: "ClientConnection") -> None:
    """Say goodbye on a thread of its own: a server that hangs takes its time."""
    threading.Thread(target=connection.close, name="goodbye", daemon=True).start()
