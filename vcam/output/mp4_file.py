"""An .mp4 file that plays in the source's own time, and is whole or absent, never half."""

import contextlib
import itertools
import logging
import os
import shutil
import sys
from pathlib import Path

from vcam.core.frame import Image
from vcam.core.texts import _
from vcam.errors import OutputError
from vcam.output.padding import even_size, pad_to_even
from vcam.output.video_encoder import VideoEncoder, plays
from vcam.system.atomic_write import shortened

log = logging.getLogger(__name__)

_STEM_BYTES = 200
"""Of a name, which may have 255 bytes, as many as the name of a growing file repeats."""
_MIN_FPS, _MAX_FPS = 1.0, 120.0
_MAX_GAP = 10.0
"""Seconds without a picture that are filled with the last one; a longer pause is cut out."""
_RESERVE_BYTES = 32 << 20
"""Free space at which we stop while the file can still be finished."""


class Mp4File:
    """Writes H.264 at a constant rate; a picture is repeated or left out to keep the time right.

    It grows under another name beside `path` and takes its place on `close`: whatever ends a run,
    an older file is never lost, and neither is one that another program writes there meanwhile.
    What a killed program leaves under the other name plays, but for its last two seconds. A link
    stays a link. Without a single picture nothing is written. Odd sizes get one more column or row.
    """

    private = False

    @property
    def name(self) -> str:
        """The path as it was asked for."""
        return str(self._path)

    def __init__(self, path: Path, size: tuple[int, int], fps: float) -> None:
        """Raise `OutputError` when `path` cannot be written."""
        self._path = _target(path)
        self._fps = min(max(fps, _MIN_FPS), _MAX_FPS)
        self._partial = _partial_name(self._path)
        _check_writable(self._path, self._partial)
        self._before = _version(self._path)
        self._encoder = _open_encoder(self._partial, even_size(size), self._fps)
        self._open = True
        self._start: float | None = None
        self._written = 0
        self._last: Image | None = None

    def send(self, image: Image, time: float) -> None:
        """Write `image` at its place in time. Raises `OutputError` when the disk is full."""
        if not self._open:
            raise OutputError(
                _("{path} is closed: start the recording again.").format(path=self._path)
            )
        missing = self._slots_until(time)
        if missing < 0:  # the source is faster than the file: this slot is taken
            return
        if self._last is not None:
            for _number in range(missing):
                self._write(self._last)
        self._last = pad_to_even(image).copy()
        self._write(self._last)

    def _slots_until(self, time: float) -> int:
        """Return how many slots lie between the last picture and `time`; below 0: none is free."""
        if self._start is None:
            self._start = time
        slot = round((time - self._start) * self._fps)
        if abs(slot - self._written) > _MAX_GAP * self._fps:
            self._start = time - self._written / self._fps
            return 0
        return slot - self._written

    def _write(self, image: Image) -> None:
        if self._written % round(self._fps) == 0:
            self._check_disk()
        try:
            self._encoder.write(image)
        except OSError as error:
            raise OutputError(
                _("{path} cannot be written ({reason}).").format(
                    path=self._path, reason=error.strerror
                )
            ) from None
        self._written += 1

    def _check_disk(self) -> None:
        """Look once a second of video, while the file can still be finished."""
        try:
            free = shutil.disk_usage(self._path.parent).free
            self._partial.stat()
        except OSError:
            raise OutputError(
                _("{path} cannot be written any more: its folder or file was removed.").format(
                    path=self._path
                )
            ) from None
        if free < _RESERVE_BYTES:
            self.close()
            raise OutputError(
                _("The disk is full: {path} ends here; free some space and start again.").format(
                    path=self._path
                )
            )

    def close(self) -> None:
        """Finish the file and give it its name; says in the log when that is not possible."""
        if not self._open:
            return
        self._open = False
        self._last = None
        finished = self._encoder.close()
        if self._written == 0:
            self._partial.unlink(missing_ok=True)
        elif not self._partial.exists():
            log.error("%s is lost: its folder or file was removed.", self._path)
        elif not finished or not plays(self._partial):
            log.error(
                "%s could not be finished: is the disk full? What there is lies in %s.",
                self._path,
                self._partial,
            )
        else:
            self._take_place()

    def _take_place(self) -> None:
        """Replace what was there at the start; what came there since is somebody else's."""
        place = self._path
        if _version(place) not in (None, self._before):
            place = _free_name(place)
            log.warning("%s was written by another program: this video is %s.", self._path, place)
        try:
            self._partial.replace(place)
        except OSError as error:  # Windows: a player has the old file open
            log.error(
                "%s cannot be replaced (%s); the video is in %s.",
                self._path,
                error.strerror,
                self._partial,
            )


def open_mp4(path: Path, size: tuple[int, int], fps: float) -> Mp4File:
    """Open an .mp4 file for writing. Raises `OutputError` when it cannot be written."""
    with contextlib.suppress(RuntimeError):  # ~name of nobody
        path = path.expanduser()
    return Mp4File(path, size, fps)


def _version(path: Path) -> tuple[int, int, int] | None:
    """Return what tells a file from another one of its name; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _free_name(path: Path) -> Path:
    """Return a name beside `path` that no file has: `talk-2.mp4`."""
    stem = shortened(path.stem, _STEM_BYTES)
    names = (path.with_name(f"{stem}-{number}{path.suffix}") for number in itertools.count(2))
    return next(name for name in names if not name.exists())


def _target(path: Path) -> Path:
    """Return what a link leads to, so that the link stays. Raises `OutputError`."""
    try:
        return Path(os.path.realpath(path))
    except ValueError as error:
        raise OutputError(
            _("{path} cannot be written ({error}): choose another path.").format(
                path=path, error=error
            )
        ) from None


def _partial_name(path: Path) -> Path:
    """Return what a recording is called while it grows: not hidden, and not too long."""
    stem = shortened(path.stem, _STEM_BYTES)
    return path.with_name(f"{stem}.{os.getpid()}.partial.mp4")


def _check_writable(path: Path, partial: Path) -> None:
    """Find out now, with the system's own reason, and not after an hour of recording."""
    try:
        if not path.parent.is_dir():
            raise OutputError(
                _("There is no folder {folder}: create it, or choose another.").format(
                    folder=path.parent
                )
            )
        if path.is_dir():
            raise OutputError(
                _("{path} is a folder: give the name of a file in it.").format(path=path)
            )
        if path.exists() and not path.is_file():
            raise OutputError(
                _("{path} is a pipe or a device: give the name of a file.").format(path=path)
            )
        _try_name(path)
        partial.touch()
        free = shutil.disk_usage(path.parent).free
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(
            _("{path} cannot be written ({reason}): choose another path.").format(
                path=path, reason=reason
            )
        ) from None
    if free < _RESERVE_BYTES:
        partial.unlink(missing_ok=True)
        raise OutputError(
            _("The disk is full: free some space before writing {path}.").format(path=path)
        )


def _try_name(path: Path) -> None:
    """Raise OSError for a name that the file system does not take."""
    with contextlib.suppress(FileNotFoundError):
        path.stat()
        return
    if sys.platform == "win32":  # a name that is too long is simply not there
        path.touch(exist_ok=False)
        path.unlink()


def _open_encoder(partial: Path, size: tuple[int, int], fps: float) -> VideoEncoder:
    try:
        return VideoEncoder(partial, size, fps)
    except OutputError:
        partial.unlink(missing_ok=True)
        raise
