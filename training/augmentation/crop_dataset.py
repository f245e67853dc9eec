"""Batches of hand crops for classifiers, as a detector would cut them from a webcam picture."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.utils.data import Dataset

from training.augmentation.sampler import Slot, SlotSampler, class_balanced, with_source_shares
from training.augmentation.transforms import (
    WebcamAugmentation,
    alpha_blend,
    downscale_first,
    mirror_matrix,
    rotation_matrix,
    with_backlight,
)
from training.augmentation.turned_hands import (
    NO_JOINTS,
    moved_joints,
    pointing_when_turned,
    shown_when_turned,
)
from training.datasets.annotations import WEBCAM_SOURCES
from training.datasets.dataset import UNKNOWN, HandSet, Prepared, RgbImage
from training.datasets.hand_canvas import SEEN_MIN_ALPHA, clean_crop, clean_move
from training.datasets.shards import Row
from vcam.core.labels import NO_GESTURE

NO_SURROUNDINGS = frozenset({"rps-green", "rendered"})
"""Sources whose ground is green cloth or nothing: their hands belong on other pictures."""
SHARE_OF_GESTURES = 0.7
"""How often HaGRID's training looks at the hand with the gesture, where there is another."""


SOURCE_SHARES: Mapping[str, float] = {
    "webcams": 0.17,
    "rendered": 0.11,
    "webcams, nothing": 0.10,
    "rendered, nothing": 0.10,
    "clips, nothing": 0.05,
    "mined, nothing": 0.05,
    "hagrid, nothing": 0.04,
}
"""Part of all crops that kinds of sources make up, those of hands that show nothing apart. Near
misses are few beside the crops that somebody calls nothing, and teach what only they can."""
CORRECTIONS: Mapping[str, float] = {"corrections": 0.55, "corrections, nothing": 0.45}
"""How a person's corrections (`improve`) share the part that they make up: what fires rightly or
was missed, and what fired wrongly."""


@dataclass(frozen=True, slots=True)
class CropRecipe:
    """How crops are drawn and augmented."""

    size: int = 80
    margin: float = 1.25
    """Side of the square crop over the longer side of the box, at run time."""
    balance: float | None = 0.6
    """Classes are drawn by their count to the power of minus this; None: each hand once."""
    shares: Mapping[str, float] = field(default_factory=lambda: dict(SOURCE_SHARES))
    """Only for kinds that there are; the others share the rest as their classes are balanced."""
    loose: tuple[float, float] = (0.82, 1.3)
    """How much smaller or larger than the true box a detector's box may be."""
    shift: float = 0.1
    """How far off a detector's box may be, as part of its side."""
    degrees: float = 22.0
    turned: float = 0.15
    """Share of crops turned by a quarter, a half or three quarters, to learn orientation from, and
    that fingers which point aside or down are no gesture."""
    backlit: float = 0.12
    """Share of cut hands that are darker than the room, as before a window."""
    nothing: float = 0.04
    """Share of crops that show no hand at all, for what a detector takes for one."""
    trusted_side: float = 0.8
    """Minimum confidence at which a pseudo label of the hand is believed."""
    webcam: bool = True
    """Surroundings, flips and bad light; False: crops as they are, as in HaGRID's tutorial."""
    one_hand_a_picture: bool = False
    """Each epoch one hand of every picture: its gesture's with probability 0.7, else the other."""


CropSample: TypeAlias = tuple[RgbImage, int, int, int, npt.NDArray[np.float32]]
"""Crop, gesture, side, orientation and landmarks."""


@dataclass(frozen=True, slots=True, eq=False)
class CropBatch:
    """Some slots of a global batch of crops."""

    crops: Tensor
    """uint8 (N, S, S, 3) RGB."""
    gesture: Tensor
    """(N,) indices of labels, UNKNOWN where a turned hand would show another gesture."""
    hand: Tensor
    """(N,) indices into `LEADING_HANDS`, or UNKNOWN."""
    orientation: Tensor
    """(N,) indices into `ORIENTATIONS`, or UNKNOWN."""
    joints: Tensor
    """float32 (N, 21, 2): landmarks, x and y in parts of the crop; NaN where they are not known."""

    def pin_memory(self) -> "CropBatch":
        """Return the batch in memory that a GPU copies from without waiting."""
        return CropBatch(
            *(
                tensor.pin_memory()
                for tensor in (self.crops, self.gesture, self.hand, self.orientation, self.joints)
            )
        )


