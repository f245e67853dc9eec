"""The newest picture for browsers: taken only while one looks, drawn on the panel's threads."""

import threading
from typing import Final

import cv2
import numpy as np

from vcam.core.frame import Image
from vcam.core.view import View
from vcam.overlay.composer import Composer, Sketch
from vcam.overlay.settings import OverlaySettings
from vcam.system.clock import Clock

RATE_HZ: Final = 20.0
EARLY_S: Final = 0.001
"""A frame of a camera with just this rate may come so much too early."""
WATCHED_S: Final = 2.0
"""A browser that has not asked for this long is gone, hidden, or far behind."""
WIDTH: Final = 768
"""Wider pictures are made smaller; browsers show them in a part of their window."""
QUALITY: Final = 76


class Preview:
    """An output that keeps only the newest picture, and none while nobody looks.

    `due` and `offer` are the video path's and never wait; `jpeg` is for any other thread.
    """

    def __init__(self, clock: Clock, *, private: bool) -> None:
        """`private`: the mirrored picture for the person; else the one that the call sees."""
        self.name, self.private = "panel", private
        self._clock = clock
        self._asked = self._next = float("-inf")
        self._sketch: Sketch | None = None
        self._number = 0
        self._arrived = threading.Condition()
        self._drawing = threading.Lock()
        self._composer = Composer(OverlaySettings(), private=private)
        self._encoded: tuple[int, bytes] = (0, b"")

    def due(self) -> bool:
        """Tell whether a browser looks and it is time for another picture."""
        now = self._clock.now()
        return now - self._asked < WATCHED_S and now >= self._next - EARLY_S

    def offer(self, sketch: Sketch) -> None:
        """Keep the sketch in place of the one before; nothing is drawn or copied here.

        What came late does not put off the next one: of 30 frames a second 20 are taken, not 15.
        """
        now, planned = self._clock.now(), self._next + 1 / RATE_HZ
        self._next = planned if now < planned + 0.5 / RATE_HZ else now + 1 / RATE_HZ
        with self._arrived:
            self._sketch, self._number = sketch, self._number + 1
            self._arrived.notify_all()

    def send(self, image: Image, time: float) -> None:
        """Take a finished picture, uint8 (H, W, 3) BGR."""
        self.offer(Sketch(image.copy(), View(), time, OverlaySettings(), finished=True))

    def close(self) -> None:
        """Nothing to give back."""

    def jpeg(self, after: int, seconds: float) -> tuple[int, bytes] | None:
        """Return a picture newer than number `after` with its number, or None after `seconds`."""
        self._asked = self._clock.now()
        with self._arrived:
            self._arrived.wait_for(lambda: self._number > after, seconds)
            number, sketch = self._number, self._sketch
        if sketch is None or number <= after:
            return None
        with self._drawing:  # two tabs share one drawing
            if self._encoded[0] < number:
                self._encoded = number, encoded(narrowed(self._composer.compose(sketch)))
            return self._encoded


def narrowed(image: Image) -> Image:
    """Return uint8 (H, W, 3) no wider than `WIDTH`."""
    height, width = image.shape[:2]
    if width <= WIDTH:
        return image
    return np.asarray(cv2.resize(image, (WIDTH, max(1, height * WIDTH // width))), np.uint8)


def encoded(image: Image, quality: int = QUALITY) -> bytes:
    """Return uint8 (H, W, 3) BGR as JPEG."""
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes()
