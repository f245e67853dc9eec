"""One job of `prepare`: a list of pictures becomes one shard of each kind.

Jobs share nothing but the folder they write to, so any number of processes may work at once. A job
is done when its report stands beside its list; until then it is begun again.
"""

import hashlib
import json
import random
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from training.datasets.annotations import (
    CUTOUT,
    ROOM_SOURCES,
    SOURCE_WEIGHTS,
    TO_BE_FOUND,
    ImageReader,
    LabelledImage,
)
from training.datasets.hand_canvas import (
    HandCanvas,
    background_canvas,
    facing,
    hand_canvas,
    pointing,
)
from training.datasets.shards import Row, ShardWriter, replace_text
from training.datasets.skip_report import Skips
from vcam.core.box import intersection_over_union
from vcam.core.frame import Box, Image
from vcam.core.labels import NO_GESTURE

QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 95]
NOT_WHOLE = "picture that is damaged, cut short or no picture"
NOT_OURS = "hand with a gesture that is not trained on (kept as a hand for the detector)"
NOT_FOUND = "picture in which no hand was found"
PATCHES = 2
"""Maximum backgrounds that are cut from one picture."""
SMALLEST_PATCH = 60


@dataclass(frozen=True, slots=True)
class Recipe:
    """What every job of a prepared folder has in common."""

    labels: tuple[str, ...]
    side: int
    """Of hand canvases, in pixels."""
    frame: int
    """Longer side of whole pictures in pixels."""
    patches: float
    """Backgrounds a picture, on average: at most `PATCHES`."""
    detector: str
    """Model that finds hands in pictures without boxes."""


@dataclass(frozen=True, slots=True)
class Job:
    """One list of pictures and where its shards go."""

    list: Path
    """Lines of JSON, each a `LabelledImage`."""
    out: Path
    """The split's folder."""
    number: int
    recipe: Recipe

    @property
    def report(self) -> Path:
        """Where the job's report stands once it is done."""
        return self.list.with_suffix(".done.json")


class _Shards:
    """The job's three shards; each is begun with its first sample."""

    def __init__(self, job: Job, stack: ExitStack) -> None:
        self._job, self._stack = job, stack
        self._writers: dict[str, ShardWriter] = {}
        self.counts: Counter[str] = Counter()

    def add(self, kind: str, files: dict[str, bytes], row: Row) -> None:
        if kind not in self._writers:
            path = self._job.out / f"{kind}-{self._job.number:05}.tar"
            self._writers[kind] = self._stack.enter_context(ShardWriter(path))
        self._writers[kind].add(files, row)
        self.counts[kind] += 1


class _Worker:
    """Turns pictures into samples, one at a time."""

    def __init__(self, job: Job, shards: _Shards, skips: Skips) -> None:
        self.job, self.shards, self.skips = job, shards, skips
        self.classes: Counter[str] = Counter()
        self._reader = ImageReader()

    @cached_property
    def _finder(self) -> Any:
        from training.datasets.auto_label import Finder

        return Finder(Path(self.job.recipe.detector))

    def take(self, labelled: LabelledImage) -> None:
        """Write all samples of one picture, or say why there are none."""
        image = self._read(labelled)
        if image is None:
            self.skips(NOT_WHOLE, labelled.name)
            return
        if labelled.boxes == TO_BE_FOUND:
            labelled = self._finder.label(labelled, image)
            if not labelled.hands:
                self.skips(NOT_FOUND, labelled.name)
                return
        self._take_hands(labelled, image)
        if labelled.tight or labelled.boxes in (CUTOUT, "none found") or _lacks_boxes(labelled):
            return
        self.shards.add("frames", *_frame(labelled, image, self.job.recipe.frame))
        if labelled.source in ROOM_SOURCES:
            self._take_backgrounds(labelled, image)

    def _read(self, labelled: LabelledImage) -> npt.NDArray[np.uint8] | None:
        try:
            if labelled.boxes == CUTOUT:
                return self._reader.read_cutout(labelled)
            image = self._reader.read(labelled)
        except (OSError, ValueError, cv2.error):
            return None
        return image if image is not None and min(image.shape[:2]) > 1 else None

    def _take_hands(self, labelled: LabelledImage, image: npt.NDArray[np.uint8]) -> None:
        for place, hand in enumerate(labelled.hands):
            if hand.gesture not in self.job.recipe.labels:
                self.skips(NOT_OURS, f"{labelled.name}: {hand.gesture}")
                continue
            canvas = hand_canvas(image, hand, self.job.recipe.side)
            files = {"jpg": jpeg(canvas.bgr)}
            if canvas.mask is not None:
                files["mask.png"] = cv2.imencode(".png", canvas.mask)[1].tobytes()
            self.shards.add("hands", files, hand_row(labelled, place, canvas, image.shape[:2]))
            self.classes[hand.gesture] += 1

    def _take_backgrounds(self, labelled: LabelledImage, image: Image) -> None:
        rng = random.Random(_seed(labelled.name))
        for _ in range(PATCHES):
            square = _free_square(labelled, image, rng)
            if square and rng.random() * PATCHES < self.job.recipe.patches:
                patch = background_canvas(image, square, self.job.recipe.side)
                row = {"source": labelled.source, "picture": labelled.name}
                self.shards.add("backgrounds", {"jpg": jpeg(patch)}, row)


