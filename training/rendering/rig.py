"""The hand that poses bend: hand frame, finer surface, a forearm that continues from the wrist.

Hand frame of a right hand, origin at the wrist joint, metres: x to the thumb, y to the fingertips,
z out of the palm. Joint axes: -z along the bone, y out of the back of the hand.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from training.rendering.gltf import Floats, Ints, SkinnedMesh, read_glb
from training.rendering.subdivide import edges_of, subdivide

FINGERS: Final = ("thumb", "index-finger", "middle-finger", "ring-finger", "pinky-finger")
THUMB_BONES: Final = ("metacarpal", "phalanx-proximal", "phalanx-distal", "tip")
FINGER_BONES: Final = (
    "metacarpal",
    "phalanx-proximal",
    "phalanx-intermediate",
    "phalanx-distal",
    "tip",
)
JOINTS: Final = (
    "wrist",
    *(
        f"{finger}-{bone}"
        for finger in FINGERS
        for bone in (THUMB_BONES if finger == "thumb" else FINGER_BONES)
    ),
)
FOREARM: Final = len(JOINTS)
"""Index of our own extra joint, at the wrist, that carries the forearm."""

FINGER_OF_JOINT: Final = np.array([-1, *[0] * 4, *[1] * 5, *[2] * 5, *[3] * 5, *[4] * 5, -1])
PARENTS: Final = np.array(
    [-1, *(0 if j in (1, 5, 10, 15, 20) else j - 1 for j in range(1, FOREARM)), 0]
)
HAND, ARM, SLEEVE = 0, 1, 2
"""What a face belongs to."""

TO_HAND: Final = np.array([[0.0, 0.0, -1.0], [0.0, -1.0, 0.0], [-1.0, 0.0, 0.0]])
CUT_Y: Final = 0.0
ARM_LENGTH: Final = 0.45


@dataclass(frozen=True, slots=True)
class Rig:
    """A hand with forearm at rest.

    Attributes:
        vertices: float64 (V, 3), hand frame.
        faces: int64 (F, 3).
        part: int64 (F,), HAND, ARM or SLEEVE.
        cuffs: int64 (R, K, 3), faces that close the gap between arm and sleeve at each ring.
        weights: float64 (V, 26), to JOINTS and the forearm.
        bind: float64 (26, 4, 4), joint to hand frame.
        normals: float64 (V, 3), outward.
    """

    vertices: Floats
    faces: Ints
    part: Ints
    cuffs: Ints
    weights: Floats
    bind: Floats
    normals: Floats


def load_rig(path: Path) -> Rig:
    """Build the rig from `right.glb`."""
    mesh = read_glb(path)
    bind = hand_frames(mesh)
    order = [mesh.joint_names.index(name) for name in JOINTS]
    points = (mesh.vertices - wrist_of(mesh)) @ TO_HAND.T
    values = np.hstack([points, mesh.weights[:, order]])
    values, faces = subdivide(values, mesh.faces)
    values, faces = cut_wrist(values, faces)
    return with_forearm(values, faces, bind)


def wrist_of(mesh: SkinnedMesh) -> Floats:
    """Return the wrist joint in mesh coordinates, (3,)."""
    return np.asarray(mesh.bind[mesh.joint_names.index("wrist"), :3, 3])


def hand_frames(mesh: SkinnedMesh) -> Floats:
    """Return bind matrices (26, 4, 4) in the hand frame; the last is the forearm's."""
    frames = np.tile(np.eye(4), (len(JOINTS) + 1, 1, 1))
    for index, name in enumerate(JOINTS):
        source = mesh.bind[mesh.joint_names.index(name)]
        axes = TO_HAND @ source[:3, :3]
        frames[index, :3, :3] = axes / np.linalg.norm(axes, axis=0)
        frames[index, :3, 3] = TO_HAND @ (source[:3, 3] - wrist_of(mesh))
    frames[FOREARM] = frames[0]
    return frames


def cut_wrist(values: Floats, faces: Ints) -> tuple[Floats, Ints]:
    """Take the closed end off behind the wrist, and drop vertices that no face uses."""
    kept = faces[(values[faces, 1] > CUT_Y).all(axis=1)]
    used, inverse = np.unique(kept, return_inverse=True)
    return values[used], inverse.reshape(-1, 3)


