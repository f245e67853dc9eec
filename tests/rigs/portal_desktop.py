"""A D-Bus session with a portal whose person we are."""

import contextlib
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, Queue

from tests.rigs.piped import piped
from tests.rigs.xvfb import ROOT


class PortalProcess:
    """The portal of `tests.fakes.portal`, in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._lines: Queue[str] = Queue()
        threading.Thread(target=self._read, daemon=True).start()
        assert self.line() == "ready"

    def line(self, seconds: float = 10) -> str:
        """Return the next line that it writes; nothing when none comes."""
        try:
            return self._lines.get(timeout=seconds)
        except Empty:
            return ""

    def do(self, word: str) -> None:
        """Let the person allow, refuse or close it, or the portal end."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(ValueError):  # closed at the end of a test
            for line in self._process.stdout:
                self._lines.put(line.strip())


@contextmanager
def portal(address: str, manners: str) -> Iterator[PortalProcess]:
    """Start a portal with such manners on a bus."""
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": address, "PYTHONPATH": str(ROOT)}
    with piped(environment, "-m", "tests.fakes.portal", manners) as process:
        yield PortalProcess(process)
