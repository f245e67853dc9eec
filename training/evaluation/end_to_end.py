"""What a detector finds in whole pictures, and what a classifier says of each detection."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from rich.progress import track

from training.datasets.annotations import ANY_HAND
from training.datasets.dataset import SampleSet
from training.datasets.shards import Row
from training.errors import TrainingError
from training.evaluation.protocols import EvaluatedClassifier, EvaluatedDetector, Scores
from vcam.core.box import intersection_over_union
from vcam.core.frame import Box, Image, mirrored_box
from vcam.core.labels import NO_GESTURE
from vcam.vision.score_fusion import ScoreFusion, log_odds
from vcam.vision.test_time_augmentation import AugmentedClassifier, Inference

NEWTON_STEPS = 40
MAX_STEP = 0.3
"""Of one weight: where nearly all is confident the curve is flat, a whole step leaps too far."""
DECAY = 1.0
MIN_PROBABILITY = 1e-30
"""Probabilities are no smaller than this when they become logits again."""


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """All detections in some pictures, in the order of the pictures."""

    labels: tuple[str, ...]
    score: Scores
    """(N,): how confident the detector is."""
    said: Scores
    """(N, C): probabilities of `labels`."""
    image_id: npt.NDArray[np.int64]
    """(N,): which picture."""
    covers: npt.NDArray[np.int64]
    """(N,): which true hand it covers with IoU 0.5 or more, counted over all pictures, or -1."""
    shown: tuple[frozenset[str], ...]
    """(P,): the gestures that each picture shows."""
    hands: int
    """True hands in all pictures."""


def run_end_to_end(
    detector: EvaluatedDetector, classifier: EvaluatedClassifier, frames: SampleSet
) -> Detections:
    """Run both models as the program does. Raises `TrainingError` when there is nothing to find.

    Every picture is looked at as it is and mirrored: two looks at few pictures tell more of how
    scores scatter than one.
    """
    score: list[float] = []
    said: list[Scores] = []
    image_id: list[int] = []
    covers: list[int] = []
    shown: list[frozenset[str]] = []
    hands = 0
    augmented = AugmentedClassifier(
        _asked(classifier), classifier.labels, classifier.size, classifier.margin
    )
    for view in track(range(2 * len(frames)), "looking at pictures", transient=True):
        image, row = _read_frame(frames, *divmod(view, 2))
        shown.append(frozenset(row["gestures"]) - {NO_GESTURE, ANY_HAND})
        true = [tuple(box) for box in row["boxes"]]
        found = detector.detect(image)
        if found:
            named = augmented.name(image, [one.box_xyxy for one in found])
            said.append(np.array([one.gesture for one in named]))
        score += [one.score for one in found]
        image_id += [view] * len(found)
        covers += [_covered(one.box_xyxy, true, hands) for one in found]
        hands += len(true)
    if not said:
        raise TrainingError("The detector finds nothing in these pictures: prepare others.")
    return Detections(
        tuple(classifier.labels),
        np.array(score),
        np.concatenate(said),
        np.array(image_id, np.int64),
        np.array(covers, np.int64),
        tuple(shown),
        hands,
    )


def _asked(classifier: EvaluatedClassifier) -> Inference:
    """Return a classifier as the program asks it; of the hands only gestures matter here."""

    def infer(crops: Image) -> dict[str, Scores]:
        gesture, _ = classifier.classify(crops)
        return {
            "gesture": np.log(np.maximum(gesture, MIN_PROBABILITY)),
            "hand": np.zeros((len(crops), 2)),
        }

    return infer


def _read_frame(frames: SampleSet, place: int, mirrored: int) -> tuple[Image, Row]:
    """Return a picture, uint8 (H, W, 3) BGR, and its row; both mirrored if asked for."""
    rgb, row = frames.image(place)
    image = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR).astype(np.uint8, copy=False)
    if not mirrored:
        return image, row
    wide = image.shape[1]
    boxes = [mirrored_box(box, wide) for box in row["boxes"]]
    return np.ascontiguousarray(image[:, ::-1]), {**row, "boxes": boxes}


def _covered(box: Box, true: Sequence[Box], before: int) -> int:
    overlaps = [intersection_over_union(box, other) for other in true]
    best = max(range(len(true)), key=overlaps.__getitem__, default=None)
    return -1 if best is None or overlaps[best] < 0.5 else before + best


def recall_at(detections: Detections, min_score: float) -> float:
    """Return the share of true hands that a detection with at least this score covers."""
    covered = detections.covers[(detections.score >= min_score) & (detections.covers >= 0)]
    return len(np.unique(covered)) / max(1, detections.hands)


def false_boxes_per_image(detections: Detections, min_score: float) -> float:
    """Return how many detections with at least this score cover no true hand, for each picture."""
    return float(
        ((detections.score >= min_score) & (detections.covers < 0)).sum() / len(detections.shown)
    )


def truly(detections: Detections, said: Scores) -> npt.NDArray[np.bool_]:
    """Mark detections (N,) whose likeliest label is a gesture that their picture shows.

    A picture's hands may show two gestures; which of them shows which does not matter here.
    """
    pairs = zip(said.argmax(1), detections.image_id, strict=True)
    return np.array(
        [detections.labels[label] in detections.shown[place] for label, place in pairs], bool
    )


def fused(detections: Detections, said: Scores, fusion: ScoreFusion) -> Scores:
    """Return what the program makes of probabilities (N, C): the likeliest label alone.

    A gesture's score is joined with the detection's; that of `no_gesture` stays 1.
    """
    top, every = said.argmax(1), np.arange(len(said))
    out = np.zeros_like(said)
    out[every, top] = [
        fusion.score(gesture, detection)
        for gesture, detection in zip(said[every, top], detections.score, strict=True)
    ]
    nothing = detections.labels.index(NO_GESTURE)
    out[top == nothing, nothing] = 1.0
    return out


def fit_fusion(detections: Detections, said: Scores) -> ScoreFusion:
    """Return the logistic regression of a gesture's being there on both scores' log-odds.

    Fitted by Newton's method with a little weight decay, on detections that are given a gesture.
    """
    top, every = said.argmax(1), np.arange(len(said))
    given = top != detections.labels.index(NO_GESTURE)
    right = truly(detections, said)[given].astype(np.float64)
    if not 0 < right.sum() < len(right):  # all right or all wrong: nothing to learn from
        return ScoreFusion()
    odds = np.array(
        [
            (log_odds(gesture), log_odds(detection), 1.0)
            for gesture, detection in zip(
                said[every, top][given], detections.score[given], strict=True
            )
        ]
    )
    weights = np.array([1.0, 0.0, 0.0])
    for _ in range(NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-(odds @ weights).clip(-30, 30)))
        slope = odds.T @ (right - chance) - DECAY * weights
        curve = (odds * (chance * (1 - chance))[:, None]).T @ odds + DECAY * np.eye(3)
        weights = weights + np.linalg.solve(curve, slope).clip(-MAX_STEP, MAX_STEP)
    gesture, detection, offset = (round(float(weight), 3) for weight in weights)
    return ScoreFusion(gesture, detection, offset)


def acted(
    detections: Detections, said: Scores, min_score: Scores, acting: float
) -> tuple[float, float]:
    """Return the share of pictures of a gesture that are given it, and of those given a wrong one.

    `min_score` (C,) is the minimum probability of each label, `acting` that of a detection.
    """
    top = said.argmax(1)
    nothing = detections.labels.index(NO_GESTURE)
    confident = (detections.score >= acting) & (top != nothing) & (said.max(1) >= min_score[top])
    right = truly(detections, said)
    hit, wrong = (np.unique(detections.image_id[confident & one]) for one in (right, ~right))
    gestures = sum(map(bool, detections.shown))
    return len(hit) / max(1, gestures), len(wrong) / len(detections.shown)
