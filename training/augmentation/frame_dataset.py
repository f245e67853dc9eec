"""Batches of whole pictures for the detector: moved, zoomed, and with more hands pasted."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.utils.data import Dataset

from training.augmentation.boxes import Boxes, clip_boxes, move_boxes
from training.augmentation.copy_paste import CopyPasteBank, paste_into
from training.augmentation.sampler import Slot, SlotSampler
from training.augmentation.transforms import (
    WebcamAugmentation,
    downscale_first,
    mirror_matrix,
    rotation_matrix,
)
from training.datasets.annotations import SOURCE_WEIGHTS
from training.datasets.dataset import Prepared
from vcam.core.box import intersection_over_union

BATCH_SIZES_PX = ((288, 288), (224, 384), (224, 384), (256, 320), (384, 224), (320, 256))
"""Heights and widths that batches come in: what letterboxing gives for common cameras."""


@dataclass(frozen=True, slots=True)
class FrameRecipe:
    """How pictures are moved and what is pasted into them."""

    zoom: tuple[float, float] = (0.55, 1.9)
    degrees: float = 8.0
    turned: float = 0.1
    """Share of pictures that lie on a side or their head: hands that swipe do."""
    pasted: float = 0.7
    """Share of pictures that get more hands."""
    pasted_size: tuple[float, float] = (16.0, 210.0)
    """Longer side of a pasted hand in pixels."""
    pasted_turned: float = 0.3
    """Share of pasted hands that point sideways or down."""
    source_power: float = 1.3
    """Sources are drawn by their count to this power: mostly those with real rooms."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One picture with its boxes."""

    image: npt.NDArray[np.uint8]
    """uint8 (H, W, 3) RGB."""
    boxes: Boxes
    ignore: Boxes


@dataclass(frozen=True, slots=True, eq=False)
class FrameBatch:
    """Some slots of a global batch of pictures, all of one size."""

    images: Tensor
    """uint8 (N, H, W, 3) RGB."""
    boxes: list[Boxes]
    ignore: list[Boxes]
    """What is neither a hand nor none."""


class FrameBatches(Dataset[FrameBatch]):
    """One epoch's batches by step: the same step gives the same batch, in any process."""

    def __init__(
        self, prepared: Prepared, recipe: FrameRecipe, batch: int, share: slice, streams: int = 1
    ) -> None:
        """Draw from a split; raises `TrainingError` when it is empty."""
        self.prepared, self.recipe, self.batch, self.share = prepared, recipe, batch, share
        sources = np.array(prepared.frames.column("source"), dtype=object)
        names, places, counts = np.unique(sources, return_inverse=True, return_counts=True)
        weight = counts.astype(np.float64) ** (recipe.source_power - 1)
        weight *= [SOURCE_WEIGHTS.get(name, 1.0) for name in names]
        chance = weight[places] if len(names) else np.zeros(0)
        self.sampler = SlotSampler(prepared.frames.shard, chance / max(1e-9, chance.sum()), streams)
        self.copy_pasted = CopyPasteBank(prepared.hands)
        self.key: tuple[int, ...] = (0, 0)

    def __len__(self) -> int:
        return max(1, len(self.prepared.frames) // self.batch)

    def __getitem__(self, step: int) -> FrameBatch:
        size = BATCH_SIZES_PX[
            int(np.random.default_rng((*self.key, step)).integers(len(BATCH_SIZES_PX)))
        ]
        slots = self.sampler.slots(self.key, step, self.batch, self.share)
        scenes = [self._scene(slot, size) for slot in slots]
        return FrameBatch(
            torch.from_numpy(np.stack([scene.image for scene in scenes])),
            [scene.boxes for scene in scenes],
            [scene.ignore for scene in scenes],
        )

    def _scene(self, slot: Slot, size: tuple[int, int]) -> Scene:
        random = slot.random()
        image, row = self.prepared.frames.image(slot.sample)
        boxes, ignore = _boxes(row["boxes"]), _boxes(row["ignore"])
        move = self._move(image.shape[:2], size, boxes, random)
        outside = random.choice([0, 255], p=[0.6, 0.4]) * random.random(3)
        scene = cv2.warpAffine(image, move, size[::-1], borderValue=tuple(outside)).astype(np.uint8)
        boxes, hidden = clip_boxes(move_boxes(boxes, move), size)
        ignore = np.concatenate([hidden, clip_boxes(move_boxes(ignore, move), size)[0]])
        if random.random() < self.recipe.pasted:
            boxes = self._copy_paste(scene, boxes, int(random.integers(1, 3)), random)
        return Scene(WebcamAugmentation(random).apply(scene), boxes, ignore)

    def _move(
        self, shape: Sequence[int], size: tuple[int, int], boxes: Boxes, random: np.random.Generator
    ) -> npt.NDArray[np.float64]:
        """Return the matrix (2, 3) from picture to scene; most scenes keep a hand in view."""
        height, width = shape
        contain, cover = sorted((size[1] / width, size[0] / height))
        fit = np.exp(random.uniform(*np.log((contain, cover))))
        scale = fit * np.exp(random.uniform(*np.log(self.recipe.zoom)))
        angle = random.uniform(-1, 1) * self.recipe.degrees
        angle += _quarters(self.recipe.turned, random)
        focus = (width / 2, height / 2)
        if scale > contain and len(boxes) and random.random() < 0.85:
            box = boxes[random.integers(len(boxes))]
            focus = (float(box[[0, 2]].mean()), float(box[[1, 3]].mean()))
        spread = 0.12 if scale <= contain else 0.36
        target = np.array(size[::-1]) * (0.5 + random.uniform(-spread, spread, 2))
        move = rotation_matrix(
            focus, float(angle), float(scale), (float(target[0]), float(target[1]))
        )
        return mirror_matrix(move, size[1]) if random.random() < 0.5 else move

    def _copy_paste(
        self, scene: npt.NDArray[np.uint8], boxes: Boxes, count: int, random: np.random.Generator
    ) -> Boxes:
        """Paste hands into the scene in place, never over one that is there."""
        for _ in range(count):
            paste = self.copy_pasted.draw(random)
            if paste is None:
                return boxes
            length = np.exp(random.uniform(*np.log(self.recipe.pasted_size)))
            target = random.uniform(0.05, 0.95, 2) * scene.shape[1::-1]
            turned, whole = float(random.uniform(-30, 30)), paste.canvas.shape[0]
            turned += _quarters(self.recipe.pasted_turned, random)
            canvas, scale = downscale_first(paste.canvas, 2 * length / whole)
            middle = canvas.shape[0] / 2
            turn = rotation_matrix((middle, middle), turned, scale, (target[0], target[1]))
            box, _ = clip_boxes(
                move_boxes(paste.box * (canvas.shape[0] / whole), turn), scene.shape[:2]
            )
            if len(box) and not any(_touches(box[0], other) for other in boxes):
                paste_into(scene, canvas, turn, float(random.uniform(2, 6)))
                boxes = np.concatenate([boxes, box])
        return boxes


def _quarters(share: float, random: np.random.Generator) -> float:
    """Return 90, 180 or 270 degrees for that share of draws, else 0."""
    return float(90 * random.integers(1, 4)) if random.random() < share else 0.0


def _boxes(rows: Sequence[Sequence[float]]) -> Boxes:
    return np.array(rows, np.float32).reshape(-1, 4)


def _touches(one: Boxes, other: Boxes) -> bool:
    return intersection_over_union(tuple(one.tolist()), tuple(other.tolist())) > 0.02
