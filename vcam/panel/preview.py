"""The newest picture for browsers: taken only while one looks, encoded on the panel's threads."""

import threading
from typing import Final

import cv2
import numpy as np

from vcam.clock import Clock
from vcam.frame import Image

RATE_HZ: Final = 12.0
WATCHED_S: Final = 2.0
"""A browser that has not asked for this long is gone, hidden, or far behind."""
WIDTH: Final = 960
"""Wider pictures are made smaller; browsers show them in a part of their window."""
QUALITY: Final = 80


class Preview:
    """An output that keeps only the newest picture, and none while nobody looks.

    `due`, `send` and `close` are the video path's and never wait; `jpeg` is for any other thread.
    """

    def __init__(self, clock: Clock, *, private: bool) -> None:
        """`private`: the mirrored picture for the person; else the one that the call sees."""
        self.private = private
        self._clock = clock
        self._asked = self._sent = float("-inf")
        self._picture: Image | None = None
        self._number = 0
        self._arrived = threading.Condition()
        self._encoding = threading.Lock()
        self._encoded: tuple[int, bytes] = (0, b"")

    def due(self) -> bool:
        """Tell whether a browser looks and it is time for another picture."""
        now = self._clock.now()
        return now - self._asked < WATCHED_S and now - self._sent >= 1 / RATE_HZ

    def send(self, image: Image, time: float) -> None:
        """Keep a copy of uint8 (H, W, 3) BGR in place of the one before."""
        height, width = image.shape[:2]
        size = (WIDTH, max(1, round(height * WIDTH / width))) if width > WIDTH else (width, height)
        copy = np.asarray(cv2.resize(image, size), np.uint8) if width > WIDTH else image.copy()
        self._sent = self._clock.now()
        with self._arrived:
            self._picture, self._number = copy, self._number + 1
            self._arrived.notify_all()

    def close(self) -> None:
        """Nothing to give back."""

    def jpeg(self, after: int, seconds: float) -> tuple[int, bytes] | None:
        """Return a picture newer than number `after` with its number, or None after `seconds`."""
        self._asked = self._clock.now()
        with self._arrived:
            self._arrived.wait_for(lambda: self._number > after, seconds)
            number, picture = self._number, self._picture
        if picture is None or number <= after:
            return None
        with self._encoding:  # two tabs share one encoding
            if self._encoded[0] != number:
                self._encoded = number, encoded(picture)
            return self._encoded


def encoded(picture: Image, quality: int = QUALITY) -> bytes:
    """Return uint8 (H, W, 3) BGR as JPEG."""
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes()
