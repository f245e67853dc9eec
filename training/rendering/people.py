"""Draw a random person, pose, light and view from one generator: the variety of the data set."""

from dataclasses import replace
from typing import Final

import numpy as np

from training.rendering.bend import Shape, rotation
from training.rendering.gltf import Floats
from training.rendering.light import Light
from training.rendering.near_misses import near_miss
from training.rendering.noise import lattice
from training.rendering.poses import FIST_THUMBS, IDLE_POSES, POSES, Facing, Gesture
from training.rendering.scene import Sleeve, Subject, View
from training.rendering.skin import Skin
from vcam.core.labels import NO_GESTURE

WARM_LIGHT: Final = np.array([1.18, 1.0, 0.74])
COOL_LIGHT: Final = np.array([0.88, 1.0, 1.16])
IDLE_SHARE: Final = 0.3
"""Part of no_gesture that idle hands make up; the rest are poses that are none of the 18."""
FILL_OF_IMAGE: Final = (0.55, 0.72)
"""How much of the picture the hand's longer side takes."""


def gesture_of(label: str, rng: np.random.Generator) -> Gesture:
    """Return the pose of a label; no_gesture gives one of many, and fists have several thumbs."""
    if label == NO_GESTURE:
        idle = rng.random() < IDLE_SHARE
        return IDLE_POSES[rng.integers(len(IDLE_POSES))] if idle else near_miss(rng)
    if label == "fist":
        return replace(POSES[label], thumb=FIST_THUMBS[rng.integers(len(FIST_THUMBS))])
    return POSES[label]


def natural(pose: Floats, rng: np.random.Generator, loose: float = 1.0) -> Floats:
    """Return the pose as a person would hold it: fingers of one hand stray together, then apart."""
    strayed = pose.copy()
    strayed[:5] += rng.normal(0, 4.0 * loose, 5)
    fingers = strayed[5:].reshape(4, 4)
    bent = fingers[:, :3] > 30
    together = rng.normal(0, 4.0 * loose) * np.array([1.0, 1.2, 0.6])
    stray = together + rng.normal(0, [3.5 * loose, 4.0 * loose, 2.5 * loose], (4, 3))
    fingers[:, :3] += np.where(bent, stray * 0.9, stray * 0.8)
    fingers[:, :3] = np.maximum(fingers[:, :3], [-14, -4, -6])
    fingers[:, 3] += rng.normal(0, 1.3 * loose, 4)
    return strayed


def subject(label: str, rng: np.random.Generator) -> tuple[Subject, Gesture]:
    """Return a random person showing `label`, and the gesture that was meant."""
    gesture = gesture_of(label, rng)
    loose = 1.6 if label == NO_GESTURE else 1.0
    wrist = np.clip(rng.normal(0, [12, 8]), [-30, -20], [30, 20])
    worn = sleeve(rng) if rng.random() < 0.65 else None
    return Subject(
        natural(gesture.angles(), rng, loose), wrist, shape(rng), skin(rng), worn
    ), gesture


def shape(rng: np.random.Generator) -> Shape:
    """Return a random hand's proportions."""
    thick = rng.normal(1.12, 0.07) * rng.normal(1, 0.02, 5)
    return Shape(rng.normal(1, 0.04) * rng.normal(1, 0.02, 5), thick, float(rng.normal(1.03, 0.05)))


def skin(rng: np.random.Generator) -> Skin:
    """Return a random skin, all tones alike likely."""
    polish = None
    if rng.random() < 0.12:
        polish = rng.uniform(0.02, 0.8, 3) * np.array([1.0, 0.5, 0.6])
    grid = lattice(int(rng.integers(2**31)))
    return Skin(rng.uniform(0, 8), rng.uniform(0.4, 1.5), rng.uniform(0.4, 1.1), polish, grid)


def sleeve(rng: np.random.Generator) -> Sleeve:
    """Return a random sleeve: often dark, grey or blue, sometimes anything."""
    base = rng.uniform(0.01, 0.6) * (1 + rng.normal(0, 0.25, (2, 3)))
    if rng.random() < 0.4:
        base = rng.uniform(0.01, 0.7, (2, 3))
    stripe = rng.uniform(0.006, 0.03) if rng.random() < 0.25 else 0.0
    return Sleeve(rng.uniform(0.01, 0.10), np.clip(base, 0.01, 0.85), stripe)


def light(rng: np.random.Generator) -> Light:
    """Return the light of a random room: window, lamp, screen, overcast, dusk."""
    around, height = rng.uniform(-1.9, 1.9), rng.uniform(-0.1, 1.2)
    key = direction(around, height)
    fill = direction(-np.sign(around) * rng.uniform(0.3, 1.6), rng.uniform(-0.4, 0.5))
    warmth = rng.uniform(0, 1)
    tint = WARM_LIGHT * warmth + COOL_LIGHT * (1 - warmth)
    other = WARM_LIGHT * (1 - warmth) + COOL_LIGHT * warmth
    strength, soft = rng.uniform(0.5, 1.5), rng.uniform(0.12, 0.7)
    return Light(
        key,
        fill,
        tint * strength,
        other * rng.uniform(0.1, 0.5),
        (0.6 * tint + 0.4 * other) * soft,
        rng.uniform(0.3, 0.95),
        rng.uniform(0.75, 1.5),
    )


def direction(around: float, height: float) -> Floats:
    """Return a unit vector: `around` radians from the camera to the right, `height` radians up."""
    flat = np.cos(height)
    return np.array([np.sin(around) * flat, np.sin(height), np.cos(around) * flat])


def turn(facing: Facing, rng: np.random.Generator) -> Floats:
    """Return a random rotation (3, 3) of a facing."""
    yaw, pitch, roll = (rng.uniform(*span) for span in (facing.yaw, facing.pitch, facing.roll))
    steps = rotation(2, roll) @ rotation(0, pitch) @ rotation(1, yaw) @ rotation(2, facing.lay)
    return np.asarray(steps[:3, :3])


def facing_of(gesture: Gesture, rng: np.random.Generator) -> Facing:
    """Return one of a gesture's facings by their shares."""
    shares = np.array([facing.share for facing in gesture.facings])
    return gesture.facings[rng.choice(len(shares), p=shares / shares.sum())]


def view(gesture: Gesture, size: int, rng: np.random.Generator) -> View:
    """Return a random camera for a square picture of `size` pixels."""
    chosen = turn(facing_of(gesture, rng), rng)
    centre = size / 2 + rng.uniform(-0.04, 0.04, 2) * size
    fit = rng.uniform(*FILL_OF_IMAGE)
    return View(chosen, rng.uniform(0.45, 1.2), (size, size), 0.0, centre, fit)
