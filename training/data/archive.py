"""Read labelled pictures from archives in the schema of HaGRID v1.

An archive is a zip with `<class>/<id>.jpg` and `annotations/<class>.json`. Each annotation holds
`bboxes` (COCO xywh, 0..1), `labels`, `leading_hand`, `leading_conf`, `landmarks` and, where they
are known, `user_id`, `source`, `split` and `boxes` (how the boxes came about).
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np

from vcam.frame import Image
from vcam.gesture import LABELS, Side, mirrored_side


@dataclass(frozen=True, slots=True)
class HandLabel:
    """One annotated hand."""

    box_xywh: tuple[float, float, float, float]
    """COCO box, 0..1 of the picture."""
    gesture: str
    """One of `vcam.gesture.LABELS`."""
    side: Side | None
    """The person's own hand; None where unknown."""
    side_confidence: float
    landmarks: tuple[tuple[float, float], ...] = ()
    """21 points, 0..1 of the picture, or none."""


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """One picture of an archive; its pixels are read when they are asked for."""

    archive: Path
    member: str
    """Name inside the archive."""
    source: str
    split: str
    """`train`, `val`, or empty where the archive does not say."""
    gesture: str
    """What the whole picture was taken to show."""
    boxes: str
    """`official`, `pseudo`, `tight…`, `none found`…: how the boxes came about."""
    hands: tuple[HandLabel, ...]

    @property
    def tight(self) -> bool:
        """True for a crop that holds nothing but the hand."""
        return self.boxes.startswith("tight")


class ArchiveReader:
    """Reads pictures from any number of archives, keeping each open."""

    def __init__(self) -> None:
        self._open: dict[Path, zipfile.ZipFile] = {}

    def read(self, picture: LabelledPicture) -> Image | None:
        """Return uint8 (H, W, 3) BGR, or None when the picture does not decode."""
        data = np.frombuffer(self.read_bytes(picture), np.uint8)
        return cast("Image | None", cv2.imdecode(data, cv2.IMREAD_COLOR))

    def read_bytes(self, picture: LabelledPicture) -> bytes:
        """Return the picture's file as it is in the archive."""
        if picture.archive not in self._open:
            self._open[picture.archive] = zipfile.ZipFile(picture.archive)
        return self._open[picture.archive].read(picture.member)


def list_pictures(archive: Path) -> Iterator[LabelledPicture]:
    """Yield every annotated picture of an archive, in a fixed order."""
    with zipfile.ZipFile(archive) as opened:
        members = set(opened.namelist())
        for name in sorted(members):
            if not name.endswith(".json"):
                continue
            folder = Path(name).stem
            for key, entry in sorted(json.loads(opened.read(name)).items()):
                member = f"{folder}/{key}.jpg"
                if member in members:
                    yield _picture(archive, member, folder, entry)


def _picture(archive: Path, member: str, folder: str, entry: dict[str, Any]) -> LabelledPicture:
    return LabelledPicture(
        archive=archive,
        member=member,
        source=entry.get("source") or archive.stem,
        split=entry.get("split") or "",
        gesture=folder,
        boxes=entry.get("boxes") or "",
        hands=tuple(_hands(entry, folder)),
    )


def _hands(entry: dict[str, Any], folder: str) -> Iterator[HandLabel]:
    landmarks = entry.get("landmarks") or []
    for place, (box, label) in enumerate(zip(entry["bboxes"], entry["labels"], strict=True)):
        if label not in LABELS or min(box[2:]) <= 0:
            continue
        side = entry.get("leading_hand")
        if side and label != folder:  # the other hand of the same person
            side = mirrored_side(side)
        points = landmarks[place] if place < len(landmarks) else []
        yield HandLabel(
            box_xywh=tuple(box),
            gesture=label,
            side=side,
            side_confidence=float(entry.get("leading_conf") or 0.0),
            landmarks=tuple((x, y) for x, y in points),
        )
