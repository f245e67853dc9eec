"""Programs that have connected to the stream, each served until it goes."""

import contextlib
import json
import threading
from collections.abc import Iterator
from typing import Any, Final, Protocol

from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.integrations.stream.service import EventStream, Listener

MAX_LINE: Final = 4096
ALIVE_S: Final = 1.0


class Line(Protocol):
    """The connection to one program; one thread sends while another reads."""

    def send(self, content: bytes) -> None:
        """Send it whole; may wait for the program. Raises OSError."""

    def lines(self) -> Iterator[bytes]:
        """Yield what the program says, a line of `MAX_LINE` bytes at most each. Raises OSError."""

    def hang_up(self) -> None:
        """Let whoever sends or reads come back; always succeeds."""

    def close(self) -> None:
        """Give the connection back, when nobody uses it any more."""


class Clients:
    """All that listen now."""

    def __init__(self, stream: EventStream) -> None:
        self._stream = stream
        self._lines: set[Line] = set()
        self._closed = threading.Event()

    def take(self, line: Line) -> None:
        """Serve a program on threads of its own; does not wait."""
        threading.Thread(
            target=self._serve, args=(line,), name="stream client", daemon=True
        ).start()

    def cannot_take(self, error: OSError | None) -> None:
        """Hear why no more programs can be taken, which the person is told; None: they can."""
        if error is None:
            self._stream.troubled(None)
            return
        text = _("programs cannot connect to the stream of events ({reason})")
        self._stream.troubled(text.format(reason=error.strerror or error))

    def close(self) -> None:
        """Let everybody go."""
        self._closed.set()
        for line in tuple(self._lines):
            line.hang_up()

    def _serve(self, line: Line) -> None:
        """Send lines to a program until it goes."""
        self._lines.add(line)
        try:
            listener = self._stream.listen(line.hang_up)
        except ActionError as error:
            _send(line, json.dumps({"type": "error", "error": str(error)}))
            line.close()
            self._lines.discard(line)
            return
        reader = threading.Thread(
            target=self._read, args=(line, listener), name="stream reader", daemon=True
        )
        reader.start()
        try:
            while (text := self._next(listener)) is not None and _send(line, text):
                pass
        finally:
            self._stream.leave(listener)
            line.hang_up()
            reader.join(1.0)
            line.close()
            self._lines.discard(line)

    def _next(self, listener: Listener) -> str | None:
        while not self._closed.is_set():
            with contextlib.suppress(TimeoutError):
                return listener.next(ALIVE_S)
        return None

    def _read(self, line: Line, listener: Listener) -> None:
        """Take in what a program tells; its word counts until it goes."""
        names: set[str] = set()
        with contextlib.suppress(OSError):
            for content in line.lines():
                try:
                    names.add(self._stream.reported.take(_parsed(content), lasts=True))
                except ActionError as error:
                    if not listener.offer(json.dumps({"type": "error", "error": str(error)})):
                        break
        for name in names:
            self._stream.reported.forget(name)
        listener.offer(None)


def _send(line: Line, text: str) -> bool:
    try:
        line.send(text.encode() + b"\n")
    except OSError:
        return False
    return True


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
