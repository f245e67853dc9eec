"""Who is there, put together: outputs, the panel and the camera that rests."""

import time

import pytest

from tests.fakes.camera import ScriptedCamera, make_frames
from tests.fakes.output import RecordingOutput
from vcam.app.live_settings import LiveSettings
from vcam.app.onlookers import PANEL_S, Onlookers
from vcam.app.options import RunOptions
from vcam.output.audience import Readers
from vcam.overlay.settings import OverlaySettings
from vcam.panel.preview import Preview
from vcam.pipeline.capture import CaptureThread
from vcam.pipeline.state import ProgramState
from vcam.pipeline.video import VideoPath
from vcam.settings.settings import Settings
from vcam.system.clock import SteppedClock, SystemClock


class Loopback(RecordingOutput):
    """An output with a device, as the virtual camera has one."""

    device = "/dev/null"


def _onlookers(
    outputs: list[RecordingOutput], *, live: bool = True
) -> tuple[Onlookers, CaptureThread, SteppedClock]:
    clock = SteppedClock()
    state = ProgramState(clock, lambda name: None)
    preview = Preview(clock, private=True)
    video = VideoPath([*outputs, preview], (64, 48), OverlaySettings(), state)
    camera = ScriptedCamera(make_frames(9), live=live)
    capture = CaptureThread(camera, lambda: camera, clock)
    settings = LiveSettings(RunOptions(settings=Settings()))
    found = Onlookers(settings, video, capture, clock, state.tell)
    found._audience.readers = Readers(())
    return found, capture, clock


def _after(onlookers: Onlookers, clock: SteppedClock, seconds: float) -> None:
    end = clock.now() + seconds
    while clock.now() < end:
        clock.set(clock.now() + 0.5)
        onlookers._rest.step()


def test_a_virtual_camera_that_nobody_shows() -> None:
    """With the virtual camera alone and nobody there it rests; an open panel wakes it."""
    onlookers, capture, clock = _onlookers([Loopback()])
    _after(onlookers, clock, 11)
    assert capture.resting
    onlookers.note_panel()
    onlookers._rest.step()
    assert not capture.resting
    _after(onlookers, clock, PANEL_S + 11)
    assert capture.resting


@pytest.mark.parametrize("case", ["a window as well", "no virtual camera", "a film"])
def test_it_does_not_rest(case: str) -> None:
    """A preview, a recording or a run without virtual camera continues, and so does a film."""
    outputs = {
        "a window as well": [Loopback(), RecordingOutput()],
        "no virtual camera": [RecordingOutput()],
    }
    onlookers, capture, clock = _onlookers(outputs.get(case, [Loopback()]), live=case != "a film")
    _after(onlookers, clock, 60)
    assert not capture.resting


class Counted:
    """A camera that gives pictures for ever, and counts how often it was opened and closed."""

    live, size, fps = True, (64, 48), 30.0

    def __init__(self) -> None:
        self.opened, self.closed = 1, 0

    def open(self) -> "Counted":
        self.opened += 1
        return self

    def read(self) -> object:
        time.sleep(0.01)
        return make_frames(1)[0]

    def close(self) -> None:
        self.closed += 1


def test_the_camera_is_closed_and_opened() -> None:
    """While it rests the device is given back and no frame comes; then the next comes at once."""
    camera = Counted()
    capture = CaptureThread(camera, camera.open, SystemClock())  # type: ignore[arg-type]
    capture.start()
    try:
        assert capture.newest.wait(5)
        capture.rest(resting=True)
        time.sleep(0.3)
        assert (camera.opened, camera.closed) == (1, 1)
        capture.newest.wait(0)
        assert capture.newest.wait(0.3) is None
        assert capture.trouble is None
        capture.rest(resting=False)
        assert capture.newest.wait(1)
        assert camera.opened == 2
        capture.rest(resting=True)
        time.sleep(0.2)
    finally:
        capture.stop()
    assert not capture.is_alive()
