"""How many swipes are found in films of them, as they are and changed.

`python -m benchmarks.swipes FILM...` plays each film darker, farther, mirrored and so on, at three
rates, with the last picture held for half a second. A film's name says what is swiped in it, by
its person, in the film as it is: `up_down`, `left_right`.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from benchmarks.false_fires.programs import fires
from vcam.camera.open import open_camera
from vcam.camera.settings import CameraSettings
from vcam.core.frame import Frame, Image
from vcam.gestures.settings import GestureSettings
from vcam.vision.recognizer import open_recognizer
from vcam.vision.settings import RecognitionSettings

RATES: Final = (11, 15, 20)
"""Frames a second: how fast the hand goes, too."""
HELD: Final = 8
"""Pictures after the last one, which it is held for."""


def _dark(image: Image) -> Image:
    return np.asarray(255 * 0.7 * (image / 255.0) ** 1.6, np.uint8)


def _far(image: Image) -> Image:
    """Return the picture at three quarters of its size, with its edges mirrored around it."""
    high, wide = image.shape[:2]
    small = cv2.resize(image, (wide * 3 // 4, high * 3 // 4))
    rows, columns = high - small.shape[0], wide - small.shape[1]
    edges = (rows // 2, rows - rows // 2, columns // 2, columns - columns // 2)
    return np.asarray(cv2.copyMakeBorder(small, *edges, cv2.BORDER_REFLECT), np.uint8)


def _mirrored(image: Image) -> Image:
    return np.ascontiguousarray(image[:, ::-1])


CHANGES: Final[dict[str, Callable[[Image], Image]]] = {
    "as it is": lambda image: image,
    "mirrored": _mirrored,
    "dark": _dark,
    "large": lambda image: np.asarray(cv2.resize(image, None, fx=1.8, fy=1.8), np.uint8),
    "blurred": lambda image: np.asarray(cv2.GaussianBlur(image, (3, 3), 0), np.uint8),
    "far": _far,
    "far, mirrored": lambda image: _mirrored(_far(image)),
}


def swipes_in(film: Path) -> set[str]:
    """Return what is swiped in a film by its name."""
    words = film.stem.split("_")
    return {f"swipe_{way}" for way in ("up", "down", "left", "right") if way in words}


def main() -> None:
    """Print a line for each change and each direction, and the sum."""
    parser = argparse.ArgumentParser()
    parser.add_argument("films", nargs="+", type=Path)
    films = parser.parse_args().films
    recognizer = open_recognizer(RecognitionSettings())
    by_film = {film: list(_images(film)) for film in films}
    total = [0, 0, 0]
    ways: dict[str, Counter[str]] = {}
    for change, run in CHANGES.items():
        sums = [0, 0, 0]
        for film, rate in product(films, RATES):
            images = [run(image) for image in by_film[film]]
            frames = (Frame(image, index / rate, index) for index, image in enumerate(images))
            events, _ = fires(recognizer, GestureSettings(), frames)
            found = [event.gesture for event in events if event.gesture.startswith("swipe_")]
            wanted = swipes_in(film)
            right = len(wanted & set(found))
            for way in wanted | set(found):
                tally = ways.setdefault(way, Counter())
                tally["wanted"] += way in wanted
                tally["found"] += way in wanted and way in found
                tally["wrong"] += found.count(way) - (way in wanted and way in found)
            sums = [sums[0] + right, sums[1] + len(wanted), sums[2] + len(found) - right]
        print(f"{change}: {sums[0]} of {sums[1]} found, {sums[2]} wrong", flush=True)
        total = [a + b for a, b in zip(total, sums, strict=True)]
    for way, tally in sorted(ways.items()):
        print(f"{way}: {tally['found']} of {tally['wanted']} found, {tally['wrong']} wrong")
    print(f"all: {total[0]} of {total[1]} found, {total[2]} wrong")


def _images(film: Path) -> Iterator[Image]:
    camera = open_camera(str(film), CameraSettings())
    image: Image | None = None
    while (frame := camera.read()) is not None:
        image = frame.image
        yield image
    camera.close()
    for _ in range(HELD if image is not None else 0):
        assert image is not None
        yield image


if __name__ == "__main__":
    main()
