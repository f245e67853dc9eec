"""Poses that people hold up and that are none of the 18, labelled no_gesture.

A classifier that has seen the 18 and idle hands alone gives every hand that is held up on purpose
the name of its nearest neighbour. Here are the neighbours: letters and counts that people know, and
poses of random joint angles, as long as they are far from all 18. What is too near to tell is never
drawn, for a label that is a matter of taste teaches nothing.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from training.rendering.gltf import Floats
from training.rendering.poses import (
    FLAT,
    HANGING,
    ONE_FINGER,
    OVER_MIDDLE,
    OVER_RING,
    POSES,
    SHUT,
    STRAIGHT,
    TWO_FINGERS,
    Facing,
    Finger,
    Gesture,
    Thumb,
)

OUT: Final[Thumb] = (-20, -20, 0, -10, -10)
"""A thumb that is stretched away from the hand."""
BESIDE: Final[Thumb] = (2, 12, 4, 10, 8)
"""A thumb that lies against the side of the hand."""
CURVED: Final[Finger] = (38, 42, 24, 0)
CLAWED: Final[Finger] = (10, 66, 42, 3)

UPRIGHT: Final = (
    Facing(0.6, 0, (-60, 60), (-25, 25), (-30, 30)),
    Facing(0.4, 0, (120, 240), (-25, 25), (-30, 30)),
)
SIDEWAYS: Final = (
    Facing(0.5, 90, (-180, 180), (-25, 25), (-22, 22)),
    Facing(0.5, -90, (-180, 180), (-25, 25), (-22, 22)),
)
AT_CAMERA: Final = (Facing(1.0, 0, (-25, 25), (58, 88), (-30, 30)),)
ANYWHERE: Final = (
    Facing(0.55, 0, (-180, 180), (-35, 35), (-35, 35)),
    Facing(0.3, 90, (-180, 180), (-30, 30), (-30, 30)),
    Facing(0.15, -90, (-180, 180), (-30, 30), (-30, 30)),
)
LYING_THUMB: Final = (
    Facing(0.5, 0, (-60, 60), (-20, 20), (-15, 15)),
    Facing(0.5, 0, (120, 240), (-20, 20), (-15, 15)),
)
"""A fist that is upright, so that its thumb points sideways."""

_LITTLE_ALONE: Final = (*SHUT[:3], (4, 8, 5, -8))
_MIDDLE_ALONE: Final = (SHUT[0], STRAIGHT, *SHUT[2:])
_RING_ALONE: Final = (*SHUT[:2], (6, 10, 6, 0), SHUT[3])
_LOW_THREE: Final = (SHUT[0], (3, 5, 3, 2), (4, 6, 4, -3), (6, 8, 5, -9))
_CROSSED: Final = ((4, 12, 8, -11), (6, 4, 3, 9), *SHUT[2:])
_HOOKED: Final = ((8, 70, 45, 0), *SHUT[1:])
_HOOKED_TWO: Final = ((8, 68, 42, 8), (8, 68, 42, -5), *SHUT[2:])
_GREETING: Final = ((2, 4, 3, 8), (2, 4, 3, 7), (2, 4, 3, -7), (3, 5, 3, -9))

NAMED: Final[tuple[Gesture, ...]] = (
    Gesture(OUT, ONE_FINGER, UPRIGHT),  # L
    Gesture(OUT, ONE_FINGER, SIDEWAYS),
    Gesture(OUT, ONE_FINGER, AT_CAMERA),
    Gesture(OUT, TWO_FINGERS, UPRIGHT),  # a pistol
    Gesture(OUT, TWO_FINGERS, SIDEWAYS),
    Gesture((20, 30, 0, 12, 15), (CURVED,) * 4, ANYWHERE),  # C
    Gesture((16, 34, 10, 14, 15), ((52, 34, 18, 0),) * 4, ANYWHERE),  # O, a beak
    Gesture((26, 30, 8, 22, 20), ((58, 56, 30, 0),) * 4, ANYWHERE),
    Gesture((4, 10, 0, 20, 25), (CLAWED,) * 4, ANYWHERE),
    Gesture(OVER_MIDDLE, _LITTLE_ALONE, UPRIGHT),
    Gesture(OVER_MIDDLE, _MIDDLE_ALONE, UPRIGHT),
    Gesture(OVER_MIDDLE, _RING_ALONE, UPRIGHT),
    Gesture((22, 30, 6, 45, 40), _LOW_THREE, UPRIGHT),
    Gesture(OVER_RING, _CROSSED, UPRIGHT),
    Gesture(OVER_MIDDLE, _HOOKED, UPRIGHT),
    Gesture(OVER_RING, _HOOKED_TWO, UPRIGHT),
    Gesture((30, -5, 0, 5, 5), _GREETING, UPRIGHT),
    Gesture(OUT, SHUT, LYING_THUMB),
    Gesture(OUT, SHUT, AT_CAMERA),
    Gesture(OVER_MIDDLE, ONE_FINGER, SIDEWAYS),
    Gesture(OVER_MIDDLE, ONE_FINGER, AT_CAMERA),
    Gesture(OVER_MIDDLE, ONE_FINGER, HANGING),
    Gesture(OVER_RING, TWO_FINGERS, SIDEWAYS),
    Gesture(OVER_RING, TWO_FINGERS, HANGING),
    Gesture(OVER_RING, TWO_FINGERS, AT_CAMERA),
    Gesture((30, -5, 0, 5, 5), FLAT, SIDEWAYS),
    Gesture((30, -5, 0, 5, 5), FLAT, AT_CAMERA),
    Gesture((-8, -5, 0, -5, 0), FLAT, HANGING),
    Gesture(BESIDE, ((70, 15, 8, 0),) * 4, ANYWHERE),  # bent at the knuckles
    Gesture(BESIDE, ((70, 15, 8, 0), (74, 16, 8, 0), *SHUT[2:]), ANYWHERE),
    Gesture((14, 34, 10, 12, 15), ((46, 30, 15, 3), *SHUT[1:]), ANYWHERE),  # a pinch
    Gesture((20, 20, 5, 15, 15), ((4, 6, 4, 6), CURVED, CURVED, CURVED), ANYWHERE),
)

THUMBS: Final[tuple[Thumb, ...]] = (
    OUT,
    BESIDE,
    OVER_MIDDLE,
    OVER_RING,
    (-8, -5, 0, -5, 0),
    (30, -5, 0, 5, 5),
    (34, -8, 33, 60, 70),
    (16, 34, 10, 14, 15),
)
LEAST_CURL: Final = 237.0
"""Degrees that a shut finger is bent by in all."""
APART: Final = 0.38
"""Least difference of some finger's curl from that of each of the 18, 0..1."""


