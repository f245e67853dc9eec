"""Train the one-class hand detector: `python -m training train detector`."""

import argparse
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.batches.boxes import Boxes
from training.batches.frames import FrameBatches, FrameRecipe
from training.data.prepare import Cache, load_cache
from training.judge.metrics import found_share
from training.learn import engine
from training.learn.options import add_options, open_learner, schedule_of
from training.nets.small import DetectorShape, HandDetector
from vcam.hand import Detection, without_overlaps
from vcam.preprocess import letterbox

POSITIVE = 4.0
"""Weight of the score of cells on hands, which are few, against all others."""
AREA = 288 * 288
"""Pixels of a letterboxed picture."""


def train(caches: list[Cache], held_out: Cache, args: argparse.Namespace) -> None:
    """Train until done, evaluating and saving after every epoch; goes on where it was stopped."""
    schedule, recipe = schedule_of(args), FrameRecipe()
    engine.seed_everything(schedule.seed)
    net = HandDetector(DetectorShape())
    learner, first = open_learner(net, schedule, args)
    for epoch in range(first, schedule.last):
        engine.seed_everything(schedule.seed + epoch)
        batches = FrameBatches(caches, recipe, schedule.seed + epoch)
        began = time.monotonic()
        loss = train_one_epoch(learner, batches, schedule)
        seconds = round(time.monotonic() - began, 1)
        scores = evaluate(learner.average.net, held_out)
        engine.log_line(args.out, {"epoch": epoch, "loss": loss, "seconds": seconds, **scores})
        _save(args.out, learner, net, {**asdict(recipe), **asdict(schedule)}, epoch)


def _save(
    out: Path, learner: engine.Learner, net: HandDetector, recipe: dict[str, Any], epoch: int
) -> None:
    facts = {
        "task": "detect",
        "shape": net.describe(),
        "area": AREA,
        "recipe": recipe,
        "commit": engine.git_commit(),
    }
    learner.save(out, epoch, facts)


def train_one_epoch(
    learner: engine.Learner, batches: FrameBatches, schedule: engine.Schedule
) -> float:
    """Return the mean loss over one epoch."""
    learner.net.train()
    total, count = 0.0, 0
    for images, boxes, ignore in batches.epoch(schedule.pictures, schedule.batch):
        with torch.autocast("cpu", torch.bfloat16):
            score, sides = learner.net(images)
        total += learner.step(detection_loss(score.float(), sides.float(), boxes, ignore))
        count += 1
    return round(total / count, 4)


def detection_loss(score: Tensor, sides: Tensor, boxes: list[Boxes], ignore: list[Boxes]) -> Tensor:
    """Return quality focal loss of the scores plus generalised IoU loss of the boxes.

    A cell near a hand's middle should score the IoU that its box reaches, every other cell 0
    (Li et al., arXiv 2006.04388; Rezatofighi et al., arXiv 1902.09630).
    """
    height, width = score.shape[2:]
    targets = [assign(b, i, height, width) for b, i in zip(boxes, ignore, strict=True)]
    counts = torch.stack([target[0] for target in targets])  # (N, H, W)
    true = torch.stack([target[1] for target in targets])  # (N, H, W, 4) xyxy
    state = torch.stack([target[2] for target in targets])  # (N, H, W) is a hand
    found = cells_to_boxes(sides)
    overlap, generalised = iou_pairs(found[state], true[state])
    share = counts[state]
    quality = torch.zeros_like(counts)
    quality[state] = overlap.detach().clamp(0.05, 1)
    logits = score[:, 0]
    error = (torch.sigmoid(logits).detach() - quality).abs().pow(2)
    focal = F.binary_cross_entropy_with_logits(logits, quality, reduction="none") * error * counts
    hands = max(1.0, float(sum(map(len, boxes))))
    return (
        POSITIVE * focal[state].sum() / hands
        + focal[~state].sum() / hands
        + 2.0 * (share * (1 - generalised)).sum() / hands
    )


