"""Train the two-head crop classifier: `python -m training train classifier`."""

import argparse
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from training.batches.crops import UNKNOWN, CropBatches, CropRecipe
from training.data.prepare import Cache, load_cache
from training.judge.metrics import f1_report
from training.learn import engine
from training.learn.options import add_options, open_learner, schedule_of
from training.nets.small import ClassifierShape, CropClassifier
from vcam.gesture import LABELS, LEADING_HANDS

SIDE_WEIGHT = 0.5
"""The hand head's share in the loss: its labels are pseudo labels, and it learns soon."""
SMOOTHING = 0.1
"""Label smoothing of the gesture head."""


def train(caches: list[Cache], held_out: Cache, args: argparse.Namespace) -> None:
    """Train until done, evaluating and saving after every epoch; goes on where it was stopped."""
    schedule, recipe = schedule_of(args), CropRecipe()
    engine.seed_everything(schedule.seed)
    net = CropClassifier(ClassifierShape(size=recipe.size))
    learner, first = open_learner(net, schedule, args)
    for epoch in range(first, schedule.last):
        engine.seed_everything(schedule.seed + epoch)
        batches = CropBatches(caches, recipe, schedule.seed + epoch)
        began = time.monotonic()
        loss = train_one_epoch(learner, batches, schedule)
        scores = evaluate(learner.average.net, held_out, recipe)
        seconds = round(time.monotonic() - began, 1)
        engine.log_line(args.out, {"epoch": epoch, "loss": loss, "seconds": seconds, **scores})
        _save(args.out, learner, net, {**asdict(recipe), **asdict(schedule)}, epoch)


def train_one_epoch(
    learner: engine.Learner, batches: CropBatches, schedule: engine.Schedule
) -> float:
    """Return the mean loss over one epoch."""
    learner.net.train()
    total, count = 0.0, 0
    for crops, gesture, side in batches.epoch(schedule.pictures, schedule.batch):
        with torch.autocast("cpu", torch.bfloat16):
            gesture_logits, side_logits = learner.net(crops)
        total += learner.step(two_head_loss(gesture_logits, side_logits, gesture, side))
        count += 1
    return round(total / count, 4)


def two_head_loss(
    gesture_logits: Tensor, side_logits: Tensor, gesture: Tensor, side: Tensor
) -> Tensor:
    """Return cross-entropy over both heads; crops whose hand is unknown count for one only."""
    loss = F.cross_entropy(gesture_logits.float(), gesture, label_smoothing=SMOOTHING)
    if bool((side != UNKNOWN).any()):
        loss = loss + SIDE_WEIGHT * F.cross_entropy(side_logits.float(), side, ignore_index=UNKNOWN)
    return loss


@torch.no_grad()
def evaluate(net: torch.nn.Module, cache: Cache, recipe: CropRecipe) -> dict[str, Any]:
    """Return F1 of both heads on clean crops of a held-back cache, cut by the annotated boxes."""
    net.eval()
    gestures: list[int] = []
    sides: list[int] = []
    for start in range(0, len(cache.hands), 256):
        crops = clean_crops(cache, start, start + 256, recipe)
        gesture_logits, side_logits = net(crops)
        gestures += gesture_logits.argmax(1).tolist()
        sides += side_logits.argmax(1).tolist()
    true_sides = [row["side"] for row in cache.hand_rows]
    known = [place for place, side in enumerate(true_sides) if side]
    return {
        **f1_report([LABELS[g] for g in gestures], [r["gesture"] for r in cache.hand_rows]),
        "hand_right": round(
            sum(LEADING_HANDS[sides[place]] == true_sides[place] for place in known)
            / max(1, len(known)),
            4,
        ),
    }


def clean_crops(cache: Cache, start: int, stop: int, recipe: CropRecipe) -> Tensor:
    """Return RGB crops (N, S, S, 3), 0..255, as the runtime would cut them; outside is black."""
    hands = torch.from_numpy(cache.hands[start:stop].copy()).permute(0, 3, 1, 2).float()
    seen = (hands[:, 3:] > 63).float()
    side = recipe.margin * 80
    matrix = torch.tensor([[side / 160, 0, 0], [0, side / 160, 0]]).repeat(len(hands), 1, 1)
    grid = F.affine_grid(matrix, [len(hands), 3, recipe.size, recipe.size], align_corners=False)
    return F.grid_sample(hands[:, :3] * seen, grid, align_corners=False).permute(0, 2, 3, 1)


def _save(
    out: Path,
    learner: engine.Learner,
    net: CropClassifier,
    recipe: dict[str, Any],
    epoch: int,
) -> None:
    facts = {
        "task": "classify",
        "shape": net.describe(),
        "margin": recipe["margin"],
        "recipe": recipe,
        "commit": engine.git_commit(),
    }
    learner.save(out, epoch, facts)


DEFAULTS = engine.Schedule()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `train classifier`."""
    add_options(parser, "runs/classifier", DEFAULTS)


def run(args: argparse.Namespace) -> int:
    """Train as the options say."""
    args.out.mkdir(parents=True, exist_ok=True)
    train([load_cache(folder) for folder in args.cache], load_cache(args.held_out), args)
    return 0
