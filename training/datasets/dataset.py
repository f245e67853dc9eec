"""Prepared hands, pictures and backgrounds, as arrays to choose from and pixels on demand.

A set spans any number of prepared folders. What samples are chosen by is held as numpy columns
(about 40 bytes a hand); pixels are read and decoded one at a time, in whatever process asks.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, cast

import cv2
import numpy as np
import numpy.typing as npt

from training.datasets.hand_canvas import IN_IMAGE, ON_HAND
from training.datasets.shards import Dataset, Row, ShardReader, read_index, whole_shards
from training.errors import TrainingError
from vcam.core.labels import LEADING_HANDS

UNKNOWN = -1
"""Index of a leading hand that is not known."""

RgbImage: TypeAlias = npt.NDArray[np.uint8]
"""uint8 (H, W, 3) RGB, where `vcam.core.frame.Image` is BGR."""


class SampleSet:
    """Samples of one kind (`hands`, `frames`, `backgrounds`) in the order of their shards."""

    def __init__(self, folders: Sequence[Path], kind: str) -> None:
        """Open split folders such as `CACHE/train`. Raises `TrainingError` when one is damaged."""
        self.shards = [path for folder in folders for path in whole_shards(folder, kind)]
        indices = [read_index(path) for path in self.shards]
        counts = [len(index.get("begin", ())) for index in indices]
        self._indices = [index for index, count in zip(indices, counts, strict=True) if count]
        self.shard = np.repeat(np.arange(len(self.shards), dtype=np.int32), counts)
        """(N,): the shard that each sample lies in, as a place in `shards`."""
        self._begin = np.array(self.column("begin"), np.int64)
        self._end = np.array(self.column("end"), np.int64)
        self._reader = ShardReader()

    def __len__(self) -> int:
        return len(self.shard)

    def column(self, name: str, missing: Any = None) -> list[Any]:
        """Return one value a sample from the indices; `missing` where an index lacks it."""
        return [
            value
            for index in self._indices
            for value in index.get(name, [missing] * len(index["begin"]))
        ]

    def read(self, place: int) -> tuple[dict[str, bytes], Row]:
        """Return a sample's files by suffix, and its row."""
        shard = self.shards[self.shard[place]]
        files = self._reader.read(shard, int(self._begin[place]), int(self._end[place]))
        return files, json.loads(files["json"])

    def image(self, place: int) -> tuple[RgbImage, Row]:
        """Return a sample's picture, uint8 (H, W, 3) RGB, and its row."""
        files, row = self.read(place)
        return decode(files["jpg"]), row


class HandSet(SampleSet):
    """Hands on canvases (see `training.datasets.hand_canvas`) with what they show."""

    def __init__(self, folders: Sequence[Path], labels: Sequence[str]) -> None:
        """Open split folders; what hands show becomes indices into `labels`."""
        super().__init__(folders, "hands")
        known = {label: place for place, label in enumerate(labels)}
        gestures = self.column("gesture")
        if strange := sorted(set(gestures) - set(known)):
            raise TrainingError(
                f"These hands show {', '.join(strange)}, which the model has no name for: "
                "prepare all folders with the same classes."
            )
        sides = {side: place for place, side in enumerate(LEADING_HANDS)}
        self.labels = tuple(labels)
        self.gesture = np.array([known[gesture] for gesture in gestures], np.int64)
        self.hand = np.array([sides.get(side, UNKNOWN) for side in self.column("side")], np.int64)
        """(N,): index into `LEADING_HANDS`, or UNKNOWN."""
        self.confidence = np.array(self.column("side_confidence", 0.0), np.float32)
        self.source = np.array(self.column("source"), dtype=object)
        self.tight = np.array(self.column("tight"), bool)
        """(N,): the source picture held nothing but the hand."""
        self.cut = np.array(self.column("cut"), bool)
        """(N,): the hand's outline is known well enough to cut it out."""
        self.weight = np.array(self.column("weight", 1.0), np.float32)

    def first_of_image(self) -> npt.NDArray[np.int64]:
        """Return, for each source picture, the place of its first hand; its others follow."""
        of = np.array(self.column("of"), np.int64)
        changes = (np.diff(of) != 0) | (np.diff(self.shard) != 0)
        return np.flatnonzero(np.concatenate([[True], changes])[: len(of)]).astype(np.int64)

    def canvas(self, place: int) -> tuple[RgbImage, Row]:
        """Return a hand's canvas, uint8 (S, S, 4) RGBA, and its row."""
        files, row = self.read(place)
        rgb = decode(files["jpg"])
        return with_alpha(rgb, alpha_of(files, row, rgb.shape[0])), row


def alpha_of(files: dict[str, bytes], row: Row, side: int) -> npt.NDArray[np.uint8]:
    """Return alpha (S, S): 0 outside the picture, 128 in it, 255 on the hand.

    From the stored mask where there is one; else from `seen`, the part of the canvas that the
    picture covers (xyxy pixels), and `outline`, points around the hand with `reach` pixels more.
    """
    if "mask.png" in files:
        stored = cv2.imdecode(np.frombuffer(files["mask.png"], np.uint8), cv2.IMREAD_GRAYSCALE)
        return np.asarray(stored, np.uint8)
    alpha = np.zeros((side, side), np.uint8)
    left, top, right, bottom = (round(edge) for edge in row["seen"])
    alpha[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = IN_IMAGE
    if row.get("outline"):
        points = np.array(row["outline"], np.float32).round().astype(np.int32)
        hand = np.zeros_like(alpha)
        cv2.fillPoly(hand, [points], (ON_HAND,))
        thick = max(1, round(2 * row["reach"]))
        cv2.polylines(hand, [points], True, (ON_HAND,), thick, cv2.LINE_AA)
        hand[alpha == 0] = 0
        cv2.max(alpha, hand, dst=alpha)
    return alpha


def with_alpha(rgb: RgbImage, alpha: npt.NDArray[np.uint8]) -> RgbImage:
    """Return uint8 (S, S, 4) RGBA."""
    canvas = np.empty((*alpha.shape, 4), np.uint8)
    cv2.mixChannels([rgb, alpha], [canvas], [0, 0, 1, 1, 2, 2, 3, 3])
    return canvas


def decode(data: bytes) -> RgbImage:
    """Return uint8 (H, W, 3) RGB. Raises `TrainingError` when it is no picture."""
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    if image is None:
        raise TrainingError("A prepared picture does not decode: run `prepare` again.")
    return cast("RgbImage", image)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Everything of one split, from one or several prepared folders."""

    dataset: Dataset
    hands: HandSet
    frames: SampleSet
    backgrounds: SampleSet


def open_prepared(folders: Sequence[Path], split: str) -> Prepared:
    """Open one split of prepared folders. Raises `TrainingError` when they do not fit together.

    The folder with most labels says which there are, whatever the order.
    """
    datasets = [Dataset.read(folder) for folder in folders]
    first = max(datasets, key=lambda dataset: len(dataset.labels))
    for folder, dataset in zip(folders, datasets, strict=True):
        if dataset.side != first.side or not set(dataset.labels) <= set(first.labels):
            raise TrainingError(
                f"{folder} was prepared with other classes or another size than "
                f"{folders[datasets.index(first)]}: prepare both alike."
            )
    splits = [folder / split for folder in folders]
    return Prepared(
        first,
        HandSet(splits, first.labels),
        SampleSet(splits, "frames"),
        SampleSet(splits, "backgrounds"),
    )
