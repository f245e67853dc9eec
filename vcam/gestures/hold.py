"""Hold to confirm: the life of a gesture on one hand.

idle ──shown──► holding ──long enough──► fired ──gone long enough──► idle
                   └──let go: cancel──► idle           (end)
"""

import math
from dataclasses import dataclass
from typing import Literal

from vcam.core.event import Phase
from vcam.core.labels import NO_GESTURE

State = Literal["idle", "holding", "fired"]
Step = tuple[Phase, str]
"""A phase and the gesture it belongs to."""
DRIFT = 0.6
"""A held hand that is more than this many hand sizes from where its hold began is not held."""
AWAY = 0.35
"""A hand that is farther than this many sizes from where it showed its gesture has gone on."""
BLINK_S = 0.2
"""How long a hand that stays where it is may seem to show nothing: its hold waits meanwhile."""
CONFIDENCE_S = 0.5
"""Time constant of the mean confidence of a hold."""
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
    """Whether the hand is in this very frame and at rest, and what it shows beyond doubt: only
    such moments count towards the hold time, and only in one may a hold begin or fire."""
    hold_s: float
    release_s: float
    place: tuple[float, float] = (0.0, 0.0)
    """The middle of the hand in pixels: a hand that drifts has to begin anew."""
    size: float = 1.0
    """The hand's size in pixels."""
    stays: bool = False
    """Whether the hand is in this very frame and at rest, and it is the models that see no gesture,
    not a rule that forbids one."""
    confidence: float = 1.0
    """The gesture's smoothed score, 0..1."""
    min_confidence: float = 0.0
    """What `confidence` must reach in the mean of the hold for it to fire."""
    alike: str | None = None
    """A gesture that does the same and lies near this one: going over to it lets nothing go."""
    may_fire: bool = True
    """Whether a hold that has lasted long enough may fire now."""


class Hold:
    """One hand's state. Feed it every moment, in order of time."""

    def __init__(self) -> None:
        self.state: State = "idle"
        self.gesture = NO_GESTURE
        self._held_s = 0.0
        self._last = 0.0
        """When the hold was last looked at."""
        self._place = (0.0, 0.0)
        self._shown = 0.0
        """When the gesture that is held was shown last."""
        self._gone_since: float | None = None
        self._hold_s = 1.0
        self._confidence = 0.0
        """Mean of the hold, of late."""

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

    @property
    def progress(self) -> float:
        """How far the hold is: 0 idle, 1 fired."""
        if self.state != "holding":
            return 1.0 if self.state == "fired" else 0.0
        return min(0.999, self._held_s / self._hold_s) if self._hold_s > 0 else 0.999

    def is_away(self, place: tuple[float, float], size: float) -> bool:
        """Tell whether a hand is elsewhere than where its gesture was shown last, in pixels."""
        return math.dist(place, self._place) > AWAY * size

    def _idle(self, showing: Showing, time: float) -> list[Step]:
        if showing.gesture == NO_GESTURE or not (showing.may_begin and showing.steady):
            return []
        self.state, self.gesture = "holding", showing.gesture
        self._held_s, self._hold_s = 0.0, showing.hold_s
        self._confidence = showing.confidence
        self._last, self._place, self._shown = time, showing.place, time
        begun: Step = ("begin", self.gesture)
        return [begun, *self._holding(showing, time)]

    def _holding(self, showing: Showing, time: float) -> list[Step]:
        if self._blinks(showing, time):
            self._last = time
            return []
        steps: list[Step] = []
        if showing.gesture != self.gesture:
            if showing.gesture == NO_GESTURE or showing.alike != self.gesture:
                return [*self.stop(), *self._idle(showing, time)]
            steps = [("cancel", self.gesture), ("begin", showing.gesture)]
            self.gesture = showing.gesture  # the same pose under another name
        self._shown = time
        self._count(showing, time)
        sure = self._confidence >= showing.min_confidence - _TICK
        may_fire = showing.steady and showing.may_fire and sure
        self._hold_s = max(self._hold_s, showing.hold_s)
        if not may_fire or self._held_s < self._hold_s - _TICK:
            return steps
        self.state, self._gone_since = "fired", None
        return [*steps, ("fire", self.gesture)]

    def _blinks(self, showing: Showing, time: float) -> bool:
        """Tell whether a hand that stays seems to show nothing, for a moment only."""
        if showing.gesture != NO_GESTURE or not showing.stays:
            return False
        return not self._has_drifted(showing) and time - self._shown <= BLINK_S + _TICK

    def _has_drifted(self, showing: Showing) -> bool:
        return math.dist(showing.place, self._place) > DRIFT * showing.size

    def _count(self, showing: Showing, time: float) -> None:
        """Count the time since the last look, unless the hand was on its way."""
        if self._has_drifted(showing):
            self._held_s, self._place = 0.0, showing.place
        elif showing.steady:
            self._held_s += time - self._last
            weight = 1 - math.exp(-(time - self._last) / CONFIDENCE_S)
            self._confidence += weight * (showing.confidence - self._confidence)
        self._last = time

    def _fired(self, showing: Showing, time: float) -> list[Step]:
        if showing.gesture != NO_GESTURE and self.gesture in (showing.gesture, showing.alike):
            self._gone_since, self._place = None, showing.place
            return []
        if self._gone_since is None:
            self._gone_since = time
        if time - self._gone_since < showing.release_s - _TICK:
            return []
        return [*self.stop(), *self._idle(showing, time)]