def near_miss(rng: np.random.Generator) -> Gesture:
    """Return a known pose that is none of the 18, or one of random angles."""
    if rng.random() < 0.6:
        return NAMED[rng.integers(len(NAMED))]
    return next(pose for pose in _drawn(rng) if is_far(pose))


def is_far(pose: Gesture) -> bool:
    """Whether in some finger's curl the pose differs clearly from each of the 18."""
    curls = _curls(pose)
    return all(np.abs(curls - _curls(known)).max() >= APART for known in POSES.values())


def _curls(pose: Gesture) -> Floats:
    """Return how far each finger is bent, 0..1 (4,)."""
    return np.array([sum(finger[:3]) / LEAST_CURL for finger in pose.fingers])


def _drawn(rng: np.random.Generator) -> Iterator[Gesture]:
    """Yield poses of random angles: bent at the root, at the middle, or all along."""
    while True:
        fingers = []
        for _ in range(4):
            far = float(rng.choice([rng.uniform(0, 0.15), rng.uniform(0.15, 0.85), 0.95]))
            root, rest = rng.uniform(0.1, 1.0, 2)
            finger = (82 * far * root, 102 * far * rest, 55 * far * rest)
            fingers.append((*finger, float(rng.uniform(-6, 6))))
        yield Gesture(THUMBS[rng.integers(len(THUMBS))], tuple(fingers), ANYWHERE)
