"""How fast the program runs, and what the system says of the microphone."""

import os
import threading
import time

from vcam.actions.microphone.microphone import Microphone
from vcam.actions.microphone.open import open_microphone
from vcam.errors import ActionError
from vcam.pipeline.capture import Arrival

STALE_S = 1.0
"""Older pictures count as none."""


LATELY_S = 1.0
"""Rates are taken over about this long."""
ASKED_S, REFUSED_S = 2.0, 30.0
"""How long an answer of the system is believed, and a refusal."""


class Rates:
    """Frames a second and processor time, from how far they have come since a moment ago."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._before = (time.perf_counter(), _processor_s(), -1)
        self._now = (0.0, 0.0)

    def now(self, newest: Arrival | None) -> tuple[float, float]:
        """Return frames a second and percent of one core."""
        with self._lock:
            at, used, index = self._before
            elapsed = time.perf_counter() - at
            if elapsed >= LATELY_S:
                count = newest.frame.index if newest and _age(newest) < STALE_S else -1
                frames = count - index if 0 <= index <= count else 0
                self._now = frames / elapsed, 100 * (_processor_s() - used) / elapsed
                self._before = time.perf_counter(), _processor_s(), count
            return self._now


class SystemStatus:
    """What takes the system a moment to answer; asked now and then, on a thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._microphone: Microphone | None = None
        self._muted: bool | None = None
        self._asked = self._refused = float("-inf")

    def muted(self) -> bool | None:
        """Return whether the microphone was mute lately; None where that is not known."""
        self._refresh()
        return self._muted

    def _refresh(self) -> None:
        with self._lock:
            if time.perf_counter() - self._asked < ASKED_S:
                return
            self._asked = time.perf_counter()
        threading.Thread(target=self._ask, name="panel asks", daemon=True).start()

    def _ask(self) -> None:
        if time.perf_counter() - self._refused < REFUSED_S:
            return
        try:
            self._microphone = self._microphone or open_microphone()
            self._muted = self._microphone.muted()
        except ActionError:
            self._muted, self._refused = None, time.perf_counter()


def _age(arrival: Arrival) -> float:
    return time.perf_counter() - arrival.at


def _processor_s() -> float:
    used = os.times()
    return used.user + used.system
