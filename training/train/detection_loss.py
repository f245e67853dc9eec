"""What the detector learns from: which cells are hands, and how well their boxes lie."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.augmentation.boxes import Boxes
from training.models.decode import cells_to_boxes
from training.models.small import HandDetector

POSITIVE_WEIGHT = 4.0
"""Weight of the score of cells on hands, which are few, against all others."""
BOX_WEIGHT = 2.0
"""Weight of the boxes against the scores."""


def detection_loss(
    score: Tensor, sides: Tensor, boxes: list[Boxes], ignore: list[Boxes]
) -> tuple[Tensor, Tensor]:
    """Return quality focal loss of the scores and generalised IoU loss of the boxes, summed.

    A cell near a hand's middle should score the IoU that its box reaches, every other cell 0
    (Li et al., arXiv 2006.04388; Rezatofighi et al., arXiv 1902.09630).
    """
    height, width = score.shape[2:]
    targets = [assign(b, i, height, width) for b, i in zip(boxes, ignore, strict=True)]
    # Weights (N, H, W), boxes (N, H, W, 4) xyxy, and whether a cell is a hand (N, H, W).
    counts, true, state = (torch.stack(one).to(score.device) for one in zip(*targets, strict=True))
    found = cells_to_boxes(sides)
    overlap, generalised = iou_pairs(found[state], true[state])
    share = counts[state]
    quality = torch.zeros_like(counts)
    quality[state] = overlap.detach().clamp(0.05, 1)
    logits = score[:, 0]
    error = (torch.sigmoid(logits).detach() - quality).abs().pow(2)
    focal = F.binary_cross_entropy_with_logits(logits, quality, reduction="none") * error * counts
    scored = POSITIVE_WEIGHT * focal[state].sum() + focal[~state].sum()
    return scored, BOX_WEIGHT * (share * (1 - generalised)).sum()


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
    min_px = HandDetector.stride * cells
    across = np.abs(x - (box[0] + box[2]) / 2) <= max(min_px, part * (box[2] - box[0]))
    down = np.abs(y - (box[1] + box[3]) / 2) <= max(min_px, part * (box[3] - box[1]))
    return np.asarray(down[:, None] & across[None, :])


def iou_pairs(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """Return IoU and generalised IoU of boxes (K, 4) with boxes (K, 4), pair by pair."""
    shared = _area(torch.max(one[:, :2], other[:, :2]), torch.min(one[:, 2:], other[:, 2:]))
    union = _area(one[:, :2], one[:, 2:]) + _area(other[:, :2], other[:, 2:]) - shared
    around = _area(torch.min(one[:, :2], other[:, :2]), torch.max(one[:, 2:], other[:, 2:]))
    overlap = shared / union.clamp(1e-6)
    return overlap, overlap - (around - union) / around.clamp(1e-6)


def _area(low: Tensor, high: Tensor) -> Tensor:
    return (high - low).clamp(0).prod(-1)
