"""Labelled pictures: what every source of data is turned into before it becomes shards."""

import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from vcam.core.frame import Image
from vcam.core.labels import Side
from vcam.system.image_formats import HeicUnreadableError, decode_image, is_cut_off

Report: TypeAlias = Callable[[str, str], None]
"""Takes a reason and where it was met; called once for each thing that is left out."""

TO_BE_FOUND = "to be found"
"""`LabelledImage.boxes` of pictures whose hands a detector is still to find."""
CUTOUT = "cutout"
"""`LabelledImage.boxes` of pictures whose alpha is the hand."""
HALF_BODY = "hagrid-context"
"""Few pictures of every gesture in its room, as webcams see it."""
WEBCAM_SOURCES = (
    *("abimaelfranco", "anupam1612", "bakyon", "derickbessa", "emrecandir9", "habul-2024"),
    *("hands4all", "handy-4tsuki4", "hatemoos", "juanparrado19", "lebanese-hands", "lolzorus"),
    *("maestrosync", "saign", "thanakritmos12", "vsh2607"),
)
"""Few people each, in their rooms, before their own webcams."""
SOURCE_WEIGHTS = {
    HALF_BODY: 6.0,
    **dict.fromkeys(WEBCAM_SOURCES, 2.5),
    "lebanese-hands": 4.0,
    "emrecandir9": 1.5,
}
"""How much more often hands and pictures of a source are drawn than others."""
ANY_HAND = "hand"
"""Name of a hand of which nobody says what it shows: it teaches the detector alone."""
USER_PHOTOS = "own"
"""The source of photos that somebody took for a gesture of their own."""
ROOM_SOURCES = frozenset({"hagrid", USER_PHOTOS})
"""Sources whose pictures show rooms, not plain grounds: backgrounds are cut from them."""


def unheard(reason: str, where: str) -> None:
    """Report to nobody."""


@dataclass(frozen=True, slots=True)
class HandLabel:
    """One annotated hand."""

    box_xywh: tuple[float, float, float, float]
    """COCO box, 0..1 of the picture."""
    gesture: str
    """What it shows: a name that the source uses, not always one of ours."""
    side: Side | None
    """The person's own hand; None where unknown."""
    side_confidence: float
    landmarks: tuple[tuple[float, float], ...] = ()
    """21 points, 0..1 of the picture, or none."""


@dataclass(frozen=True, slots=True)
class LabelledImage:
    """One picture of a source; its pixels are read when they are asked for."""

    archive: Path
    """The zip archive or the folder that holds it."""
    member: str
    """Name inside the archive or folder."""
    source: str
    split: str
    """`train`, `val`, `test`, or empty where the source does not say."""
    gesture: str
    """What the whole picture was taken to show."""
    boxes: str
    """`official`, `pseudo`, `tight…`, `none found`…: how the boxes came about."""
    hands: tuple[HandLabel, ...]
    user: str = ""
    """The person, or empty where unknown."""
    stored: tuple[int, int, int] | None = None
    """In a zip archive: the entry's offset, its packed size and its compression method."""
    ignore: tuple[tuple[float, float, float, float], ...] = ()
    """Boxes xyxy, 0..1 of the picture, that are neither hands nor background for sure."""

    @property
    def tight(self) -> bool:
        """True for a crop that holds nothing but the hand."""
        return self.boxes.startswith("tight")

    @property
    def name(self) -> str:
        """The picture's name over all sources."""
        return f"{self.archive.stem}/{self.member}"

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` takes."""
        return {**asdict(self), "archive": str(self.archive)}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "LabelledImage":
        """Build a picture from what `to_json` gave and JSON carried."""
        labelled = cls(**content)
        hands = tuple(
            HandLabel(
                **{
                    **hand,
                    "box_xywh": tuple(hand["box_xywh"]),
                    "landmarks": tuple((x, y) for x, y in hand["landmarks"]),
                }
            )
            for hand in content["hands"]
        )
        stored = tuple(content["stored"]) if content["stored"] else None
        ignore = tuple(tuple(box) for box in content["ignore"])
        archive = Path(content["archive"])
        return replace(labelled, archive=archive, hands=hands, stored=stored, ignore=ignore)


class Source(Protocol):
    """Somewhere that labelled pictures come from."""

    @property
    def about(self) -> str:
        """What was recognised, in half a sentence."""

    def names_of(self, classes: str) -> frozenset[str]:
        """Return the names of hands to train on; `classes` is `ours` or `all`."""

    def images(self, report: Report) -> Iterator[LabelledImage]:
        """Yield every picture in a fixed order, never all in memory; report what is left out."""


class ImageReader:
    """Reads pictures from any number of archives and folders, keeping each archive open."""

    def __init__(self) -> None:
        self._open: dict[Path, int] = {}

    def read(self, labelled: LabelledImage) -> Image | None:
        """Return uint8 (H, W, 3) BGR, or None when the picture is not whole."""
        data = self.read_bytes(labelled)
        return decode(data) if is_whole(data) else None

    def read_cutout(self, labelled: LabelledImage) -> npt.NDArray[np.uint8] | None:
        """Return uint8 (H, W, 4) BGRA, or None when the picture is not whole or has no alpha."""
        data = self.read_bytes(labelled)
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        if not is_whole(data) or image is None or image.ndim != 3 or image.shape[2] != 4:
            return None
        return image.astype(np.uint8, copy=False)

    def read_bytes(self, labelled: LabelledImage) -> bytes:
        """Return the picture's file. Raises OSError or ValueError when it cannot be had."""
        if labelled.stored is None:
            return (labelled.archive / labelled.member).read_bytes()
        if labelled.archive not in self._open:
            self._open[labelled.archive] = os.open(labelled.archive, os.O_RDONLY)
        return _unpack(self._open[labelled.archive], *labelled.stored)


def decode(data: bytes) -> Image | None:
    """Return uint8 (H, W, 3) BGR turned upright by its EXIF, or None when it is no picture."""
    try:
        return decode_image(data)
    except HeicUnreadableError:
        return None


def is_whole(data: bytes) -> bool:
    """Tell whether an image's file is there to its end: OpenCV fills up what is missing in grey."""
    return bool(data) and not is_cut_off(data)


def stored_at(entry: zipfile.ZipInfo) -> tuple[int, int, int]:
    """Return where an entry lies in its archive, for `LabelledImage.stored`."""
    return entry.header_offset, entry.compress_size, entry.compress_type


def _unpack(archive: int, offset: int, size: int, method: int) -> bytes:
    """Read one entry of a zip archive without its directory, which may take a gigabyte."""
    header = os.pread(archive, 30, offset)
    if len(header) < 30 or method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError("the archive is damaged, or packed in a way that is not read")
    name, extra = struct.unpack("<HH", header[26:30])
    packed = os.pread(archive, size, offset + 30 + name + extra)
    try:
        return packed if method == zipfile.ZIP_STORED else zlib.decompress(packed, -15)
    except zlib.error as error:
        raise ValueError(f"the archive is damaged ({error})") from None
