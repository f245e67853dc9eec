"""Run a detector on whole images."""

import numpy as np
import torch
from torch import nn

from training.models.decode import cells_to_boxes
from vcam.core.frame import Image
from vcam.core.hand import Detection
from vcam.vision.models.session import Array
from vcam.vision.zoom_refinement import search

INPUT_AREA_PX = 288 * 288
"""Pixels of a letterboxed picture."""


def detect(
    net: nn.Module,
    image: np.ndarray,
    min_score: float,
    area: int = INPUT_AREA_PX,
    *,
    refine: bool = True,
) -> list[Detection]:
    """Return what the net finds in uint8 (H, W, 3) BGR, letterboxed to `area` pixels.

    `refine`: small detections are refined, as at run time.
    """
    device = next(net.parameters()).device

    def infer(board: Image) -> tuple[Array, Array]:
        score, sides = net(torch.from_numpy(board).to(device))
        boxes, scores = cells_to_boxes(sides)[0].flatten(0, 1), torch.sigmoid(score).flatten()
        return boxes.cpu().numpy(), scores.cpu().numpy()

    return search(image, area, min_score, infer, refine=refine)
