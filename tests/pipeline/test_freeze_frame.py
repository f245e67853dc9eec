"""The picture that a freeze shows."""

import numpy as np

from vcam.core.frame import Image
from vcam.pipeline.freeze_frame import FORGOTTEN_S, StillImage


def shade(value: float) -> Image:
    """Return an even picture."""
    return np.full((4, 4, 3), round(value * 10), np.uint8)


def test_a_freeze_shows_the_moment_before_the_hand() -> None:
    """What is shown was taken well before a hand was seen, and not while it rose."""
    still = StillImage()
    for step in range(60):
        now = step / 15
        still.note(shade(now), now, hands=now >= 3.0)
    taken = still.before_hands(4.0, shade(4.0))[0, 0, 0] / 10
    assert 1.0 <= taken <= 2.4


def test_without_such_a_moment_the_newest_is_shown() -> None:
    """Who began with a raised hand, or has shown hands for long, is frozen as they are."""
    still = StillImage()
    assert (still.before_hands(1.0, shade(9.0)) == shade(9.0)).all()
    for step in range(30):
        still.note(shade(1.0), step / 10, hands=False)
    later = 3.0 + FORGOTTEN_S + 1
    assert (still.before_hands(later, shade(9.0)) == shade(9.0)).all()


def test_the_cameras_buffer_may_be_used_again() -> None:
    """The picture is a copy: a camera that writes into its buffer does not change it."""
    still, buffer = StillImage(), shade(1.0)
    for step in range(30):
        still.note(buffer, step / 10, hands=False)
    buffer[:] = 255
    assert (still.before_hands(3.0, buffer) == shade(1.0)).all()
