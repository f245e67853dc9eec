"""A video file as a source of frames at their recorded times. Never sleeps: its reader paces."""

import logging
import math
from dataclasses import replace
from pathlib import Path

from vcam.camera.pixels import fit
from vcam.camera.video_decoder import VideoDecoder
from vcam.core.frame import Frame
from vcam.core.texts import _
from vcam.errors import CameraError
from vcam.system.pipes import is_regular

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
        self._decoder = VideoDecoder(path)
        self._given = 0
        fps = self._decoder.fps
        self.fps = fps if fps is not None and 0 < fps <= _MAX_FPS else default_fps
        self._times = RecordedTimes(self.fps)
        self._next = self._decode()
        if self._next is None:
            reason = self._decoder.why_no_frame()
            self.close()
            raise CameraError(reason)
        self.size = (self._next.image.shape[1], self._next.image.shape[0])

    def read(self) -> Frame | None:
        """Return the next frame, or None when the file has ended."""
        if self._next is None:
            return None
        frame = replace(self._next, image=fit(self._next.image, self.size))
        self._given += 1
        self._next = self._decode()
        if self._next is None:
            self._report_missing()
        return frame

    def close(self) -> None:
        """Let go of the file."""
        self._next = None
        self._decoder.close()

    def _decode(self) -> Frame | None:
        decoded = self._decoder.read()
        if decoded is None:
            return None
        image, recorded = decoded
        return Frame(image, self._times.place(recorded), self._given)

    def _report_missing(self) -> None:
        announced = self._decoder.announced
        if self._given < announced * (1 - _MISSING_SHARE):
            log.warning(
                "%s is cut off or damaged: %d of %d frames could be read.",
                self._path,
                self._given,
                announced,
            )


def open_video(path: Path, default_fps: float) -> VideoFile:
    """Open a video file. Raises `CameraError` when it is missing, empty, cut off or no video."""
    if not is_regular(path) and path.exists():  # a pipe may never end, or begin
        raise CameraError(_("{path} is a pipe or a device: name a video file.").format(path=path))
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        reason = error.strerror or error
        raise CameraError(
            _("{path} cannot be opened ({reason}): check the path.").format(
                path=path, reason=reason
            )
        ) from None
    if empty:
        raise CameraError(_("{path} is empty: copy or record it again.").format(path=path))
    return VideoFile(path, default_fps)
