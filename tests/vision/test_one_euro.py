"""The one-euro filter."""

import random

import pytest

from vcam.vision.one_euro import OneEuro


def test_first_values_pass_unchanged() -> None:
    """The first box is taken as it is: there is nothing to smooth it with."""
    assert OneEuro().update([1.0, 2.0], 5.0) == [1.0, 2.0]


def test_jitter_of_a_resting_hand_shrinks() -> None:
    """Noise around a resting place comes out at little more than half its size."""
    noise, smooth = random.Random(1), OneEuro()
    raw = [100 + noise.uniform(-5, 5) for _ in range(300)]
    out = [smooth.update([value], index / 30, 200.0)[0] for index, value in enumerate(raw)]
    assert max(abs(value - 100) for value in out[60:]) < 2.75


def test_a_fast_hand_is_followed() -> None:
    """A hand that moves five sizes a second is followed within a fifth of its size."""
    smooth = OneEuro()
    out = [smooth.update([100.0 * 5 * index / 30], index / 30, 100.0)[0] for index in range(31)]
    assert 500 - out[-1] < 20


@pytest.mark.parametrize("rate", [5, 10, 30, 60])
def test_a_step_is_answered_alike_at_any_rate(rate: int) -> None:
    """0.4 s after a small step, the answer has nearly arrived, however often frames come."""
    smooth = OneEuro()
    smooth.update([0.0], 0.0, 100.0)
    for index in range(1, int(0.4 * rate) + 1):
        (value,) = smooth.update([10.0], index / rate, 100.0)
    assert 9.5 < value <= 10.0


def test_images_of_any_size_are_smoothed_alike() -> None:
    """Twice the pixels give twice the values: smoothing follows the size of the hand."""
    small, large = OneEuro(), OneEuro()
    for index, value in enumerate([0.0, 3.0, -2.0, 40.0, 90.0]):
        (one,) = small.update([value], index / 15, 50.0)
        (two,) = large.update([2 * value], index / 15, 100.0)
        assert two == pytest.approx(2 * one)
