"""One lit hand on nothing: pose, person, light and view in, an RGBA cutout and its truth out."""

import cv2
import numpy as np
from numpy.typing import NDArray

from training.rendering.bend import joint_frames, joint_turns, skinned
from training.rendering.gltf import Floats, Ints
from training.rendering.light import Light
from training.rendering.raster import Fragments, rasterise
from training.rendering.rig import FOREARM, HAND, SLEEVE, Rig
from training.rendering.scene import SUPERSAMPLE, Cutout, Sleeve, Subject, View
from training.rendering.surface import RenderedMesh, coloured
from vcam.core.labels import Side


def render(rig: Rig, subject: Subject, light: Light, view: View, side: Side) -> Cutout:
    """Render one hand; a left hand is the exact mirror image of the right hand."""
    frames = joint_frames(rig, joint_turns(subject.pose, subject.wrist), subject.shape)
    points = skinned(rig, frames, subject.shape) @ view.turn.T
    wide = np.array([subject.shape.wide, 1.0, 1.0])
    joints = (frames[:FOREARM, :3, 3] * wide) @ view.turn.T
    faces, part = worn_faces(rig, subject.sleeve)
    screen, joints_px, scale = projected(points, joints, view, hand_vertices(rig))
    width, height = (side_px * SUPERSAMPLE for side_px in view.size)
    fragments = rasterise(screen, faces, width, height)
    rgba = np.zeros((height * width, 4))
    if len(fragments.pixels):
        rgba[fragments.pixels, :3] = coloured(
            rig,
            subject,
            light,
            RenderedMesh(points, faces, part, fragments, (width, height), scale),
        )
    rgba[fragments.pixels, 3] = 1.0
    image = shrunk(rgba.reshape(height, width, 4))
    box = hand_box(fragments, part, width)
    return (
        Cutout(image, box, joints_px, "right")
        if side == "right"
        else mirrored(image, box, joints_px)
    )


def worn_faces(rig: Rig, sleeve: Sleeve | None) -> tuple[Ints, Ints]:
    """Return the faces to draw and their parts: the sleeve only from where it starts."""
    shown = rig.part != SLEEVE
    if sleeve is None:
        return rig.faces[shown], rig.part[shown]
    ring = int((rig.vertices[rig.cuffs[:, 0, 2], 1] >= -sleeve.start).sum())
    cuff = rig.cuffs[min(ring, len(rig.cuffs) - 1)]
    shown = shown | (rig.part == SLEEVE) & (
        rig.vertices[rig.faces, 1].max(axis=1) <= rig.vertices[cuff, 1].max() + 1e-6
    )
    faces = np.vstack([rig.faces[shown], cuff])
    return faces, np.append(rig.part[shown], np.full(len(cuff), SLEEVE))


def hand_vertices(rig: Rig) -> Ints:
    """Return the vertices of the hand proper."""
    return np.unique(rig.faces[rig.part == HAND])


def projected(
    points: Floats, joints: Floats, view: View, hand: Ints
) -> tuple[Floats, Floats, float]:
    """Return supersampled screen points (V, 3), joints (25, 2) in picture px, px a metre."""
    middle = (points[hand].min(axis=0) + points[hand].max(axis=0)) / 2
    if view.fit is None:
        middle = np.zeros(3)
    shape = perspective(points[hand] - middle, view.distance)
    low, high = shape[:, :2].min(axis=0), shape[:, :2].max(axis=0)
    scale = pixels_per_metre(view, float((high - low).max()))
    offset = (np.array(view.size) / 2 if view.centre is None else view.centre) - (
        (low + high) / 2 * scale if view.fit is not None else 0.0
    )
    screen = perspective(points - middle, view.distance) * scale
    screen[:, :2] = (screen[:, :2] + offset) * SUPERSAMPLE
    return screen, perspective(joints - middle, view.distance)[:, :2] * scale + offset, scale


def perspective(away: Floats, distance: float) -> Floats:
    """Return (N, 3): right and down in metres as at the hand's own distance, then nearness."""
    near = distance / np.maximum(distance - away[:, 2], 0.05)
    return np.column_stack([away[:, 0] * near, -away[:, 1] * near, near])


def pixels_per_metre(view: View, longest: float) -> float:
    """Return the scale that the view asks for, given the hand's longer side in metres."""
    if view.fit is None:
        return view.scale
    return view.fit * min(view.size) / longest


def shrunk(rgba: Floats) -> NDArray[np.uint8]:
    """Return uint8 (H, W, 4) with straight alpha from supersampled float RGBA 0..1."""
    rgba[:, :, :3] *= rgba[:, :, 3:]
    height, width = (side_px // SUPERSAMPLE for side_px in rgba.shape[:2])
    small: Floats = np.asarray(
        cv2.resize(rgba, (width, height), interpolation=cv2.INTER_AREA), np.float64
    )
    small[:, :, :3] /= np.maximum(small[:, :, 3:], 1e-6)
    return np.asarray(np.rint(np.clip(small, 0, 1) * 255), np.uint8)


def hand_box(fragments: Fragments, part: Ints, width: int) -> Floats:
    """Return xyxy (4,) in picture pixels around all visible pixels of the hand proper;
    zeros if none is."""
    pixels = fragments.pixels[part[fragments.faces] == HAND]
    if not len(pixels):
        return np.zeros(4)
    row, column = pixels // width, pixels % width
    box = np.array([column.min(), row.min(), column.max() + 1, row.max() + 1], float)
    return np.asarray(box / SUPERSAMPLE)


def mirrored(image: NDArray[np.uint8], box: Floats, joints: Floats) -> Cutout:
    """Return the left hand: everything flipped left to right."""
    width = image.shape[1]
    flipped = np.array([width - box[2], box[1], width - box[0], box[3]])
    return Cutout(
        np.ascontiguousarray(image[:, ::-1]), flipped, joints * (-1, 1) + (width, 0), "left"
    )
