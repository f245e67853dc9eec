"""What fired lately, for the list on the page."""

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Final

from vcam.core.event import Event
from vcam.core.outcome import Outcome
from vcam.core.texts import _
from vcam.errors import ConfigError

KEPT: Final = 50


@dataclass(slots=True)
class Fired:
    """One gesture that fired."""

    number: int
    at: float
    """Seconds since 1970, for the clock on the page."""
    event: Event
    wrong: bool = False
    outcome: Outcome | None = None
    """What became of its action; None: not known yet, or nothing is bound."""


class History:
    """Remembers the newest fires. `note` comes from the recognition thread and never waits long."""

    def __init__(self) -> None:
        self._fired: deque[Fired] = deque(maxlen=KEPT)
        self._count = 0
        self._lock = threading.Lock()

    def note(self, event: Event) -> None:
        """Take in an event; all but `fire` pass."""
        if event.phase != "fire":
            return
        with self._lock:
            self._count += 1
            self._fired.appendleft(Fired(self._count, time.time(), event))

    def answered(self, event: Event, outcome: Outcome) -> None:
        """Take in what became of the action of one of them."""
        for fired in self.newest():
            if fired.event is event:
                fired.outcome = outcome

    def newest(self) -> list[Fired]:
        """Return what fired, newest first."""
        with self._lock:
            return list(self._fired)

    def find(self, number: int) -> Fired:
        """Return one of them; raises `ConfigError` when it is too long ago."""
        for fired in self.newest():
            if fired.number == number:
                return fired
        raise ConfigError(_("that was too long ago; it is not on the list any more"))
