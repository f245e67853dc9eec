"""What moves in the image, what does not, and where a scene is cut."""

from collections.abc import Callable

import numpy as np
import pytest

from vcam.core.frame import Image
from vcam.core.hand import Hand
from vcam.gestures.guards.not_alive import MIN_MOTION
from vcam.vision.motion import MotionMeter, cut_grid, is_cut, small_gray

HAND, LOGO = Hand((200, 120, 300, 220), 0.9), Hand((500, 20, 600, 120), 0.9)
RATES = (5, 10, 15, 30, 60)


def texture(seed: int, width: int, height: int) -> Image:
    """Return smooth patches of random brightness, uint8 (height, width, 3)."""
    small = np.random.default_rng(seed).integers(20, 235, (height // 20, width // 20, 3), np.uint8)
    return np.asarray(np.kron(small, np.ones((20, 20, 1), np.uint8)), np.uint8)


def room(time: float, *, living: bool = True, seed: int = 0) -> Image:
    """Return a room at `time`: a logo that stays, and a hand that trembles by a pixel or two."""
    image = texture(seed, 640, 360)
    image[20:120, 500:600] = texture(1, 100, 100)
    shift = round(2 * np.sin(9 * time)) if living else 0
    image[120:220, 200 + shift : 300 + shift] = texture(2, 100, 100)
    return image


def motions(
    frames: list[tuple[float, Image]], hands: tuple[Hand, ...] = (HAND, LOGO)
) -> list[tuple[float | None, ...]]:
    """Return the motion of the hands in each frame."""
    meter = MotionMeter()
    return [tuple(h.motion for h in meter.update(image, t, hands).hands) for t, image in frames]


def film(rate: float, seconds: float = 2.0, **options: bool) -> list[tuple[float, Image]]:
    """Return frames of the room with their times."""
    return [(n / rate, room(n / rate, **options)) for n in range(round(rate * seconds))]


@pytest.mark.parametrize("rate", RATES)
def test_a_trembling_hand_moves_and_a_logo_does_not(rate: float) -> None:
    """Both look like hands; within the last second only the real one has moved, at any rate."""
    seen = motions(film(rate))[-round(rate) :]
    assert max(hand for hand, _ in seen if hand is not None) >= MIN_MOTION
    assert all(logo is not None and logo < MIN_MOTION for _, logo in seen)


@pytest.mark.parametrize("grain", [3, 8])
def test_grain_is_no_motion(grain: int) -> None:
    """A camera's noise over everything moves neither a logo nor hides that a hand trembles."""
    chance = np.random.default_rng(3)
    noisy = [
        (t, np.clip(image + chance.normal(0, grain, image.shape), 0, 255).astype(np.uint8))
        for t, image in film(15)
    ]
    seen = motions(noisy)[-15:]
    assert max(hand for hand, _ in seen if hand is not None) >= MIN_MOTION
    assert all(logo is not None and logo < MIN_MOTION for _, logo in seen)


def test_nothing_is_known_to_move_at_first_and_nothing_is_said_of_a_still() -> None:
    """Motion is 0 until there is something to compare with; in a still image it is not known."""
    assert motions(film(15))[0] == (0.0, 0.0)
    assert motions(film(15, living=False))[-1] == (None, None)


def test_a_hand_at_the_edge_and_one_outside_are_measured() -> None:
    """Boxes may reach beyond the image, or lie outside it altogether."""
    odd = Hand((-40, -40, 60, 60), 0.9), Hand((700, 400, 800, 500), 0.9)
    assert motions(film(15), odd)[-1] == (0.0, 0.0)


def test_another_scene_is_a_cut_after_which_nothing_is_compared() -> None:
    """The frame after a cut is reported, and what stays through it has not moved."""
    meter = MotionMeter()
    reported = []
    for time in np.arange(30) / 15:
        shown = room(time, seed=0 if time < 1 else 7)
        scene = meter.update(shown, time, (HAND, LOGO))
        reported.append((scene.is_cut, float(time)))
        if 1 <= time < 1.25:
            assert [hand.motion for hand in scene.hands] == [0.0, 0.0]
    assert [time for cut, time in reported if cut] == [1.0]


def _dimmed(image: Image) -> Image:
    return np.asarray(image * 0.45, np.uint8)


def _shifted(image: Image) -> Image:
    return np.roll(image, 12, axis=1)


def _with_a_large_hand(image: Image) -> Image:
    image = image.copy()
    image[100:330, 220:420] = 190
    return image


@pytest.mark.parametrize("change", [_dimmed, _shifted, _with_a_large_hand])
def test_what_is_no_cut(change: Callable[[Image], Image]) -> None:
    """A lamp that goes out, a camera that is touched, and a hand that comes near are none."""
    smooth = np.asarray(
        np.clip(np.add.outer(np.linspace(30, 120, 360), np.linspace(0, 100, 640)), 0, 255), np.uint8
    )
    image = np.repeat(smooth[..., None], 3, axis=2)
    before, now = (cut_grid(small_gray(each)) for each in (image, change(image)))
    assert not is_cut(before, now)


@pytest.mark.parametrize("left", range(500, 508))
def test_what_passes_beside_a_poster_does_not_move_it(left: int) -> None:
    """A hand that waves at the edge of a small logo moves itself alone, wherever pixels lie."""
    logo = Hand((left - 1.9, 58.1, left + 25.9, 85.9), 0.9)
    frames = []
    for time, image in film(15):
        shift = left - 100 + round(30 * np.sin(9 * time))
        image[20:120, shift : shift + 100] = texture(2, 100, 100)
        image[60:84, left : left + 24] = 90
        frames.append((time, image))
    seen = [logo for (logo,) in motions(frames, (logo,))[-15:]]
    assert all(logo is not None and logo < MIN_MOTION for logo in seen)


def test_time_that_goes_back_or_another_size_starts_again() -> None:
    """A source that starts again is no cut, and nothing is compared across it."""
    meter = MotionMeter()
    meter.update(room(5.0), 5.0, (HAND,))
    scene = meter.update(texture(9, 640, 480), 0.0, (HAND,))
    assert (scene.is_cut, scene.hands[0].motion) == (False, 0.0)


@pytest.mark.parametrize(("width", "height"), [(3000, 2), (2, 3000), (1, 1), (9000, 1)])
def test_strips_are_measured(width: int, height: int) -> None:
    """Of a film that is far wider than high, as of a banner, a row of pixels is compared."""
    meter = MotionMeter()
    for step in range(3):
        scene = meter.update(np.full((height, width, 3), 60 * step, np.uint8), 0.4 * step, ())
        assert scene.hands == ()
