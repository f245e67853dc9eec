"""The sheet of `models/README.md`: what counts as each gesture, and what is near it and does not.

`python -m training synthesize --definitions docs/definitions.webp` writes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from training.rendering.bend import Shape
from training.rendering.light import Light
from training.rendering.near_misses import (
    CLAWED_FINGER,
    CROSSED,
    CURVED_FINGER,
    HOOKED,
    HOOKED_TWO,
    LITTLE_ALONE,
    LOW_THREE,
    THUMB_BESIDE,
    THUMB_OUT,
)
from training.rendering.noise import lattice
from training.rendering.people import direction, turn
from training.rendering.poses import (
    FLAT_FINGERS,
    HANGING_FACINGS,
    IDLE_POSES,
    ONE_FINGER,
    OVER_MIDDLE,
    OVER_RING,
    POSES,
    SHUT_FINGERS,
    TWO_FINGERS,
    V_FINGERS,
    Facing,
    Finger,
    Thumb,
)
from training.rendering.render import render
from training.rendering.rig import Rig, load_rig
from training.rendering.scene import Sleeve, Subject, View
from training.rendering.skin import Skin
from vcam.system.image_files import write_image

HAND, MARGIN, HEAD, WIDE = 108, 16, 32, 1136
"""Pixels: a hand's side, what is left free beside a tile, its name's line, the sheet's width."""
SHORT_NAME = 10
"""Letters that fit above one hand."""
PAPER, INK, YES, NO = (252, 251, 250), (52, 44, 40), (74, 140, 46), (60, 60, 190)
"""BGR."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Shown:
    """A pose from one side: lay, yaw, pitch and roll as `poses.Facing` has them, degrees."""

    thumb: Thumb
    fingers: tuple[Finger, ...]
    lay: float = 0
    yaw: float = 0
    pitch: float = 0
    roll: float = 0


def _like(label: str, lay: float = 0, yaw: float = 0, roll: float = 0) -> Shown:
    return Shown(POSES[label].thumb, POSES[label].fingers, lay, yaw, 0, roll)


_STOP_THUMB: Final = POSES["stop"].thumb
_PALM: Final = POSES["palm"]
_L: Final = Shown(THUMB_OUT, ONE_FINGER)
_LITTLE: Final = Shown(OVER_MIDDLE, LITTLE_ALONE)
_SIDE_THUMB: Final = Shown(THUMB_OUT, SHUT_FINGERS)
_PISTOL: Final = Shown(THUMB_OUT, TWO_FINGERS, 90, 10)

EXAMPLES: Final[Mapping[str, tuple[tuple[Shown, ...], tuple[Shown, ...]]]] = {
    "call": ((_like("call", 90, 150), _like("call")), (_LITTLE, _L)),
    "dislike": ((_like("dislike", -90, -40), _like("dislike", -90, -40, 35)), (_SIDE_THUMB,)),
    "fist": (
        (_like("fist"), _like("fist", 0, 185), _like("fist", 0, 70), _like("fist", 90, 20)),
        (_like("fist", 180), Shown(IDLE_POSES[1].thumb, IDLE_POSES[1].fingers)),
    ),
    "four": ((_like("four"), _like("four", 0, 180)), (Shown(POSES["four"].thumb, FLAT_FINGERS),)),
    "like": (
        (_like("like", 90, 120), _like("like", 90, 120, 35)),
        (_SIDE_THUMB, Shown(THUMB_OUT, ONE_FINGER, 90, 10)),
    ),
    "mute": ((_like("mute", 0, 70),), ()),
    "ok": (
        (_like("ok", 0, 40),),
        (
            Shown((26, 30, 8, 22, 20), ((58, 56, 30, 0),) * 4, 0, 70),
            Shown((20, 30, 0, 12, 15), (CURVED_FINGER,) * 4, 0, 70),
        ),
    ),
    "one": (
        (_like("one"), _like("one", 0, 180)),
        (Shown(OVER_MIDDLE, ONE_FINGER, 90), _L, Shown(OVER_MIDDLE, HOOKED)),
    ),
    "palm": (
        (_like("palm"),),
        (Shown((4, 10, 0, 20, 25), (CLAWED_FINGER,) * 4), _like("palm", 90)),
    ),
    "peace": ((_like("peace"),), (Shown(OVER_RING, CROSSED), Shown(OVER_RING, HOOKED_TWO))),
    "peace_inverted": ((_like("peace", 0, 180),), (Shown(OVER_RING, V_FINGERS, 90, 180),)),
    "rock": ((_like("rock"), _like("rock", 0, 180)), (_LITTLE,)),
    "stop": ((_like("stop"),), (_like("stop", 90), Shown(_STOP_THUMB, FLAT_FINGERS, 0, 0, 70))),
    "stop_inverted": (
        (_like("stop", 0, 180),),
        (_like("stop", 90, 180), Shown(THUMB_BESIDE, ((70, 15, 8, 0),) * 4, 0, 180)),
    ),
    "three": ((_like("three"),), (Shown((22, 30, 6, 45, 40), LOW_THREE),)),
    "three2": ((_like("three2"),), (Shown(THUMB_OUT, V_FINGERS, 90), _PISTOL)),
    "two_up": ((_like("two_up"),), (Shown(THUMB_OUT, TWO_FINGERS), _like("two_up", 90))),
    "two_up_inverted": (
        (_like("two_up", 0, 180),),
        (Shown(OVER_RING, TWO_FINGERS, HANGING_FACINGS[0].lay, 180),),
    ),
}
"""By gesture: what is one, and what is none."""


def write_definitions(target: Path, hands: Path) -> None:
    """Render the sheet and write it to `target`."""
    rig = load_rig(hands)
    rows: list[list[Pixels]] = [[]]
    for label, examples in EXAMPLES.items():
        tile = _tile(rig, label, *examples)
        if sum(each.shape[1] for each in rows[-1]) + tile.shape[1] > WIDE:
            rows.append([])
        rows[-1].append(tile)
    sheet = np.vstack([_filled(np.hstack(row)) for row in rows])
    write_image(target, sheet, (cv2.IMWRITE_WEBP_QUALITY, 90))


def _filled(row: Pixels) -> Pixels:
    """Return a row of the sheet's width."""
    rest = np.full((row.shape[0], WIDE - row.shape[1], 3), PAPER, np.uint8)
    return np.hstack([row, rest])


