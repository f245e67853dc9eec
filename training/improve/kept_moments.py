"""What the program kept of a person's days: fires that were wrong, fires, and missed gestures."""

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from training.datasets.annotations import HandLabel
from training.errors import TrainingError
from vcam.core.labels import NO_GESTURE, Side

log = logging.getLogger(__name__)

Kind = Literal["wrong", "missed", "right"]
SESSION_S = 300.0
"""Corrections nearer in time than this are of one session: the same light, shirt and chair."""
VALIDATION_SHARE = 0.25
"""Share of corrections to validate on, about: those of the newest sessions."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened, with its pictures."""

    kind: Kind
    """`right`: it fired, and nobody said that it was wrong."""
    gesture: str
    """What the hand truly showed; `no_gesture` where the fire was wrong."""
    when: float
    """Seconds since 1970."""
    image_paths: tuple[Path, ...]
    """The oldest first; several of a missed gesture."""
    box: Box | None = None
    """COCO box of the hand, 0..1 of the picture; None: it is still to be found."""
    side: Side | None = None


def wrong_fires(folder: Path) -> Iterator[Moment]:
    """Yield what `vcam last --wrong` and the panel marked, of `folder/wrong`."""
    path = folder / "wrong" / "ann_train_val" / f"{NO_GESTURE}.json"
    for number, entry in _table(path).items():
        image_path = folder / "wrong" / NO_GESTURE / f"{number}.jpg"
        boxes = entry.get("bboxes") if isinstance(entry, dict) else None
        box = _box(boxes[0]) if isinstance(boxes, list) and boxes else None
        if box and image_path.is_file() and (when := _when(number)) is not None:
            yield Moment("wrong", NO_GESTURE, when, (image_path,), box)


def right_fires(folder: Path) -> Iterator[Moment]:
    """Yield what fired, is still kept (`[gestures] remember`), and was not said to be wrong."""
    for path in sorted(folder.glob("*.json")):
        entry, image_path = _table(path), path.with_suffix(".jpg")
        box, gesture = _box(entry.get("box_xywh")), entry.get("gesture")
        when = _when(path.stem)
        if box and isinstance(gesture, str) and image_path.is_file() and when is not None:
            hand = entry.get("hand")
            side: Side | None = hand if hand in ("left", "right") else None
            yield Moment("right", gesture, when, (image_path,), box, side)


def missed_gestures(folder: Path) -> Iterator[Moment]:
    """Yield what was missed: `folder/<gesture>/<number>/*.jpg`."""
    for place in sorted(folder.glob("*/*")):
        image_paths = tuple(sorted(place.glob("*.jpg")))
        if image_paths and place.name.isdecimal():
            yield Moment("missed", place.parent.name, int(place.name) / 1000, image_paths)


def hold_back(moments: list[Moment]) -> tuple[list[Moment], list[Moment]]:
    """Return what to learn from and what to validate on: the newest sessions.

    Raises `TrainingError` when all corrections are of one session.
    """
    ordered = sorted(moments, key=lambda moment: moment.when)
    corrections = [moment for moment in ordered if moment.kind != "right"]
    begins = [
        later.when
        for earlier, later in pairwise(corrections)
        if later.when - earlier.when > SESSION_S
    ]
    if not begins:
        raise TrainingError(
            f"All {len(corrections)} corrections are of one session, so that none can be kept for "
            "validation: correct the program on another day too."
        )
    wanted = len(corrections) * VALIDATION_SHARE
    enough = [at for at in begins if sum(one.when >= at for one in corrections) >= wanted]
    cut = enough[-1] if enough else begins[0]
    return [m for m in ordered if m.when < cut], [m for m in ordered if m.when >= cut]


def label_of(moment: Moment, box: Box) -> HandLabel:
    """Return the label of the moment's hand at a COCO box, 0..1 of a picture of it."""
    return HandLabel(box, moment.gesture, moment.side, 1.0 if moment.side else 0.0)


def _table(path: Path) -> Mapping[str, Any]:
    """Return a JSON object; none where there is none, or it is damaged, which is logged."""
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        content = None
    if not isinstance(content, dict):
        log.warning("%s is damaged and passed over", path)
        return {}
    return content


def _box(value: object) -> Box | None:
    if not isinstance(value, list) or len(value) != 4:
        return None
    try:
        x, y, w, h = (float(side) for side in value)
    except (TypeError, ValueError):
        return None
    return (x, y, w, h) if 0 < w <= 1 and 0 < h <= 1 and 0 <= x < 1 and 0 <= y < 1 else None


def _when(number: str) -> float | None:
    """Return the time in a file's name, `<milliseconds>-<track>`."""
    milliseconds = number.partition("-")[0]
    return int(milliseconds) / 1000 if milliseconds.isdecimal() else None
