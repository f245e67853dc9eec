"""Frames of a film that are far enough apart to teach something new."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import cv2
import numpy as np

from training.errors import TrainingError
from vcam.core.frame import Image
from vcam.system.image_files import open_film

USUAL_RATE_HZ = 25
"""Where a film does not say how many frames a second it has."""


def film_frames(clip: Path, step_s: float) -> Iterator[tuple[int, Image]]:
    """Yield frames, uint8 (H, W, 3) BGR, `step_s` seconds apart, with their numbers in the film.

    Raises `TrainingError` when the file is no film that can be read.
    """
    film = open_film(clip)
    if not film.isOpened():
        raise TrainingError(f"{clip} is no film that can be read: leave it out of --clips.")
    step = max(1, round(step_s * (film.get(cv2.CAP_PROP_FPS) or USUAL_RATE_HZ)))
    try:
        for number in count():
            whole, image = film.read()
            if not whole:
                return
            if number % step == 0:
                yield number, image.astype(np.uint8, copy=False)
    finally:
        film.release()