def _tile(rig: Rig, label: str, yes: tuple[Shown, ...], no: tuple[Shown, ...]) -> Pixels:
    """Return a gesture's name above the hands that show it and those that do not."""
    all_shown = [*((shown, True) for shown in yes), *((shown, False) for shown in no)]
    wide = max(len(all_shown), 2 if len(label) > SHORT_NAME else 1) * HAND + 2 * MARGIN
    tile = np.full((HEAD + HAND + 30, wide, 3), PAPER, np.uint8)
    _write(tile, label)
    for place, (shown, right) in enumerate(all_shown):
        left = MARGIN + place * HAND
        image = hand(rig, shown)
        part = tile[HEAD : HEAD + HAND, left : left + HAND]
        _blend(part, image[..., 2::-1], image[..., 3])
        _mark(tile, (left + HAND // 2, HEAD + HAND + 9), right)
    return tile


def _blend(under: Pixels, over: NDArray[Any], mask: Pixels) -> None:
    """Lay a colour or a picture over a part of a tile, in place; mask 255 hides it."""
    alpha = mask[..., None].astype(np.float32) / 255
    under[:] = over * alpha + under * (1 - alpha)


def hand(rig: Rig, shown: Shown) -> Pixels:
    """Return one bare hand, uint8 (HAND, HAND, 4) RGBA, in the same light each time."""
    facing = Facing(1.0, shown.lay, (shown.yaw,) * 2, (shown.pitch,) * 2, (shown.roll,) * 2)
    pose = np.array([*shown.thumb, *np.ravel(shown.fingers)], float)
    shape = Shape(np.ones(5), np.full(5, 1.12), 1.03)
    sleeve = Sleeve(0.045, np.array([[0.05, 0.09, 0.16]] * 2), 0.0)
    subject = Subject(pose, np.zeros(2), shape, Skin(3.0, 0.8, 0.7, None, lattice(1)), sleeve)
    light = Light(
        direction(-0.7, 0.7),
        direction(0.9, 0.1),
        np.array([1.0, 0.97, 0.92]),
        np.array([0.30, 0.32, 0.36]),
        np.array([0.45, 0.45, 0.46]),
        0.6,
        1.0,
    )
    view = View(turn(facing, np.random.default_rng(0)), 0.8, (HAND, HAND), 0.0, None, 0.74)
    return render(rig, subject, light, view, "right").rgba


def _write(tile: Pixels, name: str) -> None:
    if hasattr(cv2, "FontFace"):  # from OpenCV 5 on
        cv2.putText(tile, name, (MARGIN, 23), INK, cv2.FontFace("sans"), 17, 650)
    else:
        cv2.putText(tile, name, (MARGIN, 23), cv2.FONT_HERSHEY_DUPLEX, 0.5, INK, 1, cv2.LINE_AA)


def _mark(tile: Pixels, middle: tuple[int, int], right: bool) -> None:
    x, y = middle
    points = [(-7, 0), (-2, 5), (7, -5)] if right else [(-5, -5), (5, 5)]
    lines = [points] if right else [points, [(-5, 5), (5, -5)]]
    for line in lines:
        way = np.array([(x + across, y + down) for across, down in line], np.int32) * 16
        cv2.polylines(tile, [way], False, YES if right else NO, 3, cv2.LINE_AA, 4)
