"""Draw the control panel's picture of each gesture: the hand as a person sees it in a mirror.

`python docs/make_gesture_pictures.py vcam/panel/pictures` needs the `training` extra. The hand is
the one that `python -m training synthesize` renders; it is fetched once, and only pictures of it
are kept.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from training.rendering.assets import hand_file
from training.rendering.bend import rotation
from training.rendering.demo_scene import DAYLIGHT, SHAPE, SLEEVE
from training.rendering.noise import lattice
from training.rendering.poses import POSES, Facing
from training.rendering.render import render
from training.rendering.rig import Rig, load_rig
from training.rendering.scene import Subject, View
from training.rendering.skin import Skin
from vcam.core.labels import GESTURES
from vcam.system.image_files import write_image

SIDE = 176
SWIPES = {"swipe_left": 180, "swipe_right": 0, "swipe_up": 270, "swipe_down": 90}
"""The arrow's direction in degrees, clockwise from the right."""
ARROW_BGR = (160, 120, 20)


def straight_on(facing: Facing) -> npt.NDArray[np.float64]:
    """Return the rotation (3, 3) in the middle of a facing's ranges."""
    yaw, pitch, roll = ((low + high) / 2 for low, high in (facing.yaw, facing.pitch, facing.roll))
    turns = rotation(2, roll) @ rotation(0, pitch) @ rotation(1, yaw) @ rotation(2, facing.lay)
    return np.asarray(turns[:3, :3])


def hand(rig: Rig, gesture: str) -> npt.NDArray[np.uint8]:
    """Return a right hand as its owner sees it in a mirror, uint8 (SIDE, SIDE, 4) RGBA."""
    shown = POSES[gesture]
    skin = Skin(2.4, 0.95, 0.65, None, lattice(11))
    person = Subject(shown.angles(), np.zeros(2), SHAPE, skin, SLEEVE)
    view = View(straight_on(shown.facings[0]), 0.8, (SIDE, SIDE), 0.0, None, 0.8)
    return render(rig, person, DAYLIGHT, view, "left").rgba


def with_arrow(image: npt.NDArray[np.uint8], degrees: int) -> npt.NDArray[np.uint8]:
    """Return the picture, uint8 BGRA, with an arrow across its lower part."""
    drawn = image.copy()
    along = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    middle, half = np.array([SIDE * 0.5, SIDE * 0.56]), SIDE * 0.36
    start, end = (tuple(np.rint(middle + way * half * along).astype(int)) for way in (-1, 1))
    for colour, width in (((255, 255, 255, 255), 17), ((*ARROW_BGR, 255), 9)):
        cv2.arrowedLine(drawn, start, end, colour, width, cv2.LINE_AA, tipLength=0.32)
    return drawn


def main(folder: Path) -> None:
    """Write one WebP with transparency for each gesture that can be bound."""
    rig = load_rig(hand_file(None))
    folder.mkdir(parents=True, exist_ok=True)
    for gesture in (*GESTURES, *SWIPES):
        shown = hand(rig, gesture if gesture in POSES else "stop")
        image = np.asarray(cv2.cvtColor(shown, cv2.COLOR_RGBA2BGRA), np.uint8)
        if gesture in SWIPES:
            image = with_arrow(image, SWIPES[gesture])
        write_image(folder / f"{gesture}.webp", image, [cv2.IMWRITE_WEBP_QUALITY, 82])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
