"""Words for a terminal that may not take them: what runs live never waits until it does.

Ctrl-S, text that is being marked in Windows' console, a pager that was stopped, and a pipe that
nobody reads all keep whoever writes waiting for good, and with it the gestures that speak.
"""

import contextlib
import os
import queue
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TextIO

MAX_WAITING: Final = 1000
"""Pieces of text; what comes on top of these while nobody reads is left out."""
LAST_S: Final = 1.0
"""How long the end waits for the last words to be taken."""


class PatientStream:
    """Looks like a text stream; writes from a thread of its own, in order."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._waiting: queue.Queue[str | None] = queue.Queue(MAX_WAITING)
        self._thread = threading.Thread(target=self._work, name="terminal", daemon=True)
        self._thread.start()

    def __getattr__(self, name: str) -> Any:
        """Be in all else the stream itself: its encoding, whether it is a terminal."""
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Take a text and do not wait."""
        with contextlib.suppress(queue.Full):  # or nothing is written any more
            self._waiting.put_nowait(text)
        return len(text)

    def flush(self) -> None:
        """Everything goes out as soon as it can."""

    def end(self, seconds: float) -> bool:
        """Wait until all is out, so long at most; return whether it is."""
        end = time.perf_counter() + seconds
        with contextlib.suppress(queue.Full):
            self._waiting.put(None, timeout=seconds if self._thread.is_alive() else 0)
        self._thread.join(max(0.0, end - time.perf_counter()))
        return not self._thread.is_alive()

    def _work(self) -> None:
        text: str | None = ""
        while text is not None:
            text = self._waiting.get()
            try:
                if text:
                    self._stream.write(text)
                if text is None or self._waiting.empty():
                    self._stream.flush()
            except (OSError, ValueError):  # closed, or on a full disk: no reason to stop
                return


@contextlib.contextmanager
def never_waiting() -> Iterator[None]:
    """Let nothing that is printed or logged inside wait for the terminal.

    A terminal that does not take its last words within `LAST_S` at the end gets no more of this
    process: to flush it would be to wait, and so would the interpreter's own end.
    """
    before = sys.stdout, sys.stderr
    patient = [PatientStream(stream) for stream in before]
    sys.stdout, sys.stderr = patient
    try:
        yield
    finally:
        ended = [stream.end(LAST_S) for stream in patient]
        sys.stdout, sys.stderr = (
            stream if done else _nowhere() for stream, done in zip(before, ended, strict=True)
        )


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")
