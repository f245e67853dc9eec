"""What a model says of every hand of a prepared split, beside what is true."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rich.progress import Progress

from training.datasets.dataset import UNKNOWN, HandSet
from training.datasets.hand_canvas import clean_crop
from training.errors import TrainingError
from training.evaluation.brightness import brightness
from training.evaluation.protocols import EvaluatedClassifier, Scores
from vcam.core.labels import NO_GESTURE

BATCH = 64
TRUSTED_SIDE = 0.8
"""Minimum confidence at which a pseudo label of the hand is counted."""


@dataclass(frozen=True, slots=True, eq=False)
class Hands:
    """What is known of N hands, whatever any model says of them."""

    labels: tuple[str, ...]
    gesture: npt.NDArray[np.int64]
    """(N,): index into `labels`."""
    hand: npt.NDArray[np.int64]
    """(N,): index into `LEADING_HANDS`, UNKNOWN where it is not known well enough."""
    share: npt.NDArray[np.float64]
    """(N,): longer side of the hand over that of its picture; NaN where it is not known."""
    brightness: npt.NDArray[np.float64]
    """(N,): mean luma of the hand's square, 0..255."""
    image_id: npt.NDArray[np.int64]
    """(N,): hands with the same number are on one picture."""

    def __len__(self) -> int:
        return len(self.gesture)


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What one model says of `Hands`."""

    gesture: Scores
    """(N, C): probabilities in the order of the hands' labels."""
    hand: Scores | None
    """(N, 2): probabilities in the order of `LEADING_HANDS`, or None."""


def ask(
    models: Sequence[EvaluatedClassifier], hands: HandSet, progress: Progress | None = None
) -> tuple[Hands, list[Answers]]:
    """Return what is known of the hands, and what each model says of them.

    Every canvas is read once, whatever the number of models. Raises `TrainingError` when there is
    no hand or a canvas cannot be read.
    """
    if not len(hands):
        raise TrainingError(
            "There is no hand in this split: prepare more pictures or name another."
        )
    if progress is None:
        with Progress(transient=True) as bar:
            return ask(models, hands, bar)
    task = progress.add_task("looking at hands", total=len(hands))
    facts: list[tuple[float, float, str]] = []
    said: list[list[tuple[Scores, Scores | None]]] = [[] for _ in models]
    for start in range(0, len(hands), BATCH):
        read = [hands.canvas(place) for place in range(start, min(start + BATCH, len(hands)))]
        for (canvas, row), place in zip(read, range(start, len(hands)), strict=False):
            name = f"{row.get('source')}/{row.get('picture') or place}"
            share = row.get("share")
            facts.append((np.nan if share is None else share, brightness(canvas), name))
        for model, parts in zip(models, said, strict=True):
            crops = [clean_crop(canvas, model.size, model.margin) for canvas, _ in read]
            parts.append(model.classify(np.stack(crops)))
        progress.advance(task, len(read))
    answers = [
        _joined(parts, model.labels, hands.labels)
        for parts, model in zip(said, models, strict=True)
    ]
    return _known(hands, facts), answers


def _known(hands: HandSet, facts: Sequence[tuple[float, float, str]]) -> Hands:
    shares, lights, names = zip(*facts, strict=True)
    trusted = hands.confidence >= np.float32(TRUSTED_SIDE)
    return Hands(
        hands.labels,
        hands.gesture,
        np.where(trusted, hands.hand, UNKNOWN),
        np.array(shares, np.float64),
        np.array(lights, np.float64),
        np.unique(np.array(names), return_inverse=True)[1].astype(np.int64),
    )


def _joined(
    parts: Sequence[tuple[Scores, Scores | None]], given: Sequence[str], wanted: Sequence[str]
) -> Answers:
    gesture = to_labels(np.concatenate([part[0] for part in parts]), given, wanted)
    sides = [part[1] for part in parts if part[1] is not None]
    return Answers(gesture, np.concatenate(sides) if sides else None)


def to_labels(said: Scores, given: Sequence[str], wanted: Sequence[str]) -> Scores:
    """Bring probabilities (N, G) of the labels `given` into the order `wanted`: (N, W).

    What is not wanted counts as `no_gesture`, by each hand's likeliest: a sum over many other
    classes would outweigh a gesture that the model prefers to every one of them. Raises
    `TrainingError` when the model knows none of the wanted labels.
    """
    if not set(given) & set(wanted):
        raise TrainingError("The model knows none of the gestures of this data set: name another.")
    places = {label: place for place, label in enumerate(wanted)}
    out = np.zeros((len(said), len(wanted)))
    for column, label in enumerate(given):
        if label in places:
            out[:, places[label]] = said[:, column]
    others = [column for column, label in enumerate(given) if label not in places]
    if others and NO_GESTURE in places:
        rest = out[:, places[NO_GESTURE]]
        out[:, places[NO_GESTURE]] = np.maximum(rest, said[:, others].max(1))
    return out
