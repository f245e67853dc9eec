"""The 18 gestures and many natural non-gestures, as joint angles and as ways to face a camera.

Angles are degrees of a right hand: thumb (oppose, abduct, twist, bend, tip), fingers (knuckle,
middle, end, spread to the thumb). A facing says how the hand is turned to the camera: first the
picture shows the palm with the fingers up, then `lay` turns it in the picture, then `yaw` about the
vertical, then `pitch` towards the camera, then `roll` in the picture again.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from training.rendering.gltf import Floats

Range = tuple[float, float]
Finger = tuple[float, float, float, float]
Thumb = tuple[float, float, float, float, float]

SHUT_FINGERS: Final[tuple[Finger, ...]] = (
    (82, 100, 55, -2),
    (82, 102, 55, 0),
    (82, 102, 55, 4),
    (80, 100, 50, 8),
)
STRAIGHT_FINGER: Final[Finger] = (2, 4, 3, 0)


@dataclass(frozen=True, slots=True)
class Facing:
    """A range of ways to turn the hand to the camera, degrees; `share` is its weight."""

    share: float
    lay: float
    yaw: Range
    pitch: Range = (-18, 18)
    roll: Range = (-25, 25)


@dataclass(frozen=True, slots=True)
class Gesture:
    """A pose and how it is shown."""

    thumb: Thumb
    fingers: tuple[Finger, ...]
    facings: tuple[Facing, ...]

    def angles(self) -> Floats:
        """Return the pose as float64 (21,)."""
        return np.concatenate([np.array(self.thumb), np.array(self.fingers).ravel()]).astype(float)


PALM: Final = Facing(1.0, 0, (-35, 35))
BACK: Final = Facing(1.0, 0, (150, 210))
MOSTLY_PALM: Final = (Facing(0.85, 0, (-40, 45)), Facing(0.15, 0, (145, 215)))
THUMB_UP: Final = (
    Facing(0.5, 90, (50, 190), (-15, 20), (-25, 30)),
    Facing(0.2, 90, (-25, 50), (-15, 20), (-25, 30)),
    Facing(0.3, 90, (-180, 180), (-30, 30), (-30, 30)),
)
THUMB_DOWN: Final = (
    Facing(0.6, -90, (-105, 30), (-15, 20), (-30, 25)),
    Facing(0.4, -90, (-180, 180), (-30, 30), (-30, 30)),
)
EVERY_SIDE: Final = (
    Facing(0.3, 0, (-35, 45)),
    Facing(0.5, 0, (-180, 180), (-45, 60), (-45, 45)),
    Facing(0.1, 90, (-180, 180), (-30, 30), (-30, 30)),
    Facing(0.1, -90, (-180, 180), (-30, 30), (-30, 30)),
)
"""A fist is one from wherever it is seen: palm, thumb, knuckles, back."""
CALL_FACINGS: Final = (
    Facing(0.55, 90, (110, 195), (-15, 15), (-35, 25)),
    Facing(0.25, 60, (-30, 30), (-15, 15), (-25, 25)),
    Facing(0.20, 0, (-30, 30)),
)

V_FINGERS: Final = ((2, 4, 3, 9), (2, 4, 3, -6), (80, 100, 50, 4), (80, 100, 50, 8))
TWO_FINGERS: Final = ((3, 5, 3, -6), (3, 5, 3, 1.5), (80, 100, 50, 4), (80, 100, 50, 8))
FLAT_FINGERS: Final = ((2, 4, 3, -7.5), (1, 3, 2, 0), (2, 4, 3, 10.5), (4, 5, 3, 15.5))
ONE_FINGER: Final = (STRAIGHT_FINGER, *SHUT_FINGERS[1:])
OVER_RING: Final[Thumb] = (20, 26, -3, 53, 45)
OVER_MIDDLE: Final[Thumb] = (10, 21, 4, 54, 54)

POSES: Final[dict[str, Gesture]] = {
    "call": Gesture((-15, -10, 0, -8, -5), (*SHUT_FINGERS[:3], (3, 6, 4, -12)), CALL_FACINGS),
    "dislike": Gesture((-20, -20, 0, -10, -10), SHUT_FINGERS, THUMB_DOWN),
    "fist": Gesture((2, 21, 6, 55, 58), SHUT_FINGERS, EVERY_SIDE),
    "four": Gesture(
        (34, -8, 33, 60, 70),
        ((2, 4, 3, 8), (2, 4, 3, 1), (2, 5, 3, -4), (4, 6, 4, -9)),
        MOSTLY_PALM,
    ),
    "like": Gesture((-20, -20, 0, -10, -10), SHUT_FINGERS, THUMB_UP),
    "mute": Gesture(OVER_MIDDLE, ONE_FINGER, (Facing(1.0, 0, (35, 150), (-12, 12), (-20, 20)),)),
    "ok": Gesture(
        (22, 24, 9, 20, 18),
        ((52, 48, 28, -2), (14, 14, 8, 2), (8, 10, 6, -3), (4, 8, 5, -10)),
        (Facing(1.0, 0, (10, 75)),),
    ),
    "one": Gesture(
        OVER_MIDDLE, ONE_FINGER, (Facing(0.6, 0, (-40, 45)), Facing(0.4, 0, (-180, 180)))
    ),
    "palm": Gesture(
        (-8, -5, 0, -5, 0), ((2, 4, 3, 9), (1, 3, 2, 2), (2, 4, 3, -4), (3, 5, 3, -10)), (PALM,)
    ),
    "peace": Gesture(OVER_RING, V_FINGERS, (Facing(1.0, 0, (-35, 40)),)),
    "rock": Gesture(
        (16, 22, 1, 53, 49),
        ((4, 6, 4, 8), (80, 102, 55, 0), (80, 102, 55, 4), (4, 8, 5, -8)),
        MOSTLY_PALM,
    ),
    "stop": Gesture((30, -5, 0, 5, 5), FLAT_FINGERS, (PALM,)),
    "stop_inverted": Gesture((30, -5, 0, 5, 5), FLAT_FINGERS, (BACK,)),
    "three": Gesture(
        (28, 34, -13, 55, 36),
        ((3, 5, 3, 7), (3, 4, 3, 0), (6, 8, 5, -5), (74, 88, 40, 6)),
        MOSTLY_PALM,
    ),
    "two_up": Gesture(OVER_RING, TWO_FINGERS, (Facing(1.0, 0, (-35, 40)),)),
    "two_up_inverted": Gesture(OVER_RING, TWO_FINGERS, (BACK,)),
    "three2": Gesture((-8, -5, 0, -5, 0), V_FINGERS, MOSTLY_PALM),
    "peace_inverted": Gesture(OVER_RING, V_FINGERS, (BACK,)),
}

FIST_THUMBS: Final[tuple[Thumb, ...]] = (
    (2, 21, 6, 55, 58),
    OVER_RING,
    OVER_MIDDLE,
    (2, 26, 5, 38, 45),
)
"""Over the fingers, nearer or farther, or against the side of the index finger."""

ANY_FACINGS: Final = (
    Facing(0.4, 0, (-80, 80), (-60, 40), (-50, 50)),
    Facing(0.3, 0, (80, 280), (-40, 40), (-50, 50)),
    Facing(0.3, 180, (-180, 180), (-40, 40), (-60, 60)),
)
"""Every way to hold a hand: upright, its back, hanging down."""

POINTING_FACINGS: Final = (
    Facing(1.0, 90, (60, 120), (-20, 20)),
    Facing(0.6, 0, (-20, 20), (60, 85)),
)
HANGING_FACINGS: Final = (Facing(1.0, 180, (-180, 180), (-25, 25), (-30, 30)),)

IDLE_POSES: Final[tuple[Gesture, ...]] = (
    Gesture(
        (12, 10, 5, 12, 15),
        ((28, 32, 18, 0), (34, 36, 20, 0), (38, 40, 22, 2), (38, 40, 22, 4)),
        ANY_FACINGS,
    ),
    Gesture(
        (18, 15, 8, 20, 25),
        ((45, 55, 30, 0), (50, 58, 30, 0), (52, 60, 32, 3), (50, 58, 30, 5)),
        ANY_FACINGS,
    ),
    Gesture(
        (0, 20, 0, 10, 20),
        ((15, 60, 40, 6), (12, 62, 42, 0), (14, 62, 42, -4), (16, 58, 40, -8)),
        ANY_FACINGS,
    ),
    Gesture(
        (14, 34, 10, 12, 15),
        ((48, 30, 15, 3), (50, 32, 16, 0), (52, 34, 18, 0), (54, 34, 18, 0)),
        ANY_FACINGS,
    ),
    Gesture(
        (20, 32, 10, 25, 20),
        ((60, 45, 25, 0), (62, 48, 25, 0), (62, 48, 26, 2), (60, 46, 25, 4)),
        ANY_FACINGS,
    ),
    Gesture(OVER_MIDDLE, ((10, 12, 8, 0), *SHUT_FINGERS[1:]), POINTING_FACINGS),
    Gesture(
        (20, 10, 4, 15, 12),
        ((14, 14, 8, -4), (18, 16, 8, 0), (20, 18, 9, 6), (22, 20, 10, 9)),
        HANGING_FACINGS,
    ),
    Gesture((5, 21, 6, 50, 50), SHUT_FINGERS, HANGING_FACINGS),
)
"""What hands do between gestures; all of it is labelled no_gesture."""
