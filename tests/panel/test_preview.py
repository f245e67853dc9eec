"""How many pictures a browser that looks gets."""

import pytest

from tests.fakes.camera import make_frames
from vcam.core.view import View
from vcam.overlay.composer import Sketch
from vcam.overlay.settings import OverlaySettings
from vcam.panel.preview import RATE_HZ, WATCHED_S, Preview
from vcam.system.clock import SteppedClock


def _taken(frame_rate: float, seconds: float, late: float = 0.0) -> int:
    """Return how many frames are taken; every third one comes late by so many seconds."""
    clock = SteppedClock()
    preview = Preview(clock, private=True)
    (frame,) = make_frames(1)
    number = 0
    for index in range(round(frame_rate * seconds)):
        clock.set(index / frame_rate + (late if index % 3 == 0 else 0.0))
        if index % round(frame_rate) == 0:
            preview.jpeg(number, 0.0)  # somebody looks
        if preview.due():
            preview.offer(Sketch(frame.image, View(), clock.now(), OverlaySettings()))
            number += 1
    return number


@pytest.mark.parametrize("late", [0.0, 0.012])
@pytest.mark.parametrize("frame_rate", [24, 25, 30, 50, 60])
def test_cameras_that_are_faster_give_twenty_a_second(frame_rate: float, late: float) -> None:
    """Whatever the camera's rate is, and though frames come late."""
    assert _taken(frame_rate, 5, late) == pytest.approx(5 * RATE_HZ, abs=2)


@pytest.mark.parametrize("frame_rate", [5, 10, 15, 20])
def test_slower_cameras_give_every_frame(frame_rate: float) -> None:
    """None is left out."""
    assert _taken(frame_rate, 5) >= 5 * frame_rate - 1


def test_a_pause_is_not_made_up_for() -> None:
    """After a camera's pause they come no faster than before it."""
    clock = SteppedClock()
    preview = Preview(clock, private=True)
    (frame,) = make_frames(1)
    sketch = Sketch(frame.image, View(), 0.0, OverlaySettings())
    preview.jpeg(0, 0.0)
    preview.offer(sketch)
    clock.set(10.0)
    assert not preview.due()  # nobody has asked for longer than WATCHED_S
    assert WATCHED_S < 10
    preview.jpeg(1, 0.0)
    taken = 0
    for millisecond in range(1000):
        clock.set(10.0 + millisecond / 1000)
        if preview.due():
            preview.offer(sketch)
            taken += 1
    assert taken == pytest.approx(RATE_HZ, abs=1.5)
