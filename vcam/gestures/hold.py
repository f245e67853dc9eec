"""Hold to confirm: the life of a gesture on one hand.

idle ──shown──► holding ──long enough──► fired ──gone long enough──► idle
                   └──let go: cancel──► idle           (end)
"""

import math
from typing import Final, Literal, NamedTuple

from vcam.core.event import Phase
from vcam.core.labels import NO_GESTURE

HoldState = Literal["idle", "holding", "fired"]
Step = tuple[Phase, str]
"""A phase and the gesture it belongs to."""
MAX_DRIFT_SIZES, FARTHEST_DRIFT_SIZES = 0.4, 0.8
"""A held hand that is more than this many hand sizes from where its hold began is not held…"""
DRIFT_HOLD_S = 0.6
"""…or up to twice as many in proportion where it is held for longer: it may sink as fast."""
MOVED_AWAY_SIZES = 0.35
"""A hand that is farther than this many sizes from where it showed its gesture has gone on."""
MAX_MISSED_S = 0.2
"""How long a hand that stays where it is may seem to show nothing: its hold waits meanwhile."""
CONFIDENCE_TAU_S = 0.5
"""Time constant of the mean confidence of a hold."""
_TICK = 1e-6
"""Times are sums of floats: this much short of the hold time is long enough."""


class HoldInput(NamedTuple):
    """What one hand shows at one moment, and the limits for it."""

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
    """The middle of the hand in pixels: a hand that drifts has to begin again."""
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
    max_drift: float = MAX_DRIFT_SIZES
    """How many of its sizes the hand may get away from where its hold began."""


NOTHING: Final = HoldInput(NO_GESTURE, may_begin=False, steady=False, hold_s=0.0, release_s=0.0)
"""What a hand shows whose hold is idle and stays so."""


def max_drift(hold_s: float) -> float:
    """Return how many of its sizes a hand may drift that is held for so many seconds."""
    return min(FARTHEST_DRIFT_SIZES, MAX_DRIFT_SIZES * max(1.0, hold_s / DRIFT_HOLD_S))


class Hold:
    """One hand's state. Feed it every moment, in order of time."""

    def __init__(self) -> None:
        self.state: HoldState = "idle"
        self.gesture = NO_GESTURE
        self._held_s = 0.0
        self._last = 0.0
        """When the hold was last looked at."""
        self._place = (0.0, 0.0)
        self._shown = 0.0
        """When the gesture that is held was shown last."""
        self._gone_since: float | None = None
        self._hold_s = 1.0
        self._confidence = self._min_confidence = 0.0
        """Mean of the hold, of late."""

    def update(self, now: HoldInput, time: float) -> list[Step]:
        """Return what happens at `time` in seconds: nothing, or one or two steps."""
        if self.state == "holding":
            return self._holding(now, time)
        if self.state == "fired":
            return self._fired(now, time)
        return self._idle(now, time)

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

    @property
    def is_unclear(self) -> bool:
        """Whether only its mean confidence keeps a hold from firing."""
        lasted = self._held_s >= self._hold_s - _TICK
        return (
            self.state == "holding" and lasted and self._confidence < self._min_confidence - _TICK
        )

    @property
    def evidence(self) -> str:
        """How long the gesture was held, and how confidently, in words."""
        score, min_score = self._confidence, self._min_confidence
        return f"held {self._held_s:.2f} s, score {score:.2f} (at least {min_score:.2f})"

    def is_away(self, place: tuple[float, float], size: float) -> bool:
        """Tell whether a hand is elsewhere than where its gesture was shown last, in pixels."""
        return math.dist(place, self._place) > MOVED_AWAY_SIZES * size

    def _idle(self, now: HoldInput, time: float) -> list[Step]:
        if now.gesture == NO_GESTURE or not (now.may_begin and now.steady):
            return []
        self.state, self.gesture = "holding", now.gesture
        self._held_s, self._hold_s = 0.0, now.hold_s
        self._confidence = now.confidence
        self._last, self._place, self._shown = time, now.place, time
        begun: Step = ("begin", self.gesture)
        return [begun, *self._holding(now, time)]

    def _holding(self, now: HoldInput, time: float) -> list[Step]:
        if self._is_missed(now, time):
            self._last = time
            return []
        steps: list[Step] = []
        if now.gesture != self.gesture:
            if now.gesture == NO_GESTURE or now.alike != self.gesture:
                return [*self.stop(), *self._idle(now, time)]
            steps = [("cancel", self.gesture), ("begin", now.gesture)]
            self.gesture = now.gesture  # the same pose under another name
        self._shown = time
        self._count(now, time)
        self._min_confidence = now.min_confidence
        confident = self._confidence >= now.min_confidence - _TICK
        may_fire = now.steady and now.may_fire and confident
        self._hold_s = max(self._hold_s, now.hold_s)
        if not may_fire or self._held_s < self._hold_s - _TICK:
            return steps
        self.state, self._gone_since = "fired", None
        return [*steps, ("fire", self.gesture)]

    def _is_missed(self, now: HoldInput, time: float) -> bool:
        """Tell whether a hand that stays seems to show nothing, for a moment only."""
        if now.gesture != NO_GESTURE or not now.stays:
            return False
        return not self._has_drifted(now) and time - self._shown <= MAX_MISSED_S + _TICK

    def _has_drifted(self, now: HoldInput) -> bool:
        return math.dist(now.place, self._place) > now.max_drift * now.size

    def _count(self, now: HoldInput, time: float) -> None:
        """Count the time since the last frame, unless the hand was on its way."""
        if self._has_drifted(now):
            self._held_s, self._place = 0.0, now.place
        elif now.steady:
            self._held_s += time - self._last
            weight = 1 - math.exp(-(time - self._last) / CONFIDENCE_TAU_S)
            self._confidence += weight * (now.confidence - self._confidence)
        self._last = time

    def _fired(self, now: HoldInput, time: float) -> list[Step]:
        if now.gesture != NO_GESTURE and self.gesture in (now.gesture, now.alike):
            self._gone_since, self._place = None, now.place
            return []
        if self._gone_since is None:
            self._gone_since = time
        if time - self._gone_since < now.release_s - _TICK:
            return []
        return [*self.stop(), *self._idle(now, time)]
