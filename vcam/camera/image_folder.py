"""Still pictures: one by one, and a folder of them as a source of frames."""

import logging
import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from vcam.camera.pixels import fit, to_bgr
from vcam.core.frame import Frame, Image
from vcam.core.texts import _
from vcam.errors import CameraError
from vcam.system.image_formats import (
    HeicUnreadableError,
    decode_image,
    heic_remedy,
    images_below,
    is_avif,
    is_cut_off,
    is_film,
    is_image,
    is_of_system,
)

log = logging.getLogger(__name__)

_MAX_BYTES: Final = 1 << 30
"""More than any picture has: such a file is read by nobody, and would fill the memory."""

_MAX_SIDE_PX: Final = 7680
"""Of a frame, as in `[camera] width`: an encoder takes no more than twice that."""


def read_picture(path: Path | str) -> Image:
    """Return a picture as uint8 (H, W, 3) BGR, upright as its EXIF data says, alpha dropped.

    Reads grey, alpha, 16-bit and CMYK files, and HEIC where pillow-heif is installed. Raises
    `CameraError` when the file is missing, empty, cut off, or no picture.
    """
    path = Path(path)
    data = _bytes_of(path)
    if is_film(data):
        raise CameraError(
            _("{path} is a film: `vcam run --camera FILE` plays it.").format(path=path)
        )
    if is_cut_off(data):
        raise CameraError(_("{path} is cut off: copy the picture again.").format(path=path))
    try:
        pixels = decode_image(data)
    except HeicUnreadableError:
        raise CameraError(
            _("{path} is a HEIC picture: {remedy}.").format(path=path, remedy=heic_remedy())
        ) from None
    if pixels is None and is_avif(data):  # OpenCV's own packages for Windows cannot
        raise CameraError(
            _("{path} is an AVIF picture, which cannot be read here: save it as JPEG.").format(
                path=path
            )
        )
    if pixels is None:
        raise CameraError(
            _(
                "{path} is not a picture that can be read, or it is cut off: use a whole "
                "JPEG, PNG, WebP, BMP or TIFF file."
            ).format(path=path)
        )
    return to_bgr(pixels)


def _bytes_of(path: Path) -> bytes:
    try:
        status = path.stat()
        mode = status.st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # a pipe may never end, or begin
            raise CameraError(
                _("{path} is a pipe or a device: name a picture file.").format(path=path)
            )
        if status.st_size > _MAX_BYTES:
            raise CameraError(
                _("{path} is too large for a picture: name a JPEG or PNG file.").format(path=path)
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise CameraError(_("There is no file {path}: check the path.").format(path=path)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CameraError(
            _("{path} cannot be read ({reason}): check the file.").format(path=path, reason=reason)
        ) from None
    if not data:
        raise CameraError(_("{path} is empty: copy the picture again.").format(path=path))
    return data


def find_images(folder: Path) -> list[Path]:
    """Return the picture files of a folder in the order that people expect: 2 before 10."""
    try:
        files = [p for p in folder.iterdir() if is_image(p) and not is_of_system(p.name)]
        return sorted((p for p in files if p.is_file()), key=_natural_key)
    except OSError as error:
        raise _unreadable(folder, error) from None


def find_images_below(folder: Path) -> list[Path]:
    """Return the picture files of a folder and of all folders in it. Raises `CameraError`."""
    try:
        return list(images_below(folder))
    except OSError as error:
        raise _unreadable(Path(error.filename or folder), error) from None


def _unreadable(folder: Path, error: OSError) -> CameraError:
    return CameraError(
        _("The folder {folder} cannot be read ({reason}).").format(
            folder=folder, reason=error.strerror or error
        )
    )


def _natural_key(path: Path) -> tuple[list[tuple[int, str]], str]:
    """Compare runs of digits as numbers; the name itself decides between equals."""
    parts = re.split(r"(\d+)", path.name.lower())
    return [(int(p), "") if p.isdecimal() else (-1, p) for p in parts], path.name


class ImageFolder:
    """Pictures as frames, one every 1/fps seconds from time 0, each once.

    Every frame has the size of the first readable picture, made smaller where no camera is so
    large; others are scaled to fit into it, on black. Pictures that cannot be read are skipped with
    a warning.
    """

    live = False

    def __init__(self, image_paths: Sequence[Path], fps: float) -> None:
        """Raise `CameraError` when not one of `image_paths` can be read."""
        self.fps = fps
        self._paths = iter(image_paths)
        self._given = 0
        self._next = self._read_next()
        if self._next is None:
            raise CameraError(
                _("None of the pictures can be read: use JPEG, PNG, WebP or BMP files.")
            )
        height, width = self._next.shape[:2]
        scale = min(1.0, _MAX_SIDE_PX / max(height, width))
        self.size = (max(1, round(width * scale)), max(1, round(height * scale)))

    def _read_next(self) -> Image | None:
        for path in self._paths:
            try:
                return read_picture(path)
            except CameraError as error:
                log.warning("Skipped: %s", error)
        return None

    def read(self) -> Frame | None:
        """Return the next picture, or None after the last."""
        if self._next is None:
            return None
        frame = Frame(fit(self._next, self.size), self._given / self.fps, self._given)
        self._given += 1
        self._next = self._read_next()
        return frame

    def close(self) -> None:
        """End; no more pictures are read."""
        self._next = None
        self._paths = iter(())


def open_images(folder: Path, fps: float) -> ImageFolder:
    """Open all pictures of `folder`. Raises `CameraError` when there is none."""
    image_paths = find_images(folder)
    if not image_paths:
        raise CameraError(
            _("The folder {folder} holds no pictures: put JPEG or PNG files into it.").format(
                folder=folder
            )
        )
    return ImageFolder(image_paths, fps)
