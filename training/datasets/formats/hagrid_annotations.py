"""Annotations in HaGRID's schema, checked: what is wrong is named, what is right passes.

An annotation file is one JSON object, `{picture id: entry}`. It is streamed, so that the largest
takes no more memory than the smallest. An entry holds `bboxes` (COCO xywh, 0..1), `labels`, and
where they are known `leading_hand`, `leading_conf`, `landmarks` (v1) or `hand_landmarks` (v2) and
`user_id`.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, cast

import ijson

from training.datasets.annotations import HandLabel, Report
from vcam.core.labels import Side, mirrored_side

BROKEN_JSON = "annotation file is no whole JSON"
NO_IMAGE = "annotation without a picture"
NO_ANNOTATION = "picture without an annotation"
TWICE = "picture that was annotated before: the first annotation counts"
BAD_BOX = "box that is not four numbers"
EMPTY_BOX = "box outside the picture or of no area"
CLIPPED = "box reaches beyond the picture: clipped"
UNKNOWN_LABEL = "label that is not known"
BAD_ENTRY = "annotation without boxes and labels that go together"
TWO_BOXES = 0.9
"""Confidence in the side of two hands that is concluded from where they are."""
MAX_OVERHANG = 0.02
"""How far a box may reach beyond the picture, as part of its side, before it is worth a word."""
_NOT_JSON = re.compile(rb"(?:(?<=[\[,:\s])|\A)-?(?:NaN|Infinity)(?=[\],}\s])")

Entry = dict[str, Any]


class _Numbers:
    """A file that gives `null` for NaN and Infinity, which Python writes and JSON forbids."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._kept = file, b""

    def read(self, size: int = -1) -> bytes:
        """Return about `size` bytes, and none at the end."""
        data = self._kept + self._file.read(size)
        self._kept = b""
        if size == 0 or not data:
            return data
        more = self._file.read(16)  # so that no NaN is cut in two
        data, self._kept = (data + more, b"") if len(more) < 16 else (data, more)
        cut = max(data.rfind(sign) for sign in (b",", b"]", b"}")) + 1
        if more and self._kept and cut:
            data, self._kept = data[:cut], data[cut:] + self._kept
        return _NOT_JSON.sub(b"null", data)


def stream_entries(file: IO[bytes], where: str, report: Report) -> Iterator[tuple[str, Entry]]:
    """Yield picture ids and entries of one annotation file; what follows a break is left out."""
    try:
        for key, entry in ijson.kvitems(_Numbers(file), "", use_float=True):
            if isinstance(entry, dict):
                yield key, entry
            else:
                report(BAD_ENTRY, f"{where}: {key}")
    except (ijson.JSONError, UnicodeDecodeError) as error:
        report(BROKEN_JSON, f"{where} ({str(error).splitlines()[0]})")


def hands_of(
    entry: Entry, gesture: str, known: frozenset[str], where: str, report: Report
) -> tuple[HandLabel, ...]:
    """Return the hands of an entry whose picture was taken to show `gesture`.

    `leading_hand` is the hand that shows the gesture; a hand that shows something else is the
    person's other one. Where two hands show the same, neither side is known.
    """
    boxes, labels = entry.get("bboxes"), entry.get("labels")
    if not isinstance(boxes, list) or not isinstance(labels, list) or len(boxes) != len(labels):
        report(BAD_ENTRY, where)
        return ()
    landmarks = entry.get("landmarks") or entry.get("hand_landmarks")
    landmarks = landmarks if isinstance(landmarks, list) else []
    leading_conf = entry.get("leading_conf")
    kinds = Counter(label == gesture for label in labels)
    hands = []
    for place, (box, label) in enumerate(zip(boxes, labels, strict=True)):
        whole = clipped(box, where, report)
        if not isinstance(label, str) or label not in known:
            report(UNKNOWN_LABEL, f"{where}: {label}")
        elif whole:
            side = _side(entry, label == gesture) if kinds[label == gesture] == 1 else None
            confidence = (
                float(leading_conf)
                if side and leading_conf and _are_numbers([leading_conf], 1)
                else 0.0
            )
            if "leading_hand" not in entry and len(boxes) == 2:
                side, confidence = _side_of_two(boxes, place), TWO_BOXES
            points = _points(landmarks[place]) if place < len(landmarks) else ()
            hands.append(HandLabel(whole, label, side, confidence, points))
    return tuple(hands)


def _side_of_two(boxes: list[Any], place: int) -> Side | None:
    """Return whose hand one of two is: the left one in the picture is the person's right hand.

    HaGRID's authors say so of pictures that are not mirrored; MediaPipe agreed on 59 of 60.
    """
    if not all(_are_numbers(box, 4) for box in boxes):
        return None
    here, there = (boxes[one][0] + boxes[one][2] / 2 for one in (place, 1 - place))
    if here == there:
        return None
    return "right" if here < there else "left"


def _side(entry: Mapping[str, Any], leads: bool) -> Side | None:
    side = entry.get("leading_hand")
    if side not in ("left", "right"):
        return None
    return cast("Side", side) if leads else mirrored_side(side)


def clipped(
    box: Sequence[Any], where: str, report: Report
) -> tuple[float, float, float, float] | None:
    """Return the box inside the picture, or None when nothing of it is."""
    if not _are_numbers(box, 4):
        report(BAD_BOX, where)
        return None
    x, y, w, h = (float(number) for number in box)
    left, top = min(1.0, max(0.0, x)), min(1.0, max(0.0, y))
    right, bottom = min(1.0, max(0.0, x + w)), min(1.0, max(0.0, y + h))
    if right - left <= 1e-4 or bottom - top <= 1e-4:
        report(EMPTY_BOX, where)
        return None
    if max(-x, -y, x + w - 1, y + h - 1) > MAX_OVERHANG:
        report(CLIPPED, where)
    return left, top, right - left, bottom - top


def _are_numbers(values: object, count: int) -> bool:
    return (
        isinstance(values, list)
        and len(values) == count
        and all(isinstance(value, int | float) and math.isfinite(value) for value in values)
    )


def _points(points: object) -> tuple[tuple[float, float], ...]:
    if not isinstance(points, list) or not all(_are_numbers(point, 2) for point in points):
        return ()
    return tuple((x, y) for x, y in points)
