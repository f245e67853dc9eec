"""What can be said of a hand at one moment that may tell whether its gesture is meant."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.purpose.recording import Sample
from vcam.core.box import intersection_over_union
from vcam.core.hand import TrackedHand
from vcam.core.labels import NO_GESTURE, ORIENTATIONS

NAMES: Final = (
    "speed",
    "travel",
    "rest_s",
    "age_s",
    "height",
    "above_edge",
    "size",
    "found",
    "score",
    "score_spread",
    "share",
    "names",
    "other_raised",
    "other_travel",
    "other_same",
    "symmetry",
    "touches",
    "pixels_move",
    "upright",
)
"""What each feature is; see `Watching.features`."""
WINDOW_S: Final = 0.6
REACH_SIZES: Final = 6.0
"""A hand that is farther away than this is another person's."""
MOVING: Final = 1.5
"""Sizes a second above which a hand does not rest."""

Features = npt.NDArray[np.float64]


@dataclass
class _Past:
    """A track over the last moments: time, x, y, gesture, its score."""

    moments: deque[tuple[float, float, float, str, float]] = field(default_factory=deque)
    rest_since: float | None = None

    def velocity(self, size: float) -> tuple[float, float]:
        """Return sizes a second over the last tenth of a second or so."""
        last = self.moments[-1]
        old = next((m for m in reversed(self.moments) if last[0] - m[0] >= 0.09), self.moments[0])
        elapsed = max(last[0] - old[0], 1e-3)
        return (last[1] - old[1]) / elapsed / size, (last[2] - old[2]) / elapsed / size

    def travel(self, size: float) -> float:
        """Return how far the hand got lately, in its sizes."""
        xs, ys = [m[1] for m in self.moments], [m[2] for m in self.moments]
        return math.hypot(max(xs) - min(xs), max(ys) - min(ys)) / size


class Watching:
    """Follows all hands of a clip; feed it every frame, in order of time."""

    def __init__(self) -> None:
        self._past: dict[int, _Past] = {}

    def update(self, sample: Sample) -> dict[int, Features]:
        """Return the features of each hand that is seen now, by track."""
        if sample.is_cut:
            self._past.clear()
            return {}
        self._past = {t.track: self._past.get(t.track, _Past()) for t in sample.tracks}
        seen = [t for t in sample.tracks if t.seen == sample.time]
        for tracked in seen:
            self._note(tracked, sample.time)
        return {t.track: self._features(t, seen, sample) for t in seen}

    def _note(self, tracked: TrackedHand, time: float) -> None:
        past, hand = self._past[tracked.track], tracked.hand
        past.moments.append((time, *hand.center, hand.gesture, hand.gesture_score))
        while time - past.moments[0][0] > WINDOW_S + 1e-6:
            past.moments.popleft()
        fast = math.hypot(*past.velocity(max(1.0, hand.size))) > MOVING
        past.rest_since = None if fast else (past.rest_since or time)

    def _features(
        self, tracked: TrackedHand, seen: Sequence[TrackedHand], sample: Sample
    ) -> Features:
        hand, past = tracked.hand, self._past[tracked.track]
        size, high = max(1.0, hand.size), max(1, sample.frame_size[1])
        vx, vy = past.velocity(size)
        named = [m for m in past.moments if m[3] == hand.gesture]
        scores = [m[4] for m in named]
        up = 0.5 if hand.orientation is None else hand.orientation[ORIENTATIONS.index("up")]
        return np.array(
            [
                min(5.0, math.hypot(vx, vy)),
                min(3.0, past.travel(size)),
                0.0 if past.rest_since is None else min(1.5, sample.time - past.rest_since),
                min(2.0, sample.time - tracked.born),
                hand.center[1] / high,
                min(2.0, (high - hand.box_xyxy[3]) / size),
                size / high,
                hand.score,
                float(np.mean(scores)),
                float(np.std(scores)),
                len(named) / len(past.moments),
                len({m[3] for m in past.moments}),
                *self._company(tracked, (vx, vy), seen),
                min(60.0, 20.0 if hand.motion is None else hand.motion),
                up,
            ]
        )

    def _company(
        self, tracked: TrackedHand, velocity: tuple[float, float], seen: Sequence[TrackedHand]
    ) -> tuple[float, float, float, float, float]:
        """Return whether another hand is raised, its travel, likeness, symmetry and contact."""
        hand = tracked.hand
        size = max(1.0, hand.size)
        others = [
            t
            for t in seen
            if t is not tracked and math.dist(t.hand.center, hand.center) <= REACH_SIZES * size
        ]
        if not others:
            return 0.0, 0.0, 0.0, 0.0, 0.0
        other = min(others, key=lambda t: math.dist(t.hand.center, hand.center))
        past = self._past[other.track]
        wx, wy = past.velocity(max(1.0, other.hand.size))
        raised = abs(other.hand.center[1] - hand.center[1]) <= 1.3 * size
        same = other.hand.gesture == hand.gesture != NO_GESTURE
        together = velocity[1] * wy - velocity[0] * wx
        touch = intersection_over_union(hand.box_xyxy, other.hand.box_xyxy) > 0
        return (
            float(raised),
            min(3.0, past.travel(max(1.0, other.hand.size))),
            float(same),
            max(-2.0, min(2.0, together)),
            float(touch),
        )
