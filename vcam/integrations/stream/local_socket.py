"""The stream at a Unix socket or a named pipe, which only the person's own programs can open."""

import contextlib
import getpass
import os
import secrets
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

from vcam.core.event import Event
from vcam.core.outcome import Outcome
from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.integrations.service import Program
from vcam.integrations.stream.clients import MAX_LINE, Clients
from vcam.integrations.stream.service import MAX_LISTENERS, EventStream
from vcam.system.atomic_write import write_private
from vcam.system.paths import runtime_folder

if sys.platform == "win32":
    from vcam.integrations.stream.named_pipe import NamedPipe
else:

    class NamedPipe(Protocol):
        """What there is on Windows in place of a Unix socket."""

        path: str

        def close(self) -> None:
            """Listen no more."""


AGAIN_S: Final = 0.5
"""How long to wait before the next try to take a program."""


class SocketLine:
    """One program at the Unix socket."""

    def __init__(self, client: socket.socket) -> None:
        self._client = client

    def send(self, content: bytes) -> None:
        """Send it whole."""
        self._client.sendall(content)

    def lines(self) -> Iterator[bytes]:
        """Yield what the program says."""
        with self._client.makefile("rb") as lines:
            while line := lines.readline(MAX_LINE):
                yield line

    def hang_up(self) -> None:
        """Shut it down: what waits for it ends."""
        with contextlib.suppress(OSError):
            self._client.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close it."""
        self._client.close()


def try_place() -> None:
    """Raise `ActionError` where no stream can be served; leaves everything as it was."""
    folder = runtime_folder()
    name = f"events.{secrets.token_hex(2)}"  # as long as the true name: systems take 104 bytes
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if sys.platform != "win32":
            with socket.socket(socket.AF_UNIX) as trial:
                trial.bind(str(folder / name))
            (folder / name).unlink()
        if made:
            folder.rmdir()
    except OSError as error:
        raise _not_here(folder, error) from None


def _not_here(folder: Path, error: OSError) -> ActionError:
    return ActionError(
        _("the stream cannot be served in {folder} ({error})").format(folder=folder, error=error)
    )


class LocalStream:
    """Serves the stream, on systems that have Unix sockets, until it is closed."""

    def __init__(self, program: Program, folder: Path | None = None) -> None:
        """Listen in `folder`. Raises `ActionError` when another run serves it already."""
        self.stream = EventStream(program)
        self.folder = folder or runtime_folder()
        self._server: socket.socket | None = None
        self._pipe: NamedPipe | None = None
        self._clients = Clients(self.stream)
        self._closed = threading.Event()
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._listen()
        except OSError as error:
            raise _not_here(self.folder, error) from None

    @property
    def path(self) -> Path:
        """Where programs connect to."""
        return self.folder / "events.sock"

    @property
    def place(self) -> str:
        """Where programs connect to on this system: a socket's path, or a pipe's name."""
        return self._pipe.path if self._pipe is not None else str(self.path)

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
        if self._pipe is not None:
            self._pipe.close()
        self._clients.close()

    def _listen(self) -> None:
        if sys.platform == "win32":
            self._pipe = NamedPipe(getpass.getuser(), self._clients)
            return
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
            raise ActionError(_("another run serves the stream already, so this one does not"))

    def _accept(self, server: socket.socket) -> None:
        while not self._closed.is_set():
            try:
                client, _place = server.accept()
            except OSError as error:  # too many files are open, say: that may pass
                if not self._closed.is_set():
                    self._clients.cannot_take(error)
                self._closed.wait(AGAIN_S)
                continue
            self._clients.cannot_take(None)
            client.settimeout(None)
            self._clients.take(SocketLine(client))
