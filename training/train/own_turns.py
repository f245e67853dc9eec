"""In which turns gestures of somebody's own are at home, by their training pictures."""

import numpy as np
import torch
from torch import nn

from training.augmentation.turned_hands import pointing_when_turned
from training.datasets.dataset import UNKNOWN, HandSet
from training.datasets.hand_canvas import clean_crop
from vcam.core.labels import LABELS

MAX_HANDS = 200
"""Hands of a gesture that say where it points."""
MIN_CONFIDENCE = 0.6
"""Probability from which the net's word for where a hand points counts."""


@torch.no_grad()
def where_own_gestures_point(
    net: nn.Module, hands: HandSet, size: int, margin: float
) -> dict[str, list[int]]:
    """Return by gesture that is none of the 18 where its hands point, as `taken_turns` takes it.

    Their landmarks say so, or else the net, where it is confident; at most `MAX_HANDS` of each.
    """
    net.eval()
    device = next(net.parameters()).device
    found: dict[str, list[int]] = {}
    for label in sorted(set(hands.labels) - set(LABELS)):
        places = np.flatnonzero(hands.gesture == hands.labels.index(label))[:MAX_HANDS]
        samples = [hands.canvas(int(place)) for place in places]
        if not samples:
            continue
        crops = np.stack([clean_crop(canvas, size, margin) for canvas, _ in samples])
        said = net(torch.from_numpy(crops).to(device)).get("orientation")
        found[label] = []
        for place, (_, row) in enumerate(samples):
            points = pointing_when_turned(row, 0, False)
            if points == UNKNOWN and said is not None:
                confidence, likeliest = said[place].softmax(0).max(0)
                points = int(likeliest) if confidence >= MIN_CONFIDENCE else UNKNOWN
            found[label].append(points)
    return found
