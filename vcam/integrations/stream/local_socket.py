"""The stream at a Unix socket, which only the person's own programs can open."""

import contextlib
import json
import os
import socket
import sys
import threading
from pathlib import Path
from typing import Any, Final

from vcam.core.event import Event
from vcam.core.outcome import Outcome
from vcam.errors import ActionError
from vcam.integrations.service import Program
from vcam.integrations.stream.service import MAX_LISTENERS, EventStream, Listener
from vcam.system.atomic_write import write_private
from vcam.system.paths import runtime_folder

MAX_LINE: Final = 4096
ALIVE_S: Final = 1.0


class LocalStream:
    """Serves the stream, on systems that have Unix sockets, until it is closed."""

    def __init__(self, program: Program, folder: Path | None = None) -> None:
        """Listen in `folder`. Raises `ActionError` when another run serves it already."""
        self.stream = EventStream(program)
        self.folder = folder or runtime_folder()
        self._server: socket.socket | None = None
        self._clients: set[socket.socket] = set()
        self._closed = threading.Event()
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._listen()
        except OSError as error:
            raise ActionError(f"the stream cannot be served in {self.folder} ({error})") from None

    @property
    def path(self) -> Path:
        """Where programs connect to."""
        return self.folder / "events.sock"

    @property
    def address_path(self) -> Path:
        """The file that says where the same stream is at the panel."""
        return self.folder / "events.url"

    def hear(self, event: Event) -> None:
        """Hand an event on."""
        self.stream.hear(event)

    def answered(self, event: Event, outcome: Outcome) -> None:
        """Hand on what became of an action."""
        self.stream.answered(event, outcome)

    def state(self) -> str | None:
        """Return how many listen."""
        return self.stream.state()

    def say_where(self, panel: str | None) -> None:
        """Write down where the stream is at the panel, for the person's own programs."""
        with contextlib.suppress(OSError):
            if panel is None:
                self.address_path.unlink(missing_ok=True)
            else:
                write_private(self.address_path, f"{panel}events\n".encode())

    def close(self) -> None:
        """Let everybody go, and leave nothing behind."""
        self._closed.set()
        self.stream.close()
        self.say_where(None)
        if self._server is not None:
            with contextlib.suppress(OSError):
                self._server.shutdown(socket.SHUT_RDWR)
            self._server.close()
            with contextlib.suppress(OSError):
                self.path.unlink()
        for client in tuple(self._clients):
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        if sys.platform == "win32":
            return  # there the panel's address is the way
        if self.path.exists():
            self._take_over()
        server = socket.socket(socket.AF_UNIX)
        try:
            before = os.umask(0o177)
            try:
                server.bind(str(self.path))
            finally:
                os.umask(before)
            server.listen(2 * MAX_LISTENERS)
        except BaseException:
            server.close()
            raise
        self._server = server
        threading.Thread(target=self._accept, args=(server,), name="stream", daemon=True).start()

    def _take_over(self) -> None:
        """Remove what a run left behind that was killed; another run's stays."""
        if sys.platform != "win32":
            with socket.socket(socket.AF_UNIX) as other:
                try:
                    other.connect(str(self.path))
                except ConnectionRefusedError:
                    self.path.unlink()
                    return
            raise ActionError("another run serves the stream already, so this one does not")

    def _accept(self, server: socket.socket) -> None:
        while not self._closed.is_set():
            try:
                client, _ = server.accept()
            except OSError:
                return
            threading.Thread(
                target=self._serve, args=(client,), name="stream client", daemon=True
            ).start()

    def _serve(self, client: socket.socket) -> None:
        """Send lines to a program until it goes."""
        self._clients.add(client)
        client.settimeout(None)
        try:
            listener = self.stream.listen()
        except ActionError as error:
            self._send(client, json.dumps({"type": "error", "error": str(error)}))
            client.close()
            self._clients.discard(client)
            return
        reader = threading.Thread(
            target=self._read, args=(client, listener), name="stream reader", daemon=True
        )
        reader.start()
        try:
            while (line := self._next(listener)) is not None and self._send(client, line):
                pass
        finally:
            self.stream.leave(listener)
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            reader.join(1.0)
            client.close()
            self._clients.discard(client)

    def _next(self, listener: Listener) -> str | None:
        while not self._closed.is_set():
            with contextlib.suppress(TimeoutError):
                return listener.next(ALIVE_S)
        return None

    def _read(self, client: socket.socket, listener: Listener) -> None:
        """Take in what a program tells; its word counts until it goes."""
        names: set[str] = set()
        with contextlib.suppress(OSError), client.makefile("rb") as lines:
            while line := lines.readline(MAX_LINE):
                try:
                    names.add(self.stream.told.take(_parsed(line), lasts=True))
                except ActionError as error:
                    if not listener.offer(json.dumps({"type": "error", "error": str(error)})):
                        break
        for name in names:
            self.stream.told.forget(name)
        listener.offer(None)

    def _send(self, client: socket.socket, line: str) -> bool:
        try:
            client.sendall(line.encode() + b"\n")
        except OSError:
            return False
        return True


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
