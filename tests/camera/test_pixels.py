"""Whatever decoders give, in one form."""

import numpy as np
import numpy.typing as npt
import pytest

from vcam.camera.pixels import fit, to_bgr


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((4, 6), 9, np.uint8),
        np.full((4, 6, 1), 9, np.uint8),
        np.full((4, 6, 4), 9, np.uint8),
        np.full((4, 6), 9 << 8, np.uint16),
        np.full((4, 6, 3), 9, np.uint8),
    ],
)
def test_grey_alpha_and_deep_pixels_become_bgr(pixels: npt.NDArray[np.generic]) -> None:
    """Every layout that a camera may deliver becomes uint8 (H, W, 3)."""
    image = to_bgr(pixels)
    assert image.shape == (4, 6, 3)
    assert image.dtype == np.uint8
    assert (image == 9).all()


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((4, 6, 2), np.uint8), np.zeros((4, 6, 3), np.float32), np.zeros((0, 6, 3), np.uint8)],
)
def test_what_is_no_image_is_refused(pixels: npt.NDArray[np.generic]) -> None:
    """Two channels, floats and empty arrays raise ValueError."""
    with pytest.raises(ValueError, match="no picture"):
        to_bgr(pixels)


@pytest.mark.parametrize("size", [(1, 1), (2000, 1), (7, 9)])
def test_fit_keeps_extreme_images_visible(size: tuple[int, int]) -> None:
    """A picture of one pixel, or one line, still gives a frame of the promised size."""
    image = fit(np.full((size[1], size[0], 3), 255, np.uint8), (64, 48))
    assert image.shape == (48, 64, 3)
    assert image.max() == 255
