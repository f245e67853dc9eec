"""The camera rests, a program looks: how long it takes until there is a live picture again.

A plain file stands in for the virtual camera, and a camera that takes as long to open as a webcam
at USB does for the real one. All between the two is the program's own: who opens the file is seen,
the rest ends, the camera is opened, its first picture arrives.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.output import RecordingOutput
from vcam.app import camera_rest
from vcam.app.live_settings import LiveSettings
from vcam.app.onlookers import Onlookers
from vcam.app.options import RunOptions
from vcam.core.frame import Frame
from vcam.overlay.settings import OverlaySettings
from vcam.pipeline.capture import CaptureThread
from vcam.pipeline.state import ProgramState
from vcam.pipeline.video import VideoPath
from vcam.settings.settings import Settings
from vcam.system.clock import SystemClock

pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who looks"),
]
OPENING_S = 0.5
"""Between opening a webcam and its first picture."""
BACK_S = 1.0
HOLDS = "import sys, time; print(time.perf_counter(), flush=True); held = open(sys.argv[1], 'rb')\
; time.sleep(60)"


class Webcam:
    """A camera that takes its time to open and gives thirty pictures a second."""

    size, fps, live = (64, 48), 30.0, True

    def __init__(self) -> None:
        time.sleep(OPENING_S)

    def read(self) -> Frame:
        time.sleep(1 / self.fps)
        return Frame(np.zeros((48, 64, 3), np.uint8), time.perf_counter(), 0)

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def device(tmp_path: Path) -> Path:
    path = tmp_path / "video9"
    path.touch()
    return path


@pytest.fixture
def capture(device: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CaptureThread]:
    """Return what reads the camera of a program whose virtual camera nobody shows."""
    monkeypatch.setattr(camera_rest, "REST_AFTER_S", 0.2)
    clock = SystemClock()
    state = ProgramState(clock, lambda name: None)
    output = RecordingOutput()
    output.device = str(device)  # type: ignore[attr-defined]  # as the virtual camera has one
    video = VideoPath([output], (64, 48), OverlaySettings(), state)
    thread = CaptureThread(Webcam(), Webcam, clock)
    live = LiveSettings(RunOptions(settings=Settings()))
    onlookers = Onlookers(live, video, thread, clock, state.tell)
    thread.start()
    onlookers.start()
    yield thread
    onlookers.close()
    thread.stop()


def _comes(condition: Callable[[], object]) -> None:
    end = time.perf_counter() + 10
    while not condition():
        assert time.perf_counter() < end
        time.sleep(0.005)


def _first_after(capture: CaptureThread, opened_at: float) -> float:
    """Wait for a picture that came since somebody looked, and return when."""
    while (newest := capture.newest.peek()) is None or newest.at < opened_at:
        assert time.perf_counter() < opened_at + 10
        time.sleep(0.005)
    return newest.at


def test_it_is_back_within_a_second(capture: CaptureThread, device: Path) -> None:
    """From the moment at which a program opens the virtual camera to a picture of the real one."""
    late = []
    for _ in range(3):
        _comes(lambda: capture.resting)
        reader = subprocess.Popen(
            [sys.executable, "-S", "-c", HOLDS, str(device)], stdout=subprocess.PIPE
        )
        assert reader.stdout is not None
        opened_at = float(reader.stdout.readline())
        late.append(_first_after(capture, opened_at) - opened_at)
        reader.kill()
        reader.communicate()
    print(f"back after {', '.join(f'{1000 * each:.0f}' for each in late)} ms")
    assert sorted(late)[1] <= BACK_S
