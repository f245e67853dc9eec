"""An outcome that is not there yet: the worker continues meanwhile."""

import threading
from collections.abc import Callable

from vcam.core.outcome import Outcome


class Pending:
    """What will become of an action. Settled once, from any thread; heard by one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._outcome: Outcome | None = None
        self._then: Callable[[Outcome], None] | None = None

    def settle(self, outcome: Outcome) -> None:
        """Say what became of it; what comes after the first time is not heard."""
        with self._lock:
            if self._outcome is not None:
                return
            self._outcome, then = outcome, self._then
        if then is not None:
            then(outcome)

    def then(self, hear: Callable[[Outcome], None]) -> None:
        """Let `hear` be called once with the outcome: at once where it is there already."""
        with self._lock:
            self._then, outcome = hear, self._outcome
        if outcome is not None:
            hear(outcome)
