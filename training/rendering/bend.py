"""Bend the rig: finger angles to vertices, by linear blend skinning."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from training.rendering.gltf import Floats
from training.rendering.rig import FINGER_OF_JOINT, FOREARM, PARENTS, Rig

POSE_SIZE: Final = 21
"""5 thumb angles (oppose, abduct, twist, bend, tip), then 4 of each finger (knuckle, middle, end,
spread)."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One person's hand.

    Attributes:
        length: (5,) factor on the bones of thumb to little finger.
        thick: (5,) factor on their thickness.
        wide: factor on the width of the whole hand.
    """

    length: Floats
    thick: Floats
    wide: float


PLAIN_SHAPE: Final = Shape(np.ones(5), np.ones(5), 1.0)


def rotation(axis: int, degrees: float) -> Floats:
    """Return the 4x4 rotation about coordinate axis 0, 1 or 2."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    i, j = [(1, 2), (2, 0), (0, 1)][axis]
    turn = np.eye(4)
    turn[i, i], turn[i, j], turn[j, i], turn[j, j] = c, -s, s, c
    return turn


def joint_turns(pose: Floats, wrist: Floats) -> Floats:
    """Return each joint's own rotation (26, 4, 4).

    Args:
        pose: float64 (21,), degrees; see POSE_SIZE. Flexion and radial spread are positive.
        wrist: float64 (2,), degrees: the forearm's bend (towards the palm) and sideways lean.
    """
    turns = np.tile(np.eye(4), (FOREARM + 1, 1, 1))
    oppose, abduct, twist, bend, tip = pose[:5]
    turns[1] = rotation(1, abduct) @ rotation(0, -oppose) @ rotation(2, twist)
    turns[2], turns[3] = rotation(0, -bend), rotation(0, -tip)
    for finger in range(1, 5):
        knuckle, middle, end, spread = pose[1 + 4 * finger : 5 + 4 * finger]
        first = 5 * finger
        arch = max(knuckle, 0.0) * (0.0, 0.0, 0.02, 0.07, 0.14)[finger]
        turns[first] = rotation(0, -arch)
        turns[first + 1] = rotation(1, spread) @ rotation(0, -knuckle)
        turns[first + 2], turns[first + 3] = rotation(0, -middle), rotation(0, -end)
    turns[FOREARM] = rotation(1, wrist[1]) @ rotation(0, wrist[0])
    return turns


def joint_frames(rig: Rig, turns: Floats, shape: Shape) -> Floats:
    """Return each joint's posed frame (26, 4, 4) in the hand frame."""
    frames = np.empty_like(rig.bind)
    frames[0] = rig.bind[0] @ turns[0]
    for joint in range(1, FOREARM + 1):
        parent = PARENTS[joint]
        local = np.linalg.inv(rig.bind[parent]) @ rig.bind[joint]
        finger = FINGER_OF_JOINT[joint]
        if finger >= 0 and parent != 0:
            local[2, 3] *= shape.length[finger]
        frames[joint] = frames[parent] @ local @ turns[joint]
    return frames


def skinned(rig: Rig, frames: Floats, shape: Shape) -> Floats:
    """Return posed vertices (V, 3) in the hand frame."""
    scale = np.tile(np.eye(4), (FOREARM + 1, 1, 1))
    on_finger = np.flatnonzero(FINGER_OF_JOINT >= 0)
    for joint in on_finger:
        finger = FINGER_OF_JOINT[joint]
        thick = 1.0 if PARENTS[joint] == 0 else shape.thick[finger]
        scale[joint, 0, 0] = scale[joint, 1, 1] = thick
        scale[joint, 2, 2] = 1.0 if PARENTS[joint] == 0 else shape.length[finger]
    moves = frames @ scale @ np.linalg.inv(rig.bind)
    blended = np.einsum("vj,jrc->vrc", rig.weights, moves[:, :3, :])
    posed = np.einsum("vrc,vc->vr", blended[:, :, :3], rig.vertices) + blended[:, :, 3]
    return np.asarray(posed * np.array([shape.wide, 1.0, 1.0]))
