"""Write events as JSON lines."""

import errno
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from vcam.core.event import Event
from vcam.core.outcome import Outcome
from vcam.core.texts import _
from vcam.errors import OutputError

log = logging.getLogger(__name__)

ANSWER_S: Final = 3.0
"""A `fire` whose action has not answered for so long is written without an outcome."""


@dataclass(slots=True)
class _Line:
    event: Event
    since: float
    """Seconds of the performance counter."""
    outcome: Outcome | None = None

    @property
    def is_due(self) -> bool:
        """Whether it can be written: nothing is awaited, or not any longer."""
        awaits = self.event.phase == "fire" and self.event.action is not None
        return not awaits or self.outcome is not None or time.perf_counter() - self.since > ANSWER_S


class EventLog:
    """Writes each event to a file, line by line and in order; without a file it does nothing.

    A `fire` waits for what became of its action, and what comes after it waits behind it.
    """

    def __init__(self, path: Path | None, tell: Callable[[str], None]) -> None:
        """Start the file again; raises `OutputError` when it cannot be written.

        `tell` shows the person one line, should writing fail later.
        """
        self._tell = tell
        self._file: TextIO | None = None
        self._waiting: deque[_Line] = deque()
        self._lock = threading.RLock()
        if path is None:
            return
        try:
            self._file = open(path, "w", encoding="utf-8", buffering=1, opener=_open)  # noqa: SIM115 - Path.open takes no opener
        except OSError as error:
            if error.errno == errno.ENXIO:
                raise OutputError(
                    _(
                        "Events cannot be written to {path}: nobody reads from this pipe yet."
                    ).format(path=path)
                ) from None
            raise OutputError(
                _("Events cannot be written to {path} ({reason}): name another file.").format(
                    path=path, reason=error.strerror
                )
            ) from None

    def write(self, event: Event) -> None:
        """Write one line; a full disk is reported once, and the program continues."""
        if self._file is None:
            return
        with self._lock:
            self._waiting.append(_Line(event, time.perf_counter()))
            self._write_due()

    def answered(self, event: Event, outcome: Outcome) -> None:
        """Take in what became of the action of a `fire`; from any thread."""
        with self._lock:
            for line in self._waiting:
                if line.event is event:
                    line.outcome = outcome
            self._write_due()

    def close(self) -> None:
        """Write what waits and close the file; may be called more than once."""
        with self._lock:
            self._write_due(all_of_it=True)
            opened, self._file = self._file, None
        if opened:
            try:
                opened.close()
            except OSError as error:
                log.warning("the last events may be missing (%s)", error.strerror)

    def _write_due(self, *, all_of_it: bool = False) -> None:
        while self._waiting and (all_of_it or self._waiting[0].is_due):
            line = self._waiting.popleft()
            self._write(line.event.to_json(line.outcome))

    def _write(self, line: str) -> None:
        if self._file is None:
            return
        try:
            self._file.write(line + "\n")
        except OSError as error:
            self._tell(
                _("Events are not written any more ({reason})").format(reason=error.strerror)
            )
            opened, self._file = self._file, None
            try:
                opened.close()
            except OSError:
                log.warning("the last events may be missing (%s)", error.strerror)


def _open(path: str, flags: int) -> int:
    """Open without ever waiting for who reads: a pipe must not hold up the call."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o666)
