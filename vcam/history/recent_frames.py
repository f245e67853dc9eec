"""The last seconds before the camera, for a person who says that a gesture was missed.

Only if they asked for it (`[gestures] remember_missed = true`), small and in memory: nothing is on
disk before they say which gesture they showed. Then the pictures are written, readable by them
alone, as `<gesture>/<number>/<place>.jpg`: a folder for each time, the newest `MAX_TIMES` of them,
which `python -m training improve` learns from. Works on a thread of its own, and looks at what
recognition looked at, so that neither path waits for it.
"""

import contextlib
import logging
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from vcam.core.frame import Image
from vcam.core.gesture_names import gesture_named, gesture_title
from vcam.core.labels import NO_GESTURE
from vcam.core.texts import _
from vcam.errors import ConfigError, OutputError
from vcam.history.missed_request import answer, take_request
from vcam.system.atomic_write import write_private

log = logging.getLogger(__name__)

KEPT_S: Final = 3.0
"""How far back the memory goes."""
STEP_S: Final = 0.2
"""Time between two pictures: nearer ones teach the same."""
MAX_SIDE_PX: Final = 640
"""Longest side of a picture in memory."""
QUALITY: Final = [cv2.IMWRITE_JPEG_QUALITY, 88]
MAX_TIMES: Final = 100
"""Missed gestures that are kept on disk; the oldest go first."""


class RecentFrames:
    """Remembers the last seconds while it is switched on, and writes them when asked."""

    def __init__(
        self,
        folder: Path | None,
        newest_image: Callable[[], Image | None],
        known: Callable[[], Collection[str]],
    ) -> None:
        """`newest_image` gives what recognition looked at last, uint8 (H, W, 3) BGR.

        `known` gives the names that the classifier can say. Without a folder nothing is written.
        """
        self._folder, self._newest_image, self._known = folder, newest_image, known
        self._ring: deque[tuple[float, bytes]] = deque()
        self._last: Image | None = None
        self._lock = threading.Lock()
        self._off = threading.Event()
        self._thread: threading.Thread | None = None

    def apply_settings(self, *, remember: bool) -> None:
        """Begin or stop to remember; what was remembered is forgotten with it."""
        if remember and self._thread is None:
            self._off = threading.Event()
            self._thread = threading.Thread(
                target=self._work, args=(self._off,), name="recent frames", daemon=True
            )
            self._thread.start()
        elif not remember:
            self.close()

    def close(self) -> None:
        """Stop and forget; may be called more than once."""
        thread, self._thread = self._thread, None
        self._off.set()
        if thread is not None:
            thread.join(0.5)
        with self._lock:
            self._ring = deque()
            self._last = None

    def sample(self, now: float) -> None:
        """Take in what recognition looked at last, if it is new; forget what is too old.

        `now` is in seconds of the performance counter.
        """
        ring, image = self._ring, self._newest_image()
        jpeg = None
        if image is not None and image is not self._last:
            jpeg = _jpeg(image)
        with self._lock:
            if ring is not self._ring:  # it was all forgotten meanwhile
                return
            self._last = image
            if jpeg is not None:
                self._ring.append((now, jpeg))
            while self._ring and self._ring[0][0] < now - KEPT_S:
                self._ring.popleft()

    def keep(self, gesture: str) -> str:
        """Write the last seconds as pictures of a gesture; return a sentence that says where.

        Raises `ConfigError` when the gesture is none or nothing is remembered, `OutputError` when
        the pictures cannot be written.
        """
        name = gesture_named(gesture)
        if name == NO_GESTURE or name not in self._known():
            raise ConfigError(
                _(
                    "{gesture!r} is no gesture that the classifier knows: choose one of {known}."
                ).format(
                    gesture=gesture, known=", ".join(sorted(set(self._known()) - {NO_GESTURE}))
                )
            )
        if self._thread is None:
            raise ConfigError(
                _(
                    "The last seconds are not remembered: write remember_missed = true below "
                    "[gestures], and show the gesture again."
                )
            )
        with self._lock:
            images = [jpeg for _, jpeg in self._ring]
        if not images or self._folder is None:
            raise ConfigError(
                _(
                    "There is no picture of the last three seconds: show the gesture again while "
                    "the camera is on."
                )
            )
        place = write_missed(self._folder, name, images)
        return (
            f"{len(images)} pictures of the last seconds are kept as {gesture_title(name)} in "
            f"{place}: python -m training improve learns from them."
        )

    def _work(self, off: threading.Event) -> None:
        while not off.wait(STEP_S):
            try:
                self.sample(time.perf_counter())
                if self._folder is not None and (asked := take_request(self._folder)):
                    answer(self._folder, asked, self.keep)
            except Exception:  # the call continues whatever happens here
                log.exception("the last seconds are not remembered")
                off.wait(1.0)


def write_missed(folder: Path, gesture: str, images: list[bytes]) -> Path:
    """Write the pictures of one missed gesture, the oldest first, and return their folder.

    The oldest of more than `MAX_TIMES` goes. Raises `OutputError`.
    """
    place = folder / gesture / str(round(time.time() * 1000))
    try:
        for each in (folder, place.parent, place):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number, jpeg in enumerate(images):
            write_private(place / f"{number:02}.jpg", jpeg)
    except OSError as error:
        with contextlib.suppress(OSError):
            shutil.rmtree(place)
        raise OutputError(
            _(
                "The pictures cannot be kept in {folder} ({reason}): see the folder's "
                "rights, or make room."
            ).format(folder=folder, reason=error.strerror)
        ) from None
    for old in times(folder)[:-MAX_TIMES]:
        shutil.rmtree(old, ignore_errors=True)
    return place


def times(folder: Path) -> list[Path]:
    """Return the folders of missed gestures, the oldest first."""
    found = [path for path in folder.glob("*/*") if path.name.isdecimal() and path.is_dir()]
    return sorted(found, key=lambda path: int(path.name))


def _jpeg(image: np.ndarray[Any, Any]) -> bytes:
    """Pack a picture, small: shrunk by a whole number, which OpenCV does quickest."""
    high, wide = image.shape[:2]
    by = -(-max(high, wide) // MAX_SIDE_PX)
    if by > 1:
        size = (max(1, wide // by), max(1, high // by))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", image, QUALITY)[1].tobytes()
