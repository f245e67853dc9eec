"""The clips to play, and what may fire in each."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vcam.camera.open import open_camera
from vcam.camera.settings import CameraSettings
from vcam.core.frame import Frame

VIDEOS: Final = frozenset({".mp4", ".mkv", ".gif", ".webm", ".avi", ".mov"})


@dataclass(frozen=True)
class Clip:
    """A video, and what is meant in it."""

    path: Path
    kind: str
    """What it is counted under, such as `talking`."""
    expected: frozenset[str] = frozenset()
    """Of these gestures, one fires once; empty: nothing may fire."""


def read_clips(folder: Path, table: Path | None = None) -> list[Clip]:
    """Return the videos of a folder, in order of their names.

    `table` is a CSV file with the columns `file`, and, as far as needed, `expect` (gestures with |
    between them) and `kind`. A video that it does not name is one in which nothing may fire; its
    kind is its name up to the first underscore.
    """
    rows = {} if table is None else {row["file"]: row for row in _rows(table)}
    videos = (path for path in sorted(folder.iterdir()) if path.suffix.lower() in VIDEOS)
    return [_clip(path, rows.get(path.name, {})) for path in videos]


def _clip(path: Path, row: dict[str, str]) -> Clip:
    expected = frozenset(filter(None, (row.get("expect") or "").split("|")))
    kind = row.get("kind") or path.name.partition("_")[0]
    if row and not expected and not row.get("kind"):
        kind += ", none of ours"
    return Clip(path, kind, expected)


def _rows(table: Path) -> list[dict[str, str]]:
    with table.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def frames(path: Path) -> Iterator[Frame]:
    """Yield the frames of a video at their recorded times, from 0 s on."""
    camera = open_camera(str(path), CameraSettings())
    first: float | None = None
    try:
        while (frame := camera.read()) is not None:
            first = frame.time if first is None else first
            yield Frame(frame.image, frame.time - first, frame.index)
    finally:
        camera.close()
