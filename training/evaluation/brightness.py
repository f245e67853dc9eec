"""What the light on a prepared hand is."""

import numpy as np
import numpy.typing as npt

from training.datasets.dataset import RgbImage
from training.datasets.hand_canvas import SEEN_MIN_ALPHA


def brightness(canvas: RgbImage) -> float:
    """Return the mean luma, 0..255, of what is seen in the hand's square of a canvas."""
    side = canvas.shape[0]
    hand = canvas[side // 4 : side - side // 4, side // 4 : side - side // 4]
    seen = hand[..., 3] >= SEEN_MIN_ALPHA
    if not seen.any():
        return 0.0
    luma: npt.NDArray[np.float64] = hand[seen][:, :3] @ np.array([0.299, 0.587, 0.114])
    return float(luma.mean())
