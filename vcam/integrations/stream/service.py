"""Hands events to whoever listens on this computer, without ever waiting for them."""

import json
import logging
import queue
import threading
from collections.abc import Callable
from typing import Any, Final

from vcam.core.event import Event
from vcam.core.outcome import Outcome
from vcam.errors import ActionError
from vcam.integrations.service import Program
from vcam.integrations.stream.reported_state import ReportedState

log = logging.getLogger(__name__)

MAX_LISTENERS: Final = 16
MAX_WAITING: Final = 64
"""A listener that is further behind than this is let go."""
VERSION: Final = 1


class Listener:
    """One that listens: `next` gives lines of JSON, and None when it is over."""

    def __init__(self, dropped: Callable[[], object]) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue(MAX_WAITING)
        self._dropped, self._over = dropped, False

    def offer(self, line: str | None) -> bool:
        """Give it a line, None: the end; return whether it took it."""
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            return False
        return True

    def next(self, seconds: float) -> str | None:
        """Return the next line. Raises TimeoutError when none comes in so many seconds."""
        if self._over:
            return None
        try:
            return self._lines.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None

    def drop(self) -> None:
        """End it though lines wait: who hears nothing more must not believe to be listening."""
        self._over = True
        self._dropped()


class EventStream:
    """The events of one run."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._listeners: tuple[Listener, ...] = ()
        self._lock = threading.Lock()
        self._trouble: str | None = None
        self.reported = ReportedState(program)

    def hear(self, event: Event) -> None:
        """Hand an event on."""
        if self._listeners:
            self._send({"type": "event", **json.loads(event.to_json())})

    def answered(self, event: Event, outcome: Outcome) -> None:
        """Hand on what became of an action."""
        if self._listeners:
            self._send({"type": "outcome", **json.loads(event.to_json(outcome))})

    def state(self) -> str | None:
        """Return how many listen, or why nobody more can."""
        if self._trouble is not None:
            return self._trouble
        count = len(self._listeners)
        return f"{count} program{'s'[: count != 1]} listening"

    def troubled(self, reason: str | None) -> None:
        """Hear why programs cannot connect any more, and tell the person; None: they can again."""
        if reason is not None and reason != self._trouble:
            log.warning("%s", reason)
            self._program.tell(reason)
        self._trouble = reason

    def listen(self, dropped: Callable[[], object] = lambda: None) -> Listener:
        """Return a new listener. Raises `ActionError` when there are too many.

        `dropped` is called, and must not wait, when it is let go for being too slow.
        """
        listener = Listener(dropped)
        program = self._program
        hello = {"type": "hello", "version": VERSION, "paused": program.paused}
        listener.offer(json.dumps({**hello, "microphone_muted": program.muted}))
        with self._lock:
            if len(self._listeners) >= MAX_LISTENERS:
                raise ActionError("too many programs listen already")
            self._listeners = (*self._listeners, listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """Let a listener go; may be called more than once."""
        with self._lock:
            self._listeners = tuple(each for each in self._listeners if each is not listener)

    def close(self) -> None:
        """End all of them."""
        with self._lock:
            listeners, self._listeners = self._listeners, ()
        for listener in listeners:
            listener.offer(None)
        self.reported.close()

    def _send(self, message: dict[str, Any]) -> None:
        line = json.dumps(message)
        for listener in self._listeners:
            if not listener.offer(line):
                log.warning("a program that listens is too slow, and is let go")
                self.leave(listener)
                listener.drop()
