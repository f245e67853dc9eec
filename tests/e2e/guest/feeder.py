"""`python -m tests.e2e.guest.feeder`: plays the part of a real camera, 720p at 30 frames a second.

Shows a stretch of the demo clip forwards and backwards, each frame stamped when it is sent.
"""

import time
from itertools import count

import cv2
import numpy as np

from tests.e2e.guest.stamps import Stamp, write_stamps
from vcam.camera.open import DEMO_CLIP
from vcam.core.frame import Image
from vcam.output.open import open_output
from vcam.output.settings import OutputSettings
from vcam.system.image_files import open_film

NAME = "Fake Real Cam"
SIZE, FPS = (1280, 720), 30
FIRST, FRAMES = 24, 40
"""Which frames of the demo clip: a hand is up in all of them, away from the stamps."""


def clip() -> list[Image]:
    """Return the frames, without stamps."""
    capture = open_film(DEMO_CLIP)
    capture.set(cv2.CAP_PROP_POS_FRAMES, FIRST)
    images = [np.asarray(capture.read()[1], np.uint8) for _ in range(FRAMES)]
    capture.release()
    return images


def index_of(number: int) -> int:
    """Return which frame of the clip goes out under a number: there and back again."""
    place = number % (2 * FRAMES)
    return min(place, 2 * FRAMES - 1 - place)


def main() -> None:
    """Feed until killed."""
    images, buffer = clip(), np.empty((SIZE[1], SIZE[0], 3), np.uint8)
    output = open_output("virtual", SIZE, FPS, OutputSettings(device=NAME))
    due = time.perf_counter()
    for number in count():
        np.copyto(buffer, images[index_of(number)])
        write_stamps(buffer, Stamp(number, int(time.time() * 1000)))
        output.send(buffer, number / FPS)
        if number == 0:
            print("ready", flush=True)
        due = max(due + 1 / FPS, time.perf_counter() - 0.1)
        time.sleep(max(0.0, due - time.perf_counter()))


if __name__ == "__main__":
    main()
