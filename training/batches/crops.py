"""Batches of hand crops for the classifier, as a detector would cut them from a webcam picture."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.batches.augment import Picture, Spoiler, about, lay_over, mirrored
from training.data.canvas import HAND, SIDE
from training.data.prepare import Cache, Row
from vcam.gesture import LABELS, LEADING_HANDS, NO_GESTURE

UNKNOWN = -1
"""Hand label of crops whose hand is unknown; the loss leaves them out."""

NO_SURROUNDINGS = frozenset({"rps-green", "rendered"})
"""Sources whose ground is green cloth or nothing: their hands belong on other pictures."""


@dataclass(frozen=True, slots=True)
class CropRecipe:
    """How crops are drawn and spoilt."""

    size: int = 96
    margin: float = 1.25
    """Side of the square crop over the longer side of the box, at run time."""
    balance: float = 0.6
    """Classes are drawn by their count to the power of minus this; 0: as they come."""
    loose: tuple[float, float] = (0.82, 1.3)
    """How much smaller or larger than the true box a detector's box may be."""
    shift: float = 0.1
    """How far off a detector's box may be, as part of its side."""
    degrees: float = 22.0
    nothing: float = 0.04
    """Share of crops that show no hand at all, for what a detector takes for one."""
    trusted_side: float = 0.8
    """Least confidence at which a pseudo label of the hand is believed."""


class CropBatches:
    """Draws augmented batches from prepared caches."""

    def __init__(self, caches: Sequence[Cache], recipe: CropRecipe, seed: int) -> None:
        self.caches, self.recipe = caches, recipe
        self.random = np.random.default_rng(seed)
        self.spoiler = Spoiler(self.random)
        self.places = [(cache, place) for cache in caches for place in range(len(cache.hand_rows))]
        self.rows = [row for cache in caches for row in cache.hand_rows]
        self.chance = _chances(self.rows, recipe.balance)
        self.backgrounds = caches[0].backgrounds

    def epoch(self, pictures: int, batch: int) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """Yield crops (N, S, S, 3) uint8 RGB, gesture (N,) and hand (N,) indices."""
        drawn = self.random.choice(len(self.places), pictures, p=self.chance)
        for start in range(0, pictures - batch + 1, batch):
            made = [self._crop(int(place)) for place in drawn[start : start + batch]]
            crops, gestures, sides = zip(*made, strict=True)
            yield torch.from_numpy(np.stack(crops)), torch.tensor(gestures), torch.tensor(sides)

    def _crop(self, place: int) -> tuple[Picture, int, int]:
        crop = self._background()
        if self.random.random() < self.recipe.nothing:
            return self.spoiler.spoil(crop), LABELS.index(NO_GESTURE), UNKNOWN
        row = self.rows[place]
        flipped = bool(self.random.random() < 0.5)
        self._lay_hand(crop, place, flipped)
        side = _side(row, self.recipe.trusted_side)
        if flipped and side != UNKNOWN:
            side = 1 - side
        return self.spoiler.spoil(crop), LABELS.index(row["gesture"]), side

    def _lay_hand(self, crop: Picture, place: int, flipped: bool) -> None:
        """Put the hand where a detector would have it, cut out or with what was around it."""
        cache, index = self.places[place]
        size, recipe = self.recipe.size, self.recipe
        low, high = (math.log(bound) for bound in recipe.loose)
        scale = size / (recipe.margin * HAND) / math.exp(self.random.uniform(low, high))
        reach = recipe.shift * size / recipe.margin
        target = size / 2 + self.random.uniform(-reach, reach, 2)
        turn = float(self.random.uniform(-1, 1)) * recipe.degrees
        move = about((SIDE / 2, SIDE / 2), turn, scale, (float(target[0]), float(target[1])))
        move = mirrored(move, size) if flipped else move
        hand = cv2.warpAffine(np.asarray(cache.hands[index]), move, (size, size))
        if self.random.random() >= _cut_share(self.rows[place]):
            hand[..., 3] = (hand[..., 3] > 60) * np.uint8(255)
        lay_over(crop, hand.astype(np.uint8, copy=False), float(self.random.uniform(2, 8)))

    def _background(self) -> Picture:
        patch = self.backgrounds[int(self.random.integers(len(self.backgrounds)))]
        scale = self.recipe.size / SIDE * float(self.random.uniform(1.1, 2.2))
        middle = self.recipe.size / 2
        move = about(
            (SIDE / 2, SIDE / 2), float(self.random.uniform(-8, 8)), scale, (middle, middle)
        )
        if self.random.random() < 0.5:
            move = mirrored(move, self.recipe.size)
        size = (self.recipe.size, self.recipe.size)
        flags = cv2.BORDER_REFLECT
        return cv2.warpAffine(np.asarray(patch), move, size, borderMode=flags).astype(np.uint8)


def _cut_share(row: Row) -> float:
    """How often a hand is cut out: rarely where its real surroundings are worth keeping."""
    if not row["cut"]:
        return 0.0
    if row["source"] in NO_SURROUNDINGS:
        return 1.0
    return 0.5 if row["tight"] else 0.15


def _side(row: Row, trusted: float) -> int:
    if row["side"] is None or row["side_confidence"] < trusted:
        return UNKNOWN
    return LEADING_HANDS.index(row["side"])


def _chances(rows: Sequence[Row], balance: float) -> npt.NDArray[np.float64]:
    count = Counter(row["gesture"] for row in rows)
    weights = np.array([count[row["gesture"]] ** -balance * row.get("weight", 1.0) for row in rows])
    return np.asarray(weights / weights.sum())
