"""A detector's cells become boxes."""

import torch
from torch import Tensor

from training.models.small import HandDetector


def cells_to_boxes(sides: Tensor) -> Tensor:
    """Turn distances (N, 4, H, W) into boxes (N, H, W, 4) xyxy pixels."""
    height, width = sides.shape[2:]
    x = (torch.arange(width, device=sides.device) + 0.5) * HandDetector.stride
    y = ((torch.arange(height, device=sides.device) + 0.5) * HandDetector.stride)[:, None]
    left, top, right, bottom = sides.unbind(1)
    return torch.stack([x - left, y - top, x + right, y + bottom], -1)