def open_loop(faces: Ints) -> Ints:
    """Return the vertices of the one open boundary, in order along the faces' own direction."""
    edges, side, counts = edges_of(faces)
    del edges
    open_side = counts[side] == 1
    start, end = faces[open_side], np.roll(faces, -1, axis=1)[open_side]
    follow = dict(zip(start.tolist(), end.tolist(), strict=True))
    loop = [int(start[0])]
    while follow[loop[-1]] != loop[0]:
        loop.append(follow[loop[-1]])
    return np.array(loop)


def with_forearm(values: Floats, faces: Ints, bind: Floats) -> Rig:
    """Grow a forearm out of the open wrist and a (hidden until asked for) sleeve around it."""
    loop = open_loop(faces)
    rim = values[loop, :3]
    rings, radial = arm_rings(rim)
    arm = tube(len(values), loop, len(rings))
    sleeve_rings = rings + radial * (0.006 + 0.02 * np.linspace(0, 1, len(rings)))[:, None, None]
    first = len(values) + rings.shape[0] * rings.shape[1]
    sleeve = tube(first, np.arange(first, first + len(loop)), len(rings) - 1, skip=True)
    cuffs = cuff_faces(len(values), first, len(rings), len(loop))
    points = np.vstack([values[:, :3], rings.reshape(-1, 3), sleeve_rings.reshape(-1, 3)])
    weights = np.zeros((len(points), FOREARM + 1))
    weights[: len(values), :FOREARM] = values[:, 3:] / values[:, 3:].sum(axis=1, keepdims=True)
    weights[len(values) :, 0] = 1.0
    weights = forearm_weights(points[:, 1], weights)
    part = np.repeat([HAND, ARM, SLEEVE], [len(faces), len(arm), len(sleeve)])
    everything = np.vstack([faces, arm, sleeve])
    return Rig(points, everything, part, cuffs, weights, bind, vertex_normals(points, everything))


def arm_rings(rim: Floats) -> tuple[Floats, Floats]:
    """Return ring points (R, N, 3) from the wrist to the elbow and unit radial directions."""
    along = np.concatenate([np.linspace(0.004, 0.03, 6), np.linspace(0.04, ARM_LENGTH, 22)])
    middle = rim.mean(axis=0)
    out = rim - middle
    out[:, 1] = 0.0
    radius = np.linalg.norm(out, axis=1, keepdims=True)
    unit = out / radius
    mean = radius.mean()
    rings = []
    for far in along:
        t = np.clip(far / 0.2, 0, 1)
        smooth = t * t * (3 - 2 * t)
        wide = (radius * (1 - 0.6 * smooth) + 0.6 * smooth * mean) * (1.0 + 0.42 * smooth)
        ring = middle + unit * wide
        ring[:, 1] = (
            np.interp(far, [0, 0.012], [0, 1]) * middle[1]
            + (1 - np.interp(far, [0, 0.012], [0, 1])) * rim[:, 1]
        )
        ring[:, 1] -= far
        rings.append(ring)
    stacked = np.array(rings)
    return stacked, np.broadcast_to(unit, stacked.shape)


def tube(first: int, start: Ints, rings: int, skip: bool = False) -> Ints:
    """Return faces that join the loop `start` to `rings` rings of vertices from `first` on."""
    count = len(start)
    base = first + (count if skip else 0)
    rows = np.vstack([start, base + np.arange(rings * count).reshape(rings, count)])
    near, far = rows[:-1], rows[1:]
    near_next, far_next = np.roll(near, -1, axis=1), np.roll(far, -1, axis=1)
    one = np.stack([near_next, near, far], axis=-1).reshape(-1, 3)
    two = np.stack([near_next, far, far_next], axis=-1).reshape(-1, 3)
    return np.vstack([one, two])


def cuff_faces(arm: int, sleeve: int, rings: int, count: int) -> Ints:
    """Return faces (R, 2 * count, 3) from each arm ring to the sleeve ring around it."""
    return np.array(
        [
            tube(sleeve + ring * count, arm + ring * count + np.arange(count), 1)
            for ring in range(rings)
        ]
    )


def forearm_weights(y: Floats, weights: Floats) -> Floats:
    """Hand the part behind the wrist over to the forearm joint, softly."""
    t = np.clip((0.016 - y) / 0.045, 0, 1)
    share = (t * t * (3 - 2 * t))[:, None]
    mixed = weights * (1 - share)
    mixed[:, FOREARM] += share[:, 0]
    return mixed


def vertex_normals(points: Floats, faces: Ints) -> Floats:
    """Return outward unit normals (V, 3), weighted by the area of the faces around."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    flat = faces.ravel()
    total = np.stack(
        [np.bincount(flat, np.repeat(normal[:, k], 3), len(points)) for k in range(3)], axis=1
    )
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12))
