"""What a classifier's heads learn from: cross-entropies, and the distance of joints."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from training.augmentation.crop_dataset import CropBatch
from training.datasets.dataset import UNKNOWN
from training.models.joint_map import hand_frame
from training.train.distributed import Distributed, at_least_float32
from training.train.recipes import LossRecipe
from training.train.trainer import Scores

JOINTS_BETA = 0.05
"""Landmarks that are nearer than this, in parts of the hand, are pulled less and less."""
MAP_BETA = 0.02
"""The same for joints that a map gives, in parts of the crop."""
AWAY_WEIGHT = 66.0
"""How much a joint's distance counts beside the cross-entropy of its map."""
BELL_CELLS = 1.2
"""Standard deviation of the bell around a joint's true cell."""


def heads_loss(
    given: dict[str, Tensor], batch: CropBatch, recipe: LossRecipe, distributed: Distributed
) -> tuple[Tensor, Scores]:
    """Return the weighted sum of every head's cross-entropy; what is unknown counts for nothing.

    Each head's mean goes over all known samples of the global batch. The loss is this process's
    part times the number of processes, since gradients are averaged over them afterwards.
    """
    heads = (
        ("gesture", batch.gesture, 1.0, recipe.smoothing),
        ("hand", batch.hand, recipe.hand, 0.0),
        ("orientation", batch.orientation, recipe.orientation, 0.0),
    )
    known = distributed.total(*(float((truth != UNKNOWN).sum()) for _, truth, _, _ in heads))
    loss = torch.zeros((), device=distributed.device)
    losses: list[float] = []
    for (name, truth, weight, smoothing), count in zip(heads, known, strict=True):
        total = F.cross_entropy(
            at_least_float32(given[name]),
            truth.to(distributed.device),
            ignore_index=UNKNOWN,
            label_smoothing=smoothing,
            reduction="sum",
        )
        part = weight * total / max(1.0, count)
        loss = loss + part * distributed.size
        losses.append(float(part.detach()))
    names = ["loss", *(f"loss_{head[0]}" for head in heads)]
    if "joints" in given:
        part = recipe.joints * (
            joint_map_loss(given["joints"], given["joint_maps"], batch.joints, distributed)
            if "joint_maps" in given
            else joints_loss(given["joints"], batch.joints, distributed)
        )
        loss = loss + part * distributed.size
        losses.append(float(part.detach()))
        names.append("loss_joints")
    parts = distributed.total(sum(losses), *losses)
    return loss, dict(zip(names, parts, strict=True))


def joints_loss(given: Tensor, truth: Tensor, distributed: Distributed) -> Tensor:
    """Return this process's part of the mean distance of landmarks (N, 21, 2) from the truth.

    `given` are places from the hand's middle, in parts of its longer side, as the truth is turned
    into here; distances along each axis; Huber's loss, since a teacher's landmarks are sometimes
    far off. NaN in the truth counts for nothing.
    """
    truth = hand_frame(truth.to(given.device))
    known = ~truth.isnan()
    count = distributed.total(float(known.sum()))[0]
    away = F.smooth_l1_loss(
        at_least_float32(given)[known], truth[known], beta=JOINTS_BETA, reduction="sum"
    )
    return away / max(1.0, count)


def joint_map_loss(given: Tensor, maps: Tensor, truth: Tensor, distributed: Distributed) -> Tensor:
    """Return this process's part of what joints (N, 21, 2) and their maps (N, 21, M) are off by.

    Huber's loss of the distance along each axis, and the cross-entropy of the map's logits with a
    bell around the true cell, without which a joint could be the mean of two guesses. Joints that
    are unknown or lie outside the crop count for nothing.
    """
    truth = truth.to(given.device)
    known = ((truth > 0) & (truth < 1)).all(-1)
    truth = torch.where(known[..., None], truth, 0.5)
    away = F.smooth_l1_loss(at_least_float32(given), truth, beta=MAP_BETA, reduction="none").sum(-1)
    bell = _bells(truth, math.isqrt(maps.shape[-1]))
    off = -(bell * at_least_float32(maps).log_softmax(-1)).sum(-1)
    count = distributed.total(float(known.sum()))[0]
    return ((AWAY_WEIGHT * away + off) * known).sum() / max(1.0, count)


def _bells(truth: Tensor, cells: int) -> Tensor:
    """Return maps (N, 21, cells * cells) that add up to 1, highest at joints (N, 21, 2)."""
    middles = (torch.arange(cells, device=truth.device) + 0.5) / cells
    across = ((middles - truth[..., :1]) * cells / BELL_CELLS) ** 2
    down = ((middles - truth[..., 1:]) * cells / BELL_CELLS) ** 2
    return torch.softmax(-(down[..., :, None] + across[..., None, :]).flatten(2) / 2, -1)
