"""Two models of one task beside each other: how right they are, and how fast."""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.progress import track

from training.datasets.dataset import UNKNOWN
from training.export.calibration_data import (
    BATCH,
    Images,
    boxed_frame,
    crop_batches,
    open_frames,
    open_hands,
)
from training.metrics.classification import summary
from training.metrics.detection import found_share
from vcam.core.frame import Box
from vcam.core.labels import LEADING_HANDS
from vcam.vision.models.session import ModelSession
from vcam.vision.preprocessing import detections_in

ROUNDS = 200
WARM_UP = 20

Scores = dict[str, float]


def scores_of(session: ModelSession, cache: Path, split: str = "val") -> Scores:
    """Return how right a model is on a prepared folder's validation split; `images` among it."""
    card = session.card
    return (_detector if card.task == "detect" else _classifier)(session, cache, split)


def _classifier(session: ModelSession, cache: Path, split: str) -> Scores:
    """F1 of gestures, and how often the leading hand is right where it is known."""
    card = session.card
    hands = open_hands(cache, split, card.labels)
    crops = crop_batches(hands, range(len(hands)), card.height, card.margin)
    batches = track(crops, f"scoring {card.name}", total=-(-len(hands) // BATCH))
    given = [[head.argmax(1) for head in session.run(batch)] for batch in batches]
    gesture, side = (np.concatenate(head) for head in zip(*given, strict=True))
    true_side = np.array([LEADING_HANDS[place] for place in hands.hand])  # UNKNOWN is left out
    known = hands.hand != UNKNOWN
    right = np.array(card.hands)[side] == true_side
    return {
        "images": len(hands),
        **summary(hands.gesture, gesture, card.labels),
        **({"hand_accuracy": round(float(right[known].mean()), 4)} if known.any() else {}),
    }


def _detector(session: ModelSession, cache: Path, split: str) -> Scores:
    """Share of true hands found at the card's threshold, and boxes per picture."""
    card = session.card
    frames = open_frames(cache, split)
    found: list[list[Box]] = []
    true: list[list[Box]] = []
    for place in track(range(len(frames)), f"scoring {card.name}"):
        board, row = boxed_frame(frames, place, card.height * card.width)
        boxes, scores = session.run(board.image)
        detections = detections_in(board, boxes, scores, card.threshold("detection"))
        found.append([d.box_xyxy for d in detections])
        true.append([tuple(box) for box in row["boxes"]])
    return {
        "images": len(frames),
        "found": round(found_share(found, true), 4),
        "boxes_per_picture": round(sum(map(len, found)) / len(frames), 4),
    }


def speeds_of(sessions: Sequence[ModelSession], batch: Images, rounds: int = ROUNDS) -> list[float]:
    """Return each model's median milliseconds for one picture, uint8 (1, H, W, 3).

    They run in turns, so that whatever else the machine does falls on all alike; one thread each
    and no spinning, as in the program.
    """
    times: list[list[float]] = [[] for _ in sessions]
    for _ in range(WARM_UP + rounds):
        for session, taken in zip(sessions, times, strict=True):
            began = time.perf_counter()
            session.run(batch)
            taken.append(1000 * (time.perf_counter() - began))
    return [float(np.median(taken[WARM_UP:])) for taken in times]
