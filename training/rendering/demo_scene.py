"""The demo's cast and light, and one finished frame of it."""

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from training.rendering.bend import Shape
from training.rendering.figure import paint_figure
from training.rendering.gltf import Floats
from training.rendering.light import Light, developed
from training.rendering.motion import Moment, cue_at, moment
from training.rendering.noise import lattice
from training.rendering.people import direction
from training.rendering.render import render
from training.rendering.rig import Rig
from training.rendering.room import HEIGHT, WIDTH, paint_room
from training.rendering.scene import Sleeve, Subject, View
from training.rendering.skin import Skin
from vcam.core.labels import Side

PX_PER_M: Final = 1180.0
"""Pixels of one metre at the hands: a person at a desk."""

LAYER_SIZE_PX: Final = (1000, HEIGHT)
EXPOSURE: Final = 1.0
SHUTTER_S: Final = 1 / 75
SHAPE: Final = Shape(np.full(5, 1.0), np.array([1.12, 1.14, 1.14, 1.13, 1.12]), 1.04)
SWEATER: Final = np.array([[0.035, 0.135, 0.145], [0.03, 0.10, 0.12]])
SLEEVE: Final = Sleeve(0.035, SWEATER, 0.0)
DAYLIGHT: Final = Light(
    direction(-0.85, 0.45),
    direction(1.25, 0.15),
    np.array([1.02, 1.04, 1.06]),
    np.array([0.42, 0.29, 0.18]),
    np.array([0.30, 0.31, 0.32]),
    0.6,
    0.95,
)
"""Window on the left, lamp on the right."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What does not change from frame to frame: the hand's rig, the skin, the finished room."""

    rig: Rig
    skin: Skin
    room: Floats


def set_stage(rig: Rig) -> Stage:
    """Return the stage; the room is sRGB 0..1, float64 (720, 1280, 3) RGB."""
    skin = Skin(2.4, 0.95, 0.65, None, lattice(11))
    room = paint_room(7)
    overlay(room, paint_figure(DAYLIGHT, skin.tone, SWEATER[0]))
    return Stage(rig, skin, developed(room, EXPOSURE))


def frame(stage: Stage, t: float) -> NDArray[np.uint8]:
    """Return the picture at time t, uint8 (720, 1280, 3) RGB."""
    image = stage.room.copy()
    sides: tuple[Side, ...] = ("left", "right")
    for side in sides:
        cue = cue_at(side, t)
        if cue is not None:
            overlay(image, hand_layer(stage, moment(cue, t), side))
    soft = cv2.GaussianBlur(image, (0, 0), 0.55)
    noise = np.random.default_rng(round(t * 1000)).standard_normal((HEIGHT // 2, WIDTH // 2, 3))
    grain = cv2.resize(noise, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.rint(np.clip(soft + 0.005 * grain, 0, 1) * 255), np.uint8)


def hand_layer(stage: Stage, now: Moment, side: Side) -> Floats:
    """Return the picture of one moving hand, float64 (720, 1280, 4), RGB times alpha, and alpha."""
    left = round(now.place[0]) - LAYER_SIZE_PX[0] // 2
    centre = now.place - (left, 0)
    view = View(now.turn, 0.75, LAYER_SIZE_PX, PX_PER_M, centre)
    subject = Subject(now.pose, now.wrist, SHAPE, stage.skin, SLEEVE)
    light = DAYLIGHT if side == "right" else flipped(DAYLIGHT)
    rgba = render(stage.rig, subject, light, view, "right").rgba / 255.0
    rgba[:, :, :3] *= rgba[:, :, 3:]
    layer = np.zeros((HEIGHT, WIDTH, 4))
    first, last = max(left, 0), min(left + LAYER_SIZE_PX[0], WIDTH)
    layer[:, first:last] = rgba[:, first - left : last - left]
    blurred = smeared(layer, now.speed * SHUTTER_S)
    return blurred if side == "right" else np.ascontiguousarray(blurred[:, ::-1])


def flipped(light: Light) -> Light:
    """Return the light of the mirrored room."""
    mirror = np.array([-1.0, 1.0, 1.0])
    return replace(light, key=light.key * mirror, fill=light.fill * mirror)


def smeared(layer: Floats, way: Floats) -> Floats:
    """Return the layer as a shutter sees it that stays open while the hand goes `way` pixels."""
    reach = int(np.ceil(np.abs(way).max() / 2))
    if reach < 1:
        return layer
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1))
    ends = [tuple(round(float(v)) for v in reach + sign * way / 2) for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0, 1)
    return np.asarray(cv2.filter2D(layer, -1, kernel / kernel.sum()))


def overlay(image: Floats, layer: Floats) -> None:
    """Lay a premultiplied layer over the picture, in place."""
    image *= 1 - layer[:, :, 3:]
    image += layer[:, :, :3]
