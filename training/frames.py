"""Batches of whole pictures for the detector: moved, zoomed, and with more hands laid in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.augment import Spoiler, about, lay_over, mirrored
from training.prepare import Cache
from vcam.hand import intersection_over_union

Boxes = npt.NDArray[np.float32]
"""(N, 4) xyxy pixels."""

SIZES = ((288, 288), (224, 384), (224, 384), (256, 320), (384, 224), (320, 256))
"""Heights and widths that batches come in: what letterboxing gives for common cameras."""


@dataclass(frozen=True, slots=True)
class FrameRecipe:
    """How pictures are moved and what is laid into them."""

    zoom: tuple[float, float] = (0.7, 1.9)
    degrees: float = 8.0
    pasted: float = 0.6
    """Share of pictures that get more hands."""
    pasted_size: tuple[float, float] = (20.0, 150.0)
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
        self.cuttable = [
            (c, i)
            for c, cache in enumerate(caches)
            for i, row in enumerate(cache.hand_rows)
            if row["cut"]
        ]

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
        if self.cuttable and self.random.random() < self.recipe.pasted:
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
            cache, place = self.cuttable[self.random.integers(len(self.cuttable))]
            canvas = self.caches[cache].hands[place]
            side = np.exp(self.random.uniform(*np.log(self.recipe.pasted_size)))
            target = self.random.uniform(0.05, 0.95, 2) * scene.shape[1::-1]
            turned = float(self.random.uniform(-30, 30))
            turn = about((80.0, 80.0), turned, side / 80, (float(target[0]), float(target[1])))
            box = _hand_box(canvas, turn)
            box, _ = clip(box[None], scene.shape[:2])
            if not len(box) or any(_touches(box[0], other) for other in boxes):
                continue
            _lay(scene, canvas, turn, float(self.random.uniform(2, 6)))
            boxes = np.concatenate([boxes, box])
        return boxes


def _boxes(rows: Sequence[Sequence[float]]) -> Boxes:
    return np.array(rows, np.float32).reshape(-1, 4)


def _touches(one: Boxes, other: Boxes) -> bool:
    return intersection_over_union(tuple(one.tolist()), tuple(other.tolist())) > 0.02


def move_boxes(boxes: Boxes, move: npt.NDArray[np.float64]) -> Boxes:
    """Return the boxes around moved boxes; what is turned is taken for an ellipse."""
    middle = np.stack([boxes[:, [0, 2]].mean(1), boxes[:, [1, 3]].mean(1)], 1)
    half = np.stack([boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]], 1) / 2
    middle = middle @ move[:, :2].T + move[:, 2]
    half = np.sqrt((half**2) @ (move[:, :2] ** 2).T)
    return np.concatenate([middle - half, middle + half], 1).astype(np.float32)


def clip(boxes: Boxes, size: Sequence[int], least: float = 0.45) -> tuple[Boxes, Boxes]:
    """Return boxes cut at the picture's edge, and apart those of which too little is left."""
    height, width = size
    cut = boxes.copy()
    cut[:, [0, 2]] = cut[:, [0, 2]].clip(0, width)
    cut[:, [1, 3]] = cut[:, [1, 3]].clip(0, height)
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    left = (cut[:, 2] - cut[:, 0]) * (cut[:, 3] - cut[:, 1])
    there = left > 16
    whole = there & (left >= least * area)
    return cut[whole], cut[there & ~whole]


def _hand_box(canvas: npt.NDArray[np.uint8], turn: npt.NDArray[np.float64]) -> Boxes:
    """Return the box (4,) around the hand itself once the canvas is turned."""
    rows = np.flatnonzero((canvas[..., 3] > 200).any(1))
    columns = np.flatnonzero((canvas[..., 3] > 200).any(0))
    if not len(rows):
        return np.zeros(4, np.float32)
    box = np.array([[columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]], np.float32)
    return np.asarray(move_boxes(box, turn)[0])


def _lay(
    scene: npt.NDArray[np.uint8],
    canvas: npt.NDArray[np.uint8],
    turn: npt.NDArray[np.float64],
    softness: float,
) -> None:
    """Blend a cut-out hand into the scene, in place; only the pixels it covers are touched."""
    height, width = scene.shape[:2]
    corners = move_boxes(np.array([[20, 20, 140, 140]], np.float32), turn)[0]
    left, top = max(0, int(corners[0])), max(0, int(corners[1]))
    right, bottom = min(width, int(corners[2]) + 1), min(height, int(corners[3]) + 1)
    turn = turn - np.array([[0, 0, left], [0, 0, top]])
    warped = cv2.warpAffine(np.asarray(canvas), turn, (right - left, bottom - top))
    lay_over(scene[top:bottom, left:right], warped.astype(np.uint8, copy=False), softness)
