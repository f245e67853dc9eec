"""Black, dark and frozen pictures, told from dim and quiet ones."""

import numpy as np
import pytest

from vcam.core.frame import Image
from vcam.vision.frame_quality import FrameQuality, QualityIssue


def grainy_image(light: int, grain: int, index: int) -> Image:
    """Return a room whose brightest parts have that light, with fresh grain at each index."""
    ramp = np.linspace(0, light, 640, dtype=np.float64)[None, :, None]
    noise = np.random.default_rng(index).integers(0, grain + 1, (360, 640, 3))
    return np.clip(ramp + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("rate", [5, 15])
@pytest.mark.parametrize(
    ("light", "grain", "seconds", "word"),
    [
        pytest.param(200, 2, 8, None, id="room"),
        pytest.param(80, 2, 8, None, id="dim-room"),
        pytest.param(30, 2, 2, "dark", id="dark-room"),
        pytest.param(30, 2, 0.8, None, id="dark-for-a-moment"),
        pytest.param(5, 4, 2, "black", id="covered"),
        pytest.param(200, 0, 6, "frozen", id="frozen"),
        pytest.param(200, 0, 4, None, id="still-for-a-moment"),
    ],
)
def test_what_can_be_seen(
    light: int, grain: int, seconds: float, word: QualityIssue | None, rate: int
) -> None:
    """Each picture gives its word at its time, however often it is looked at."""
    quality = FrameQuality()
    reported = [
        quality.update(grainy_image(light, grain, index), index / rate)
        for index in range(int(rate * seconds))
    ]
    assert reported[-1] == word


def test_one_pixel_that_changes_is_enough() -> None:
    """A picture in which the least thing moves is not frozen, wherever it is."""
    quality = FrameQuality()
    for index in range(70):
        image = grainy_image(200, 0, 0)
        image[0, 1] = index
        reported = quality.update(image, index / 10)
    assert reported is None


def test_it_ends_with_the_first_good_image() -> None:
    """As soon as light comes back, everything can be seen again."""
    quality = FrameQuality()
    for index in range(30):
        quality.update(grainy_image(5, 2, index), index / 10)
    assert quality.update(grainy_image(200, 2, 30), 3.0) is None


def test_time_that_goes_back_starts_again() -> None:
    """A clip that starts again has not been frozen since its end."""
    quality = FrameQuality()
    quality.update(grainy_image(200, 0, 0), 100.0)
    assert quality.update(grainy_image(200, 0, 0), 0.0) is None
    assert quality.update(grainy_image(200, 0, 0), 4.0) is None


def test_an_image_of_one_dot_is_no_trouble() -> None:
    """The smallest picture gives an answer, and no error."""
    assert FrameQuality().update(np.zeros((1, 1, 3), np.uint8), 0.0) is None
