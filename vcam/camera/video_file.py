"""A video file as a source of frames at their recorded times. Never sleeps: its reader paces."""

import logging
import math
from pathlib import Path

import cv2

from vcam.camera.pixels import fit, to_bgr
from vcam.core.frame import Frame, Image
from vcam.errors import CameraError
from vcam.system.image_files import open_film

log = logging.getLogger(__name__)

_MAX_FPS = 240.0
"""Above this, a container states its time base and not a rate."""
_MAX_GAP = 10.0
"""Seconds between two frames beyond which a file's times are broken, not slow."""
_MISSING_SHARE = 0.05
"""A file that gives so much less than it announces is worth a word."""


class RecordedTimes:
    """Makes a file's times rise: where they are missing, repeat or jump, 1/fps follows."""

    def __init__(self, fps: float) -> None:
        self._step = 1.0 / fps
        self._shift = 0.0
        self._last: float | None = None

    def place(self, recorded: float) -> float:
        """Return the time in seconds for the next frame, which the file says is at `recorded`."""
        if not math.isfinite(recorded):
            recorded = 0.0
        if self._last is None:
            self._last = max(0.0, recorded) if recorded < _MAX_GAP else 0.0
            self._shift = self._last - recorded
            return self._last
        time = recorded + self._shift
        if not self._last < time <= self._last + _MAX_GAP:
            time = self._last + self._step
            self._shift = time - recorded
        self._last = time
        return time


class VideoFile:
    """A video or animated picture: mp4, mkv, webm, avi, mov, gif.

    Every frame has the size of the first. A file that was cut off gives its good frames and ends.
    """

    live = False

    def __init__(self, path: Path, default_fps: float) -> None:
        """Raise `CameraError` when the file gives no frame; `default_fps` if it names no rate."""
        self._path = path
        self._capture = open_film(path)
        self._given = 0
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps = fps if 0 < fps <= _MAX_FPS else default_fps
        self._times = RecordedTimes(self.fps)
        self._next = self._decode()
        if self._next is None:
            self.close()
            raise CameraError(_why_unreadable(path))
        self.size = (self._next.shape[1], self._next.shape[0])
        self._next_time = self._recorded()

    def _decode(self) -> Image | None:
        try:
            ok, pixels = self._capture.read()
            return to_bgr(pixels) if ok else None
        except (cv2.error, ValueError) as error:
            log.warning("%s breaks off: %s", self._path, error)
            return None

    def _recorded(self) -> float:
        return self._times.place(self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0)

    def read(self) -> Frame | None:
        """Return the next frame, or None when the file has ended."""
        if self._next is None:
            return None
        frame = Frame(fit(self._next, self.size), self._next_time, self._given)
        self._given += 1
        self._next = self._decode()
        if self._next is None:
            self._report_missing()
        else:
            self._next_time = self._recorded()
        return frame

    def _report_missing(self) -> None:
        announced = self._capture.get(cv2.CAP_PROP_FRAME_COUNT)
        if self._given < announced * (1 - _MISSING_SHARE):
            log.warning(
                "%s is cut off or damaged: %d of %d frames could be read.",
                self._path,
                self._given,
                announced,
            )

    def close(self) -> None:
        """Let go of the file."""
        self._next = None
        self._capture.release()


def open_video(path: Path, default_fps: float) -> VideoFile:
    """Open a video file. Raises `CameraError` when it is missing, empty, cut off or no video."""
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        reason = error.strerror or error
        raise CameraError(f"{path} cannot be opened ({reason}): check the path.") from None
    if empty:
        raise CameraError(f"{path} is empty: copy or record it again.")
    return VideoFile(path, default_fps)


def _why_unreadable(path: Path) -> str:
    """Tell a recording without its index, which a killed recorder leaves, from a foreign file."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head[4:8] == b"ftyp":
        return f"{path} is cut off: its index is missing, so copy or record it again."
    return f"{path} holds no video that can be read: use mp4, mkv, webm, avi, mov or gif."