def _lacks_boxes(labelled: LabelledImage) -> bool:
    """Whether a hand is there that nobody has boxed: the picture would teach that it is none."""
    return not labelled.hands and labelled.gesture != NO_GESTURE


def write_job(job: Job) -> dict[str, Any]:
    """Write the job's shards and its report, and return the report."""
    cv2.setNumThreads(1)
    skips = Skips()
    with ExitStack() as stack:
        shards = _Shards(job, stack)
        worker = _Worker(job, shards, skips)
        lines = job.list.read_text(encoding="utf-8").splitlines()
        random.Random(job.number).shuffle(lines)
        for line in lines:
            worker.take(LabelledImage.from_json(json.loads(line)))
    report = {
        "split": job.out.name,
        "counts": dict(shards.counts),
        "classes": dict(worker.classes),
        "skipped": skips.to_json(),
    }
    replace_text(job.report, json.dumps(report))
    return report


def hand_row(labelled: LabelledImage, place: int, canvas: HandCanvas, size: tuple[int, ...]) -> Row:
    """Return what is written beside a hand's canvas; `size` is the picture's height and width."""
    hand, (height, width) = labelled.hands[place], size
    return {
        "gesture": hand.gesture,
        "side": hand.side,
        "side_confidence": hand.side_confidence,
        "source": labelled.source,
        "tight": labelled.tight,
        "cut": canvas.cut,
        "weight": SOURCE_WEIGHTS.get(labelled.source, 1.0),
        "seen": canvas.seen,
        "outline": canvas.outline,
        "reach": canvas.reach,
        "joints": canvas.joints,
        "box": canvas.box,
        "share": _share(hand.box_xywh, width, height),
        "points": pointing(hand, width, height),
        "facing": facing(hand, width, height),
        "boxes": labelled.boxes,
        "picture": labelled.name,
        "user": labelled.user,
    }


def _share(box: tuple[float, float, float, float], width: int, height: int) -> float:
    return round(max(box[2] * width, box[3] * height) / max(width, height), 4)


def _frame(labelled: LabelledImage, image: Image, longer: int) -> tuple[dict[str, bytes], Row]:
    """Boxes are labels; what only a teacher saw is neither hand nor background: ignored."""
    scale = longer / max(image.shape[:2])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    small = cv2.resize(image, size, interpolation=how).astype(np.uint8)
    boxes = [_to_pixels(hand.box_xywh, *size) for hand in labelled.hands]
    seen = [_scaled(box, *size) for box in labelled.ignore]
    return {"jpg": jpeg(small)}, {
        "width": size[0],
        "height": size[1],
        "boxes": boxes,
        "gestures": [hand.gesture for hand in labelled.hands],
        "ignore": [
            box for box in seen if all(intersection_over_union(box, b) < 0.3 for b in boxes)
        ],
        "source": labelled.source,
        "picture": labelled.name,
        "user": labelled.user,
    }


def _to_pixels(box: tuple[float, float, float, float], width: int, height: int) -> Box:
    x, y, w, h = box
    return _scaled((x, y, x + w, y + h), width, height)


def _scaled(box: tuple[float, float, float, float], width: int, height: int) -> Box:
    left, top, right, bottom = box
    return left * width, top * height, right * width, bottom * height


def _free_square(
    labelled: LabelledImage, image: Image, rng: random.Random
) -> tuple[int, int, int] | None:
    """Return left, top and side of a random square that no annotated hand touches."""
    height, width = image.shape[:2]
    hands = [_to_pixels(hand.box_xywh, width, height) for hand in labelled.hands]
    largest = min(width, height) * 3 // 4
    for _ in range(20 if largest >= SMALLEST_PATCH else 0):
        side = rng.randint(SMALLEST_PATCH, largest)
        left, top = rng.randint(0, width - side), rng.randint(0, height - side)
        square = (left, top, left + side, top + side)
        if all(intersection_over_union(square, hand) == 0 for hand in hands):
            return left, top, side
    return None


def _seed(name: str) -> int:
    return int.from_bytes(
        hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest()[:8], "big"
    )


def jpeg(image: npt.NDArray[np.uint8]) -> bytes:
    """Pack uint8 (H, W, 3) BGR as shards hold it."""
    return cv2.imencode(".jpg", image, QUALITY)[1].tobytes()
