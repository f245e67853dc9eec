"""Hold to confirm: the life of a gesture on one hand.

idle ──shown──► holding ──long enough──► fired ──gone long enough──► idle
                   └──let go: cancel──► idle           (end)
"""

from dataclasses import dataclass
from typing import Literal

from vcam.event import Phase
from vcam.gesture import NO_GESTURE

State = Literal["idle", "holding", "fired"]
Step = tuple[Phase, str]
"""A phase and the gesture it belongs to."""
_TICK = 1e-6
"""Times are sums of floats: this much short of the hold time is long enough."""


@dataclass(frozen=True, slots=True)
class Showing:
    """What one hand shows at one moment, and the rules for it."""

    gesture: str
    """`no_gesture` when nothing, or nothing that may count."""
    may_begin: bool
    """Whether a new hold may begin now."""
    steady: bool
    """Whether the hand is in this very frame and at rest: only then may a hold begin or fire."""
    hold_s: float
    release_s: float


class Hold:
    """One hand's state. Feed it every moment, in order of time."""

    def __init__(self) -> None:
        self.state: State = "idle"
        self.gesture = NO_GESTURE
        self._since = 0.0
        self._gone_since: float | None = None
        self._hold_s = 1.0

    def update(self, showing: Showing, time: float) -> list[Step]:
        """Return what happens at `time` in seconds: nothing, or one or two steps."""
        if self.state == "holding":
            return self._holding(showing, time)
        if self.state == "fired":
            return self._fired(showing, time)
        return self._idle(showing, time)

    def stop(self) -> list[Step]:
        """Leave at once: cancels a hold, ends what fired."""
        steps: list[Step] = []
        if self.state != "idle":
            steps = [("cancel" if self.state == "holding" else "end", self.gesture)]
        self.state, self.gesture = "idle", NO_GESTURE
        return steps

    def progress(self, time: float) -> float:
        """Return how far the hold is: 0 idle, 1 fired."""
        if self.state != "holding":
            return 1.0 if self.state == "fired" else 0.0
        return min(0.999, (time - self._since) / self._hold_s) if self._hold_s > 0 else 0.999

    def _idle(self, showing: Showing, time: float) -> list[Step]:
        if showing.gesture == NO_GESTURE or not (showing.may_begin and showing.steady):
            return []
        self.state, self.gesture = "holding", showing.gesture
        self._since, self._hold_s = time, showing.hold_s
        begun: Step = ("begin", self.gesture)
        return [begun, *self._holding(showing, time)]

    def _holding(self, showing: Showing, time: float) -> list[Step]:
        if showing.gesture != self.gesture:
            return [*self.stop(), *self._idle(showing, time)]
        if not showing.steady or time - self._since < self._hold_s - _TICK:
            return []
        self.state, self._gone_since = "fired", None
        return [("fire", self.gesture)]

    def _fired(self, showing: Showing, time: float) -> list[Step]:
        if showing.gesture == self.gesture:
            self._gone_since = None
            return []
        if self._gone_since is None:
            self._gone_since = time
        if time - self._gone_since < showing.release_s - _TICK:
            return []
        return [*self.stop(), *self._idle(showing, time)]
