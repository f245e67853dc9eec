"""Batches of whole pictures for the detector: moved, zoomed, and with more hands laid in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.batches.augment import Spoiler, about, mirrored
from training.batches.boxes import Boxes, clip, move_boxes
from training.batches.pastes import PasteBank, lay_into
from training.data.canvas import HAND, SIDE
from training.data.prepare import Cache
from vcam.hand import intersection_over_union

SIZES = ((288, 288), (224, 384), (224, 384), (256, 320), (384, 224), (320, 256))
"""Heights and widths that batches come in: what letterboxing gives for common cameras."""


@dataclass(frozen=True, slots=True)
class FrameRecipe:
    """How pictures are moved and what is laid into them."""

    zoom: tuple[float, float] = (0.7, 1.9)
    degrees: float = 8.0
    pasted: float = 0.7
    """Share of pictures that get more hands."""
    pasted_size: tuple[float, float] = (22.0, 200.0)
    """Longer side of a pasted hand in pixels."""
    source_power: float = 1.3
    """Sources are drawn by their count to this power: mostly those with real rooms."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One picture with its boxes."""

    image: npt.NDArray[np.uint8]
    """uint8 (H, W, 3) RGB."""
    boxes: Boxes
    ignore: Boxes


class FrameBatches:
    """Draws augmented batches from prepared caches."""

    def __init__(self, caches: Sequence[Cache], recipe: FrameRecipe, seed: int) -> None:
        self.caches, self.recipe = caches, recipe
        self.random = np.random.default_rng(seed)
        self.spoiler = Spoiler(self.random)
        self.places = [
            (c, i) for c, cache in enumerate(caches) for i in range(len(cache.frame_rows))
        ]
        sources = [caches[c].frame_rows[i]["source"] for c, i in self.places]
        names, counts = np.unique(sources, return_counts=True)
        weight = dict(zip(names, counts ** (self.recipe.source_power - 1), strict=True))
        chance = np.array([weight[source] for source in sources])
        self.chance = chance / chance.sum()
        self.pastes = PasteBank(caches, self.random)

    def epoch(self, pictures: int, batch: int) -> Iterator[tuple[Tensor, list[Boxes], list[Boxes]]]:
        """Yield pictures uint8 (N, H, W, 3) RGB, boxes, and boxes to ignore."""
        drawn = self.random.choice(len(self.places), pictures, p=self.chance)
        for start in range(0, pictures - batch + 1, batch):
            size = SIZES[self.random.integers(len(SIZES))]
            places = (self.places[d] for d in drawn[start : start + batch])
            scenes = [self._scene(cache, row, size) for cache, row in places]
            images = torch.from_numpy(np.stack([scene.image for scene in scenes]))
            yield images, [scene.boxes for scene in scenes], [scene.ignore for scene in scenes]

    def _scene(self, cache: int, place: int, size: tuple[int, int]) -> Scene:
        row = self.caches[cache].frame_rows[place]
        image = self.caches[cache].frames[place, : row["height"], : row["width"]]
        boxes, ignore = _boxes(row["boxes"]), _boxes(row["ignore"])
        move = self._move(row["width"], row["height"], size, boxes)
        outside = self.random.choice([0, 255], p=[0.6, 0.4]) * self.random.random(3)
        scene = cv2.warpAffine(image, move, size[::-1], borderValue=tuple(outside)).astype(np.uint8)
        boxes, hidden = clip(move_boxes(boxes, move), size)
        ignore = np.concatenate([hidden, clip(move_boxes(ignore, move), size)[0]])
        if self.random.random() < self.recipe.pasted:
            boxes = self._paste(scene, boxes, int(self.random.integers(1, 3)))
        return Scene(self.spoiler.spoil(scene), boxes, ignore)

    def _move(
        self, width: int, height: int, size: tuple[int, int], boxes: Boxes
    ) -> npt.NDArray[np.float64]:
        """Return the matrix (2, 3) from picture to scene; most scenes keep a hand in view."""
        contain, cover = sorted((size[1] / width, size[0] / height))
        fit = np.exp(self.random.uniform(*np.log((contain, cover))))
        scale = fit * np.exp(self.random.uniform(*np.log(self.recipe.zoom)))
        angle = self.random.uniform(-1, 1) * self.recipe.degrees
        focus = (width / 2, height / 2)
        if scale > contain and len(boxes) and self.random.random() < 0.85:
            box = boxes[self.random.integers(len(boxes))]
            focus = (float(box[[0, 2]].mean()), float(box[[1, 3]].mean()))
        spread = 0.12 if scale <= contain else 0.36
        target = np.array(size[::-1]) * (0.5 + self.random.uniform(-spread, spread, 2))
        move = about(focus, float(angle), float(scale), (float(target[0]), float(target[1])))
        return mirrored(move, size[1]) if self.random.random() < 0.5 else move

    def _paste(self, scene: npt.NDArray[np.uint8], boxes: Boxes, count: int) -> Boxes:
        """Lay hands into the scene in place, never over one that is there."""
        for _ in range(count):
            paste = self.pastes.draw()
            if paste is None:
                return boxes
            side = np.exp(self.random.uniform(*np.log(self.recipe.pasted_size)))
            target = self.random.uniform(0.05, 0.95, 2) * scene.shape[1::-1]
            turned = float(self.random.uniform(-30, 30))
            turn = about((SIDE / 2, SIDE / 2), turned, side / HAND, (target[0], target[1]))
            box, _ = clip(move_boxes(paste.box, turn), scene.shape[:2])
            if len(box) and not any(_touches(box[0], other) for other in boxes):
                lay_into(scene, paste.canvas, turn, float(self.random.uniform(2, 6)))
                boxes = np.concatenate([boxes, box])
        return boxes


def _boxes(rows: Sequence[Sequence[float]]) -> Boxes:
    return np.array(rows, np.float32).reshape(-1, 4)


def _touches(one: Boxes, other: Boxes) -> bool:
    return intersection_over_union(tuple(one.tolist()), tuple(other.tolist())) > 0.02
