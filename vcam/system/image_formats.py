"""Picture files: which they are, whether they are whole, and what they show."""

import importlib.util
import os
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from vcam.core.frame import Image
from vcam.core.texts import Text, _
from vcam.system.installation import add

HEIC_SUFFIXES: Final = frozenset({".heic", ".heif", ".hif"})
IMAGE_SUFFIXES: Final = HEIC_SUFFIXES | frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".webp", ".avif"}
    | {".tif", ".tiff", ".ppm", ".pgm", ".pnm", ".jp2"}
)

_LEFT_OUT: Final = frozenset(
    {"@eadir", ".@__thumb", "#recycle", "#snapshot", "$recycle.bin", "__macosx", "lost+found"}
)
"""Folders in which NAS devices and systems keep thumbnails and what was deleted."""
_JPEG_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
"""What begins a segment; in packed pixels, 0xFF is followed by 0 or by a restart."""
_JPEG_END, _JPEG_WITHOUT_LENGTH = 0xD9, (0x01, 0xD8)
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})

_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_AVIF_TURN: Final = re.compile(rb"\0\0\0\x09irot(.)", re.DOTALL)
"""Quarter turns against the clock."""
_AVIF_FLIP: Final = re.compile(rb"\0\0\0\x09imir(.)", re.DOTALL)
"""0: top and bottom change places, 1: left and right."""


def heic_remedy() -> Text:
    """Return what to do about a HEIC picture where nothing reads them."""
    return _("{install}, or save it as JPEG").format(install=add("pillow-heif"))


class HeicUnreadableError(ValueError):
    """A HEIC picture, and the package that reads them is not installed."""


def is_image(path: Path) -> bool:
    """Tell by its name whether a file is a picture; what macOS puts beside pictures is none."""
    return path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith("._")


def images_below(folder: Path) -> Iterator[Path]:
    """Yield the pictures in a folder and its folders, by name; hidden ones and thumbnails are not.

    Raises OSError when a folder cannot be read.
    """
    for path in files_below(folder):
        if is_image(path):
            yield path


def files_below(folder: Path) -> Iterator[Path]:
    """Yield all files in a folder and its folders, by name, but for what a system put there.

    Raises OSError when a folder cannot be read.
    """

    def fail(error: OSError) -> None:
        raise error

    found = []
    for place, folders, files in os.walk(folder, onerror=fail, followlinks=False):
        folders[:] = [name for name in folders if not is_of_system(name)]
        found += [Path(place, name) for name in files if not is_of_system(name)]
    yield from sorted(found)


def reads_heic() -> bool:
    """Tell whether the package that reads HEIC pictures is installed."""
    try:
        return importlib.util.find_spec("pillow_heif") is not None
    except ValueError:  # it was taken out of sys.modules by hand
        return False


def is_of_system(name: str) -> bool:
    """Tell whether a system, and no person, put a file or folder of that name beside pictures."""
    return name.startswith(".") or name.lower() in _LEFT_OUT or name.lower() == "thumbs.db"


def is_heic(data: bytes) -> bool:
    """Tell whether a file is a HEIC picture, as iPhones take them, whatever it is called."""
    return data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS


def is_avif(data: bytes) -> bool:
    """Tell whether a file is an AVIF picture, whatever it is called."""
    return data[4:8] == b"ftyp" and data[8:12] in _AVIF_BRANDS


def is_film(data: bytes) -> bool:
    """Tell whether a file is an MP4, MOV, Matroska, WebM or AVI film, whatever it is called."""
    if data[4:8] == b"ftyp":
        return not is_heic(data) and not is_avif(data)
    return data.startswith(b"\x1a\x45\xdf\xa3") or data[8:12] == b"AVI "


def is_cut_off(data: bytes) -> bool:
    """Tell whether a JPEG, PNG, WebP, HEIC or AVIF file ends before the picture does."""
    if data.startswith(b"\xff\xd8"):
        return not _jpeg_ends(data)
    if data.startswith(b"\x89PNG"):
        return not _png_ends(data)
    if data.startswith(b"RIFF"):
        return int.from_bytes(data[4:8], "little") + 8 > len(data)
    if data[4:8] == b"ftyp":
        return not _boxes_end(data)
    return False


def decode_image(data: bytes) -> Image | None:
    """Return uint8 (H, W, 3) BGR, upright as its EXIF data says; None when it is no picture.

    Raises `HeicUnreadableError` where a HEIC picture needs a package that is not installed.
    """
    if not data:
        return None
    if is_heic(data):
        return _decode_heic(data)
    flags = cv2.IMREAD_COLOR | (cv2.IMREAD_IGNORE_ORIENTATION if is_avif(data) else 0)
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:  # too large for the decoder's limits, or damaged in an unforeseen way
        return None
    if pixels is None:
        return None
    image = np.asarray(pixels, np.uint8)
    return _upright_avif(data, image) if is_avif(data) else image


def _upright_avif(data: bytes, pixels: Image) -> Image:
    """Turn and flip as the file's own boxes say, which OpenCV leaves out."""
    turn, flip = _AVIF_TURN.search(data), _AVIF_FLIP.search(data)
    if turn:
        pixels = np.rot90(pixels, turn[1][0] & 3)
    if flip:
        pixels = np.flip(pixels, flip[1][0] & 1)
    return np.ascontiguousarray(pixels)


def _decode_heic(data: bytes) -> Image | None:
    try:
        import pillow_heif
    except ImportError:
        raise HeicUnreadableError("HEIC pictures need pillow-heif") from None
    try:
        heif = pillow_heif.read_heif(BytesIO(data), convert_hdr_to_8bit=True)
        pixels = np.asarray(heif.to_pillow().convert("RGB"), np.uint8)
    except (ValueError, RuntimeError, OSError, EOFError, SyntaxError):
        return None
    return np.ascontiguousarray(pixels[..., ::-1])


def _jpeg_ends(data: bytes) -> bool:
    """Walk from segment to segment: this steps over thumbnails, which have an end of their own."""
    at = 2
    while marker := _JPEG_MARKER.search(data, at):
        kind, at = marker.group()[1], marker.end()
        if kind == _JPEG_END:
            return True
        if kind not in _JPEG_WITHOUT_LENGTH:
            at += max(2, int.from_bytes(data[at : at + 2], "big"))
    return False


def _png_ends(data: bytes) -> bool:
    at = 8
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] == b"IEND":
            return end <= len(data)
        at = end
    return False


def _boxes_end(data: bytes) -> bool:
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size == 0:  # to the end of the file
            return True
        at += max(8, size)
    return at == len(data)
