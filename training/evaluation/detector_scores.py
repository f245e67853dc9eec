"""Scores of detectors: average precision, recall by hand size, boxes where no hand is.

A box on a hand that is marked to be ignored counts neither way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from rich.progress import track

from training.datasets.dataset import SampleSet
from training.errors import TrainingError
from training.evaluation.classifier_scores import size_groups
from training.evaluation.protocols import EvaluatedDetector
from training.metrics.classification import share
from training.metrics.detection import average_precision, curve
from vcam.core.box import intersection_over_union
from vcam.core.frame import Box, Image
from vcam.core.hand import Detection

MIN_IOU = 0.5
"""Minimum IoU of a detection with a hand."""


@dataclass(slots=True)
class Detections:
    """What one detector found in all pictures, matched to what is there."""

    scores: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    """Whether each detection is a hand that no better one had found."""
    image_id: list[int] = field(default_factory=list)
    """Picture of each detection."""
    box: list[Box] = field(default_factory=list)
    """Box of each detection, xyxy pixels of its picture."""
    best: list[float] = field(default_factory=list)
    """For each hand: score of the detection that is matched to it; 0 where it was missed."""
    share: list[float] = field(default_factory=list)
    """For each hand: its longer side over the picture's."""
    hand_image_id: list[int] = field(default_factory=list)
    """Picture of each hand."""
    images: int = 0

    def add(self, found: Sequence[Detection], row: dict[str, Any]) -> None:
        """Match one picture's detections, best first, each to the free hand that it covers best."""
        hands: list[Box] = [tuple(box) for box in row["boxes"]]
        taken = [0.0] * len(hands)
        for one in sorted(found, key=lambda detection: -detection.score):
            place = _covered(one.box_xyxy, hands, taken)
            if place is not None:
                taken[place] = one.score
            elif _ignored(one.box_xyxy, row.get("ignore", ())):
                continue
            self.scores.append(one.score)
            self.right.append(place is not None)
            self.image_id.append(self.images)
            self.box.append(one.box_xyxy)
        longest = max(row["width"], row["height"])
        self.best += taken
        self.share += [max(box[2] - box[0], box[3] - box[1]) / longest for box in hands]
        self.hand_image_id += [self.images] * len(hands)
        self.images += 1


def _covered(box: Box, hands: Sequence[Box], taken: Sequence[float]) -> int | None:
    overlaps = [
        0.0 if score else intersection_over_union(box, hand)
        for hand, score in zip(hands, taken, strict=True)
    ]
    best = max(range(len(hands)), key=overlaps.__getitem__, default=None)
    return best if best is not None and overlaps[best] >= MIN_IOU else None


def _ignored(box: Box, ignore: Sequence[Sequence[float]]) -> bool:
    return any(intersection_over_union(box, (a, b, c, d)) >= MIN_IOU for a, b, c, d in ignore)


def run_detectors(models: Sequence[EvaluatedDetector], frames: SampleSet) -> list[Detections]:
    """Return what each detector finds; every picture is read once. Raises `TrainingError`."""
    if not len(frames):
        raise TrainingError("There is no whole picture in this split: detectors need some.")
    detections = [Detections() for _ in models]
    for place in track(range(len(frames)), "looking at pictures", transient=True):
        rgb, row = frames.image(place)
        image: Image = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR).astype(np.uint8, copy=False)
        row = {"height": rgb.shape[0], "width": rgb.shape[1], **row}
        for model, found in zip(models, detections, strict=True):
            found.add(model.detect(image), row)
    return detections


def score_detections(detections: Detections, threshold: float) -> dict[str, Any]:
    """Return every score of one detector, ready to be written as JSON."""
    scores, right = np.array(detections.scores), np.array(detections.right, bool)
    seen = np.array(detections.best) >= max(threshold, 1e-9)
    shown = scores >= threshold
    sizes = size_groups(np.array(detections.share, np.float64))
    return {
        "pictures": detections.images,
        "hands": len(detections.best),
        "map_50": average_precision(scores, right, len(detections.best)),
        "threshold": threshold,
        "recall": share(seen.sum(), len(seen)),
        "recall_by_size": {
            name: {"hands": int(chosen.sum()), "recall": share(seen[chosen].sum(), chosen.sum())}
            for name, chosen in sizes.items()
        },
        "false_boxes": share((shown & ~right).sum(), detections.images),
        "curve": [[round(float(v), 4) for v in pair] for pair in curve(scores, right, len(seen))],
    }
