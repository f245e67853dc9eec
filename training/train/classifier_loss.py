"""What a classifier's heads learn from: cross-entropies, and the distance of joints."""

import torch
import torch.nn.functional as F
from torch import Tensor

from training.augmentation.crop_dataset import CropBatch
from training.datasets.dataset import UNKNOWN
from training.train.distributed import Distributed, at_least_float32
from training.train.recipes import LossRecipe
from training.train.trainer import Scores

JOINTS_BETA = 0.05
"""Landmarks that are nearer than this, in parts of the hand, are pulled less and less."""


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
        part = recipe.joints * joints_loss(given["joints"], batch.joints, distributed)
        loss = loss + part * distributed.size
        losses.append(float(part.detach()))
        names.append("loss_joints")
    parts = distributed.total(sum(losses), *losses)
    return loss, dict(zip(names, parts, strict=True))


def joints_loss(given: Tensor, truth: Tensor, distributed: Distributed) -> Tensor:
    """Return this process's part of the mean distance of landmarks (N, 21, 2) from the truth.

    Distances along each axis, in parts of the hand's longer side; Huber's loss, since a teacher's
    landmarks are sometimes far off. NaN in the truth counts for nothing.
    """
    truth = truth.to(given.device)
    known = ~truth.isnan()
    count = distributed.total(float(known.sum()))[0]
    away = F.smooth_l1_loss(
        at_least_float32(given)[known], truth[known], beta=JOINTS_BETA, reduction="sum"
    )
    return away / max(1.0, count)
