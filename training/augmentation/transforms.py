"""Make webcam pictures of clean ones.

Everything works on one uint8 (H, W, 3) RGB picture with OpenCV: on two CPU cores this is several
times as fast as the same arithmetic on float batches.
"""

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from training.datasets.dataset import RgbImage

Matrix: TypeAlias = npt.NDArray[np.float64]
"""(2, 3): where a pixel of the source goes."""

_LEVELS = np.linspace(0, 1, 256, dtype=np.float32)
_GREY = np.array([0.299, 0.587, 0.114])


@dataclass(slots=True)
class WebcamAugmentation:
    """Light, sensor and compression of some cheap webcam, drawn again for every picture."""

    random: np.random.Generator
    low_light: float = 0.16
    """Share of pictures taken in the dark."""
    low_resolution: float = 0.2
    """Share of pictures blown up from fewer pixels."""
    motion_blur: float = 0.12
    """Share of pictures blurred by movement."""
    defocus: float = 0.08
    """Share of pictures out of focus."""
    colour_cast: float = 0.16
    """Share of pictures that a screen or a lamp colours."""
    noise: float = 0.5
    jpeg: float = 0.25

    def apply(self, image: RgbImage) -> RgbImage:
        """Return the picture as such a webcam would have given it."""
        image = self._colours(self._light(image))
        if self._happens(self.low_resolution):
            image = self._lower_resolution(image)
        if self._happens(self.motion_blur):
            image = self._move_blur(image)
        if self._happens(self.defocus):
            image = cv2.GaussianBlur(image, (0, 0), self._between(0.6, 1.6)).astype(np.uint8)
        if self._happens(self.noise):
            image = self._noise(image)
        if self._happens(self.jpeg):
            image = self._compress(image)
        return image

    def _happens(self, share: float) -> bool:
        return bool(self.random.random() < share)

    def _between(self, low: float, high: float) -> float:
        return float(self.random.uniform(low, high))

    def _light(self, image: RgbImage) -> RgbImage:
        """Change exposure, contrast, gamma and colour temperature by one table a channel."""
        gain = self._between(0.65, 1.3)
        if self._happens(self.low_light):
            gain *= self._between(0.25, 0.6)
        warmth = 1 + self.random.normal(0, 0.06, 3)
        if self._happens(self.colour_cast):
            warmth *= np.exp(self.random.normal(0, 0.35, 3)).clip(0.35, 1.8)
        contrast = self._between(0.5, 1.5)
        mean = float(np.dot(cv2.mean(image)[:3], _GREY)) / 255
        curve = ((_LEVELS - mean) * contrast + mean).clip(0, 1) ** self._between(0.55, 1.8)
        table = (curve[:, None] * (gain * warmth * 255)).clip(0, 255).astype(np.uint8)
        return cv2.LUT(image, table.reshape(1, 256, 3)).astype(np.uint8, copy=False)

    def _colours(self, image: RgbImage) -> RgbImage:
        """Change saturation; some pictures lose their colours altogether."""
        keep = 0.0 if self._happens(0.1) else self._between(0.5, 1.4)
        mix = keep * np.eye(3) + (1 - keep) * np.tile(_GREY, (3, 1))
        return cv2.transform(image, mix).astype(np.uint8, copy=False)

    def _lower_resolution(self, image: RgbImage) -> RgbImage:
        height, width = image.shape[:2]
        factor = self._between(0.35, 0.9)
        small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        return cv2.resize(small, (width, height)).astype(np.uint8, copy=False)

    def _move_blur(self, image: RgbImage) -> RgbImage:
        length = int(self.random.integers(1, 4)) * 2 + 1
        size = (length, 1) if self._happens(0.5) else (1, length)
        return cv2.blur(image, size).astype(np.uint8, copy=False)

    def _noise(self, image: RgbImage) -> RgbImage:
        height, width = image.shape[:2]
        top = self.random.integers(0, max(1, 512 - height))
        left = self.random.integers(0, max(1, 512 - width))
        grain = _grain()[top : top + height, left : left + width]
        amount = (self._between(0, 12) if self._happens(0.8) else self._between(12, 28)) / 64
        return cv2.addWeighted(image, 1.0, grain, amount, 0, dtype=cv2.CV_8U).astype(np.uint8)

    def _compress(self, image: RgbImage) -> RgbImage:
        quality = int(self.random.integers(12, 80))
        _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


@cache
def _grain() -> npt.NDArray[np.int16]:
    """Return noise, int16 (512, 512, 3), to take pieces of: drawing it again would be slow."""
    drawn = np.random.default_rng(0).normal(0, 64, (512, 512, 3))
    return np.asarray(drawn.astype(np.int16))


def rotation_matrix(
    middle: tuple[float, float], degrees: float, scale: float, target: tuple[float, float]
) -> Matrix:
    """Return the matrix that turns and scales around `middle` and brings it to `target`."""
    move = np.asarray(cv2.getRotationMatrix2D(middle, degrees, scale), np.float64)
    move[:, 2] += np.subtract(target, middle)
    return move


def downscale_first(image: RgbImage, scale: float) -> tuple[RgbImage, float]:
    """Shrink by area what a linear warp would alias; returns the scale that is left to do."""
    if scale >= 0.7:
        return image, scale
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False), scale * image.shape[0] / small.shape[0]


def mirror_matrix(move: Matrix, width: int) -> Matrix:
    """Return the move followed by a flip of the result, which is `width` pixels wide."""
    flipped = move.copy()
    flipped[0] = -flipped[0]
    flipped[0, 2] += width
    return flipped


def with_backlight(
    canvas: npt.NDArray[np.uint8], gain: float, flare: float
) -> npt.NDArray[np.uint8]:
    """Return uint8 (H, W, 4) RGBA with the hand darkened by `gain` and its surroundings lit.

    Before a window a hand is a silhouette: alpha 255 marks the hand, and what lies between 128 and
    255 fades from the one to the other.
    """
    alpha = cv2.blur(cv2.extractChannel(canvas, 3), (5, 5)).astype(np.float32)
    hand = ((alpha - 128) / 127).clip(0, 1)[..., None]
    rgb = canvas[..., :3].astype(np.float32)
    lit = rgb * (hand * gain + (1 - hand) * flare)
    return np.dstack([lit.clip(0, 255).astype(np.uint8), canvas[..., 3]])


def alpha_blend(under: RgbImage, over: npt.NDArray[np.uint8], softness: float) -> None:
    """Blend uint8 (H, W, 4) RGBA over a picture, in place.

    Alpha 255 is the hand, 128 its own surroundings (see `datasets.hand_canvas`), left away;
    `softness` is how steeply the hand's edge fades: 2 soft, 8 sharp.
    """
    alpha = (over[..., 3:] * np.float32(softness / 255) + np.float32(0.2 - 0.62 * softness)).clip(
        0, 1
    )
    under[:] = over[..., :3] * alpha + under * (1 - alpha)
