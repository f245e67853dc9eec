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
    FLAT_FINGERS,
    HANGING_FACINGS,
    ONE_FINGER,
    OVER_MIDDLE,
    OVER_RING,
    POSES,
    SHUT_FINGERS,
    STRAIGHT_FINGER,
    TWO_FINGERS,
    V_FINGERS,
    Facing,
    Finger,
    Gesture,
    Thumb,
)

THUMB_OUT: Final[Thumb] = (-20, -20, 0, -10, -10)
"""A thumb that is stretched away from the hand."""
THUMB_BESIDE: Final[Thumb] = (2, 12, 4, 10, 8)
"""A thumb that lies against the side of the hand."""
CURVED_FINGER: Final[Finger] = (38, 42, 24, 0)
CLAWED_FINGER: Final[Finger] = (10, 66, 42, 3)

UPRIGHT_FACINGS: Final = (
    Facing(0.6, 0, (-60, 60), (-25, 25), (-30, 30)),
    Facing(0.4, 0, (120, 240), (-25, 25), (-30, 30)),
)
SIDEWAYS_FACINGS: Final = (
    Facing(0.5, 90, (-180, 180), (-25, 25), (-22, 22)),
    Facing(0.5, -90, (-180, 180), (-25, 25), (-22, 22)),
)
CAMERA_FACINGS: Final = (Facing(1.0, 0, (-25, 25), (58, 88), (-30, 30)),)
ALL_FACINGS: Final = (
    Facing(0.55, 0, (-180, 180), (-35, 35), (-35, 35)),
    Facing(0.3, 90, (-180, 180), (-30, 30), (-30, 30)),
    Facing(0.15, -90, (-180, 180), (-30, 30), (-30, 30)),
)
LYING_THUMB_FACINGS: Final = (
    Facing(0.5, 0, (-60, 60), (-20, 20), (-15, 15)),
    Facing(0.5, 0, (120, 240), (-20, 20), (-15, 15)),
)
"""A fist that is upright, so that its thumb points sideways."""
THUMB_ON_TOP_FACINGS: Final = (
    Facing(0.5, 90, (-60, 60), (-20, 20), (-25, 25)),
    Facing(0.5, 90, (120, 240), (-20, 20), (-25, 25)),
)
"""Fingers sideways, the thumb up: from afar it looks like `like`."""

LITTLE_ALONE: Final = (*SHUT_FINGERS[:3], (4, 8, 5, -8))
MIDDLE_ALONE: Final = (SHUT_FINGERS[0], STRAIGHT_FINGER, *SHUT_FINGERS[2:])
RING_ALONE: Final = (*SHUT_FINGERS[:2], (6, 10, 6, 0), SHUT_FINGERS[3])
LOW_THREE: Final = (SHUT_FINGERS[0], (3, 5, 3, 2), (4, 6, 4, -3), (6, 8, 5, -9))
CROSSED: Final = ((4, 12, 8, -11), (6, 4, 3, 9), *SHUT_FINGERS[2:])
HOOKED: Final = ((8, 70, 45, 0), *SHUT_FINGERS[1:])
HOOKED_TWO: Final = ((8, 68, 42, 8), (8, 68, 42, -5), *SHUT_FINGERS[2:])
PURSED: Final = ((58, 22, 8, -2), (60, 20, 8, 0), (60, 20, 8, 2), (58, 24, 10, 4))
HALF_SHUT: Final = ((20, 30, 18, 0), (45, 60, 35, 0), *SHUT_FINGERS[2:])
GREETING: Final = ((2, 4, 3, 8), (2, 4, 3, 7), (2, 4, 3, -7), (3, 5, 3, -9))

