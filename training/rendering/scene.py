"""The types of a rendering: who is shown, from where, and what comes out."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.rendering.bend import Shape
from training.rendering.gltf import Floats
from training.rendering.skin import Skin
from vcam.core.labels import Side

SUPERSAMPLE: Final = 2
"""Pixels rendered for each pixel of a side."""


@dataclass(frozen=True, slots=True)
class Sleeve:
    """Cloth on the forearm.

    Attributes:
        start: metres behind the wrist.
        colours: (2, 3) linear RGB.
        stripe: metres from stripe to stripe, 0 for plain cloth.
    """

    start: float
    colours: Floats
    stripe: float


@dataclass(frozen=True, slots=True)
class Subject:
    """One person's right arm in one pose.

    Attributes:
        pose: (21,) degrees, see `bend.POSE_SIZE`.
        wrist: (2,) degrees.
        shape: bone lengths and thickness.
        skin: colours.
        sleeve: or None for a bare arm.
    """

    pose: Floats
    wrist: Floats
    shape: Shape
    skin: Skin
    sleeve: Sleeve | None


@dataclass(frozen=True, slots=True)
class View:
    """Where the camera stands.

    Attributes:
        turn: (3, 3) rotation from the hand frame to x right, y up, z to the camera.
        distance: metres from the camera to the hand; small means strong perspective.
        size: (width, height) of the picture in pixels.
        scale: pixels of one metre at the hand.
        centre: (2,) pixel at which the hand's middle (with `fit`) or the wrist joint (without) is
            put; None is the picture's middle.
        fit: share of the picture that the hand's longer side takes; if given, `scale` is ignored.
    """

    turn: Floats
    distance: float
    size: tuple[int, int]
    scale: float
    centre: Floats | None = None
    fit: float | None = None


@dataclass(frozen=True, slots=True)
class Cutout:
    """A rendered hand.

    Attributes:
        rgba: uint8 (H, W, 4), RGB and straight alpha.
        box_xyxy: float64 (4,), pixels: the hand proper, without forearm.
        joints: float64 (25, 2), pixels, order of `rig.JOINTS`.
        side: whose hand it is, anatomical, unmirrored.
    """

    rgba: NDArray[np.uint8]
    box_xyxy: Floats
    joints: Floats
    side: Side
