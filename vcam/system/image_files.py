"""Pictures and films on disk, whatever letters their path has.

OpenCV hands a path to the C library, which on Windows reads it in an old code page: below
`C:\\Users\\Jürgen` `cv2.imread` finds nothing. Pictures go through memory here, and films through
FFmpeg, which takes UTF-8. Nothing else may open files with OpenCV; the linter sees to it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from vcam.system.atomic_write import write_atomic

Pixels: TypeAlias = npt.NDArray[Any]
FilmReader: TypeAlias = cv2.VideoCapture
FilmWriter: TypeAlias = cv2.VideoWriter


def read_image(path: Path, flags: int = cv2.IMREAD_COLOR) -> Pixels | None:
    """Return a picture as `cv2.imread` does: uint8 (H, W, 3) BGR unless `flags` say otherwise.

    None when there is no file, or it holds no picture.
    """
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
        return None if data.size == 0 else cv2.imdecode(data, flags)
    except (OSError, cv2.error):
        return None


def write_image(path: Path, image: Pixels, options: Sequence[int] = ()) -> None:
    """Write a picture, whole or not at all, in the format that the suffix names.

    `image` and `options` are those of `cv2.imencode`. Raises OSError when the file cannot be
    written, ValueError when OpenCV has no such format.
    """
    try:
        encoded, data = cv2.imencode(path.suffix, image, options)
    except cv2.error as error:
        raise ValueError(f"{path.name}: {error.err}") from None
    if not encoded:
        raise ValueError(f"{path.name}: OpenCV cannot encode this picture")
    write_atomic(path, data.tobytes())


def open_film(path: Path) -> FilmReader:
    """Return a reader of a film or an animated picture; it gives no frame when the file is none.

    The resolved path keeps FFmpeg from taking a name with a colon for a protocol. A name that is
    not UTF-8, on which OpenCV crashes, gives no frame either.
    """
    if not _is_utf8(path):
        return cv2.VideoCapture()
    return cv2.VideoCapture(str(path.resolve()), cv2.CAP_FFMPEG)


def create_film(path: Path, size: tuple[int, int], fps: float, codec: str = "mp4v") -> FilmWriter:
    """Return a writer of uint8 (H, W, 3) BGR; `size` is (width, height). Closed when it fails."""
    if not _is_utf8(path):
        return cv2.VideoWriter()
    fourcc = cv2.VideoWriter.fourcc(*codec)
    return cv2.VideoWriter(str(path.resolve()), cv2.CAP_FFMPEG, fourcc, fps, size)


def _is_utf8(path: Path) -> bool:
    try:
        return bool(str(path.resolve()).encode())
    except UnicodeEncodeError:
        return False