def assign(boxes: Boxes, ignore: Boxes, height: int, width: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return each cell's weight (H, W), its box (H, W, 4), and whether it is a hand (H, W).

    A hand has up to 3x3 cells, which share a weight of 1, so that near hands count no more than
    far ones. Small hands take cells from larger ones. A ring around each middle counts for nothing.
    """
    counts, true = np.ones((height, width), np.float32), np.zeros((height, width, 4), np.float32)
    state = np.zeros((height, width), bool)
    x = (np.arange(width) + 0.5) * HandDetector.stride
    y = (np.arange(height) + 0.5) * HandDetector.stride
    for box in ignore:
        counts[_near(box, x, y, 0.5)] = 0
    for box in sorted(boxes, key=lambda b: -(b[2] - b[0]) * (b[3] - b[1])):
        ring = _near(box, x, y, 0.38)
        counts[ring], state[ring] = 0, False
        near = _near(box, x, y, 0.22) & _near(box, x, y, 0, 1.5)
        true[near], state[near], counts[near] = box, True, 1 / max(1, near.sum())
    return torch.from_numpy(counts), torch.from_numpy(true), torch.from_numpy(state)


def _near(
    box: np.ndarray, x: np.ndarray, y: np.ndarray, part: float, cells: float = 0.51
) -> np.ndarray:
    """Return (H, W): cells within `part` of the box's sides, or so many cells, of its middle."""
    least = HandDetector.stride * cells
    across = np.abs(x - (box[0] + box[2]) / 2) <= max(least, part * (box[2] - box[0]))
    down = np.abs(y - (box[1] + box[3]) / 2) <= max(least, part * (box[3] - box[1]))
    return np.asarray(down[:, None] & across[None, :])


def cells_to_boxes(sides: Tensor) -> Tensor:
    """Turn distances (N, 4, H, W) into boxes (N, H, W, 4) xyxy pixels."""
    height, width = sides.shape[2:]
    x = (torch.arange(width) + 0.5) * HandDetector.stride
    y = ((torch.arange(height) + 0.5) * HandDetector.stride)[:, None]
    left, top, right, bottom = sides.unbind(1)
    return torch.stack([x - left, y - top, x + right, y + bottom], -1)


def iou_pairs(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """Return IoU and generalised IoU of boxes (K, 4) with boxes (K, 4), pair by pair."""
    shared = _area(torch.max(one[:, :2], other[:, :2]), torch.min(one[:, 2:], other[:, 2:]))
    union = _area(one[:, :2], one[:, 2:]) + _area(other[:, :2], other[:, 2:]) - shared
    around = _area(torch.min(one[:, :2], other[:, :2]), torch.max(one[:, 2:], other[:, 2:]))
    overlap = shared / union.clamp(1e-6)
    return overlap, overlap - (around - union) / around.clamp(1e-6)


def _area(low: Tensor, high: Tensor) -> Tensor:
    return (high - low).clamp(0).prod(-1)


@torch.no_grad()
def evaluate(net: torch.nn.Module, cache: Cache, least: float = 0.4) -> dict[str, Any]:
    """Return the share of hands found (IoU 0.5), and boxes elsewhere for each picture."""
    net.eval()
    found, true = [], []
    for row, image in zip(cache.frame_rows, cache.frames, strict=True):
        picture = cv2.cvtColor(image[: row["height"], : row["width"]], cv2.COLOR_RGB2BGR)
        found.append([d.box_xyxy for d in find(net, picture.astype(np.uint8), least)])
        true.append([tuple(box) for box in row["boxes"]])
    wrong = sum(map(len, found)) - found_share(true, found) * sum(map(len, found))
    return {
        "found": round(found_share(found, true), 4),
        "elsewhere": round(wrong / len(found), 4),
    }


def find(net: torch.nn.Module, picture: np.ndarray, least: float) -> list[Detection]:
    """Return what the net finds in uint8 (H, W, 3) BGR."""
    board = letterbox(picture, AREA)
    score, sides = net(torch.from_numpy(board.image))
    scores = torch.sigmoid(score)[0, 0]
    boxes = cells_to_boxes(sides)[0]
    chosen = scores >= least
    detections = [
        Detection(board.to_source(box), float(value))
        for box, value in zip(boxes[chosen].tolist(), scores[chosen].tolist(), strict=True)
    ]
    return without_overlaps(detections)


DEFAULTS = engine.Schedule(epochs=24, pictures=8_000, batch=32, rate=2e-3)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `train detector`."""
    add_options(parser, "runs/detector", DEFAULTS)


def run(args: argparse.Namespace) -> int:
    """Train as the options say."""
    args.out.mkdir(parents=True, exist_ok=True)
    train([load_cache(folder) for folder in args.cache], load_cache(args.held_out), args)
    return 0