class CropBatches(Dataset[CropBatch]):
    """One epoch's batches by step: the same step gives the same batch, in any process."""

    def __init__(
        self, prepared: Prepared, recipe: CropRecipe, batch: int, share: slice, streams: int = 1
    ) -> None:
        """Draw from a split; raises `TrainingError` when it is empty."""
        self.prepared, self.recipe, self.batch, self.share = prepared, recipe, batch, share
        hands = prepared.hands
        chance = None
        if recipe.balance is not None:
            chance = class_balanced(hands.gesture, hands.weight, recipe.balance)
            chance = with_source_shares(chance, _kinds(hands), recipe.shares)
        self.first = hands.first_of_image() if recipe.one_hand_a_picture else None
        shards = hands.shard if self.first is None else hands.shard[self.first]
        self.sampler = SlotSampler(shards, chance, streams)
        self.key: tuple[int, ...] = (0, 0)
        self.taken: frozenset[int] = frozenset()
        """Quarters in which a gesture of somebody's own is at home (`taken_turns`)."""

    def __len__(self) -> int:
        samples = len(self.prepared.hands) if self.first is None else len(self.first)
        return max(1, samples // self.batch)

    def __getitem__(self, step: int) -> CropBatch:
        slots = self.sampler.slots(self.key, step, self.batch, self.share)
        made = [self._crop(slot) for slot in slots]
        crops, gestures, sides, turns, joints = zip(*made, strict=True)
        return CropBatch(
            torch.from_numpy(np.stack(crops)),
            torch.tensor(gestures),
            torch.tensor(sides),
            torch.tensor(turns),
            torch.from_numpy(np.stack(joints)),
        )

    def places(self, step: int) -> npt.NDArray[np.intp]:
        """Return which hands a step's crops are drawn from: places in the set, (N,)."""
        slots = self.sampler.slots(self.key, step, self.batch, self.share)
        return np.array([slot.sample for slot in slots], np.intp)

    def _crop(self, slot: Slot) -> CropSample:
        random, place = slot.random(), slot.sample
        if self.first is not None:
            place = self._choose(place, random)
        if not self.recipe.webcam:
            return self._plain(place)
        crop = self._background(random)
        if random.random() < self.recipe.nothing:
            nothing = self.prepared.hands.labels.index(NO_GESTURE)
            return WebcamAugmentation(random).apply(crop), nothing, UNKNOWN, UNKNOWN, NO_JOINTS
        canvas, row = self.prepared.hands.canvas(place)
        if row["cut"] and random.random() < self.recipe.backlit:
            canvas = with_backlight(
                canvas, float(random.uniform(0.15, 0.6)), float(random.uniform(1, 2))
            )
        flipped = bool(random.random() < 0.5)
        quarters = int(random.integers(1, 4)) if random.random() < self.recipe.turned else 0
        softened = self._soften(canvas, row, random)
        move = self._paste_hand(crop, softened, quarters, flipped, random)
        hands = self.prepared.hands
        gesture = shown_when_turned(int(hands.gesture[place]), quarters, hands.labels, self.taken)
        side = self._side(place)
        if flipped and side != UNKNOWN:
            side = 1 - side
        return (
            WebcamAugmentation(random).apply(crop),
            gesture,
            side,
            pointing_when_turned(row, quarters, flipped),
            moved_joints(row, move, self.recipe.size),
        )

    def _choose(self, image_id: int, random: np.random.Generator) -> int:
        """Return one hand of a picture, as HaGRID's own classifier training does."""
        hands, first = self.prepared.hands, self.first
        assert first is not None
        last = first[image_id + 1] if image_id + 1 < len(first) else len(hands)
        places = np.arange(first[image_id], last)
        shows = hands.gesture[places] != hands.labels.index(NO_GESTURE)
        wanted = shows if random.random() < SHARE_OF_GESTURES else ~shows
        return int(random.choice(places[wanted] if wanted.any() else places))

    def _plain(self, place: int) -> CropSample:
        canvas, row = self.prepared.hands.canvas(place)
        size, margin = self.recipe.size, self.recipe.margin
        crop = clean_crop(canvas, size, margin)
        gesture = int(self.prepared.hands.gesture[place])
        return (
            crop,
            gesture,
            self._side(place),
            pointing_when_turned(row, 0, False),
            moved_joints(row, clean_move(canvas.shape[0], size, margin), size),
        )

    def _side(self, place: int) -> int:
        trusted = self.prepared.hands.confidence[place] >= self.recipe.trusted_side
        return int(self.prepared.hands.hand[place]) if trusted else UNKNOWN

    def _soften(
        self, canvas: npt.NDArray[np.uint8], row: Row, random: np.random.Generator
    ) -> npt.NDArray[np.uint8]:
        """Keep a hand's surroundings, or leave its alpha as it is, so that it is cut out."""
        if random.random() >= _cut_share(row):
            canvas[..., 3] = (canvas[..., 3] >= SEEN_MIN_ALPHA) * np.uint8(255)
        return canvas

    def _paste_hand(
        self,
        crop: RgbImage,
        canvas: npt.NDArray[np.uint8],
        quarters: int,
        flipped: bool,
        random: np.random.Generator,
    ) -> npt.NDArray[np.float64]:
        """Put the hand where a detector would have it; return how its canvas was moved (2, 3)."""
        size, recipe = self.recipe.size, self.recipe
        low, high = (math.log(bound) for bound in recipe.loose)
        scale = size / (recipe.margin * canvas.shape[0] / 2) / math.exp(random.uniform(low, high))
        whole = canvas.shape[0]
        canvas, scale = downscale_first(canvas, scale)
        side = canvas.shape[0]
        reach = recipe.shift * size / recipe.margin
        target = size / 2 + random.uniform(-reach, reach, 2)
        turn = float(random.uniform(-1, 1)) * recipe.degrees - 90 * quarters
        move = rotation_matrix(
            (side / 2, side / 2), turn, scale, (float(target[0]), float(target[1]))
        )
        move = mirror_matrix(move, size) if flipped else move
        hand = cv2.warpAffine(canvas, move, (size, size))
        alpha_blend(crop, hand.astype(np.uint8, copy=False), float(random.uniform(2, 8)))
        return move * (side / whole, side / whole, 1)

    def _background(self, random: np.random.Generator) -> RgbImage:
        size, patches = self.recipe.size, self.prepared.backgrounds
        if not len(patches):
            return np.full((size, size, 3), random.integers(0, 256, 3), np.uint8)
        patch, _ = patches.image(int(random.integers(len(patches))))
        side = patch.shape[0]
        scale, middle = size / side * float(random.uniform(1.1, 2.2)), size / 2
        turn = float(random.uniform(-8, 8))
        move = rotation_matrix((side / 2, side / 2), turn, scale, (middle, middle))
        if random.random() < 0.5:
            move = mirror_matrix(move, size)
        flags = cv2.BORDER_REFLECT
        return cv2.warpAffine(patch, move, (size, size), borderMode=flags).astype(np.uint8)


def _kinds(hands: HandSet) -> npt.NDArray[np.str_]:
    """Return the kind of source (N,) of every hand, as `SOURCE_SHARES` names them."""
    source = np.where(np.isin(hands.source, WEBCAM_SOURCES), "webcams", hands.source.astype(str))
    nothing = hands.gesture == hands.labels.index(NO_GESTURE)
    return np.char.add(source, np.where(nothing, ", nothing", ""))


def _cut_share(row: Row) -> float:
    """How often a hand is cut out: rarely where its real surroundings are worth keeping."""
    if not row["cut"]:
        return 0.0
    if row["source"] in NO_SURROUNDINGS:
        return 1.0
    return 0.5 if row["tight"] else 0.4 if row["source"] in WEBCAM_SOURCES else 0.15
