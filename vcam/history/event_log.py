"""Write events as JSON lines."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from vcam.core.event import Event
from vcam.errors import OutputError

log = logging.getLogger(__name__)


class EventLog:
    """Appends each event to a file, line by line; without a file it does nothing."""

    def __init__(self, path: Path | None, tell: Callable[[str], None]) -> None:
        """Start the file again; raises `OutputError` when it cannot be written.

        `tell` shows the person one line, should writing fail later.
        """
        self._tell = tell
        self._file: TextIO | None = None
        if path is None:
            return
        try:
            self._file = path.open("w", encoding="utf-8", buffering=1)
        except OSError as error:
            raise OutputError(
                f"Events cannot be written to {path} ({error.strerror}): name another file."
            ) from None

    def write(self, event: Event) -> None:
        """Write one line; a full disk is reported once, and the program continues."""
        if self._file is None:
            return
        try:
            self._file.write(event.to_json() + "\n")
        except OSError as error:
            self._tell(f"Events are not written any more ({error.strerror})")
            self.close()

    def close(self) -> None:
        """Close the file; may be called more than once."""
        opened, self._file = self._file, None
        if opened:
            try:
                opened.close()
            except OSError as error:
                log.warning("the last events may be missing (%s)", error.strerror)
