"""What `video.blur` makes of the picture."""

import cv2
import numpy as np

from vcam.core.frame import Image

BLUR_HEIGHT_PX = 48
"""The picture is blurred at this height: cheap, and no face can be made out in it."""


def blurred(image: Image) -> Image:
    """Return a new picture of the same size in which nobody is recognised.

    Takes and returns uint8 (H, W, 3) BGR. Scaling down is most of the blur, so it costs about as
    much as one resize, whatever the strength.
    """
    height, width = image.shape[:2]
    size = (max(1, round(width * BLUR_HEIGHT_PX / height)), BLUR_HEIGHT_PX)
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), 2.0)
    smooth = cv2.resize(small, (size[0] * 4, size[1] * 4), interpolation=cv2.INTER_CUBIC)
    large = cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(large, np.uint8)