NAMED_POSES: Final[tuple[Gesture, ...]] = (
    Gesture(THUMB_OUT, ONE_FINGER, UPRIGHT_FACINGS),  # L
    Gesture(THUMB_OUT, ONE_FINGER, SIDEWAYS_FACINGS),
    Gesture(THUMB_OUT, ONE_FINGER, CAMERA_FACINGS),
    Gesture(THUMB_OUT, TWO_FINGERS, UPRIGHT_FACINGS),  # a pistol
    Gesture(THUMB_OUT, TWO_FINGERS, SIDEWAYS_FACINGS),
    Gesture((20, 30, 0, 12, 15), (CURVED_FINGER,) * 4, ALL_FACINGS),  # C
    Gesture((16, 34, 10, 14, 15), ((52, 34, 18, 0),) * 4, ALL_FACINGS),  # O, a beak
    Gesture((26, 30, 8, 22, 20), ((58, 56, 30, 0),) * 4, ALL_FACINGS),
    Gesture((4, 10, 0, 20, 25), (CLAWED_FINGER,) * 4, ALL_FACINGS),
    Gesture(OVER_MIDDLE, LITTLE_ALONE, UPRIGHT_FACINGS),
    Gesture(OVER_MIDDLE, MIDDLE_ALONE, UPRIGHT_FACINGS),
    Gesture(OVER_MIDDLE, RING_ALONE, UPRIGHT_FACINGS),
    Gesture((22, 30, 6, 45, 40), LOW_THREE, UPRIGHT_FACINGS),
    Gesture(OVER_RING, CROSSED, UPRIGHT_FACINGS),
    Gesture(OVER_MIDDLE, HOOKED, UPRIGHT_FACINGS),
    Gesture(OVER_RING, HOOKED_TWO, UPRIGHT_FACINGS),
    Gesture((30, -5, 0, 5, 5), GREETING, UPRIGHT_FACINGS),
    Gesture(THUMB_OUT, SHUT_FINGERS, LYING_THUMB_FACINGS),
    Gesture(THUMB_OUT, SHUT_FINGERS, CAMERA_FACINGS),
    Gesture(OVER_MIDDLE, ONE_FINGER, SIDEWAYS_FACINGS),
    Gesture(OVER_MIDDLE, ONE_FINGER, CAMERA_FACINGS),
    Gesture(OVER_MIDDLE, ONE_FINGER, HANGING_FACINGS),
    Gesture(OVER_RING, TWO_FINGERS, SIDEWAYS_FACINGS),
    Gesture(OVER_RING, TWO_FINGERS, HANGING_FACINGS),
    Gesture(OVER_RING, TWO_FINGERS, CAMERA_FACINGS),
    Gesture((30, -5, 0, 5, 5), FLAT_FINGERS, SIDEWAYS_FACINGS),
    Gesture((30, -5, 0, 5, 5), FLAT_FINGERS, CAMERA_FACINGS),
    Gesture((-8, -5, 0, -5, 0), FLAT_FINGERS, HANGING_FACINGS),
    Gesture(THUMB_BESIDE, ((70, 15, 8, 0),) * 4, ALL_FACINGS),  # bent at the knuckles
    Gesture(THUMB_BESIDE, ((70, 15, 8, 0), (74, 16, 8, 0), *SHUT_FINGERS[2:]), ALL_FACINGS),
    Gesture((14, 34, 10, 12, 15), ((46, 30, 15, 3), *SHUT_FINGERS[1:]), ALL_FACINGS),  # a pinch
    Gesture(
        (20, 20, 5, 15, 15),
        ((4, 6, 4, 6), CURVED_FINGER, CURVED_FINGER, CURVED_FINGER),
        ALL_FACINGS,
    ),
    Gesture(THUMB_OUT, ONE_FINGER, THUMB_ON_TOP_FACINGS),
    Gesture(THUMB_OUT, TWO_FINGERS, THUMB_ON_TOP_FACINGS),
    Gesture(THUMB_OUT, V_FINGERS, THUMB_ON_TOP_FACINGS),
    Gesture(THUMB_OUT, FLAT_FINGERS, THUMB_ON_TOP_FACINGS),
    Gesture(THUMB_OUT, HALF_SHUT, THUMB_ON_TOP_FACINGS),
    Gesture(THUMB_OUT, ONE_FINGER, UPRIGHT_FACINGS),  # L once more: nothing is as near to `one`
    Gesture((20, 34, 8, 14, 12), PURSED, ALL_FACINGS),  # fingertips together
    Gesture(THUMB_OUT, GREETING, SIDEWAYS_FACINGS),
)

THUMB_POSES: Final[tuple[Thumb, ...]] = (
    THUMB_OUT,
    THUMB_BESIDE,
    OVER_MIDDLE,
    OVER_RING,
    (-8, -5, 0, -5, 0),
    (30, -5, 0, 5, 5),
    (34, -8, 33, 60, 70),
    (16, 34, 10, 14, 15),
)
MIN_SHUT_CURL_DEG: Final = 237.0
"""Degrees that a shut finger is bent by in all."""
MIN_CURL_DISTANCE: Final = 0.38
"""Minimum difference of some finger's curl from that of each of the 18, 0..1."""


def near_miss(rng: np.random.Generator) -> Gesture:
    """Return a known pose that is none of the 18, or one of random angles."""
    if rng.random() < 0.6:
        return NAMED_POSES[rng.integers(len(NAMED_POSES))]
    return next(pose for pose in _drawn(rng) if is_far(pose))


def is_far(pose: Gesture) -> bool:
    """Whether in some finger's curl the pose differs clearly from each of the 18."""
    curls = _curls(pose)
    return all(np.abs(curls - _curls(known)).max() >= MIN_CURL_DISTANCE for known in POSES.values())


def _curls(pose: Gesture) -> Floats:
    """Return how far each finger is bent, 0..1 (4,)."""
    return np.array([sum(finger[:3]) / MIN_SHUT_CURL_DEG for finger in pose.fingers])


def _drawn(rng: np.random.Generator) -> Iterator[Gesture]:
    """Yield poses of random angles: bent at the root, at the middle, or all along."""
    while True:
        fingers = []
        for _ in range(4):
            far = float(rng.choice([rng.uniform(0, 0.15), rng.uniform(0.15, 0.85), 0.95]))
            root, rest = rng.uniform(0.1, 1.0, 2)
            finger = (82 * far * root, 102 * far * rest, 55 * far * rest)
            fingers.append((*finger, float(rng.uniform(-6, 6))))
        yield Gesture(THUMB_POSES[rng.integers(len(THUMB_POSES))], tuple(fingers), ALL_FACINGS)
