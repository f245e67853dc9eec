"""The promises of `vcam.output.output.Output`, kept by every destination."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.output import RecordingOutput
from tests.rigs.drivers import only_driver
from vcam.errors import OutputError
from vcam.output import window
from vcam.output.open import open_output
from vcam.output.output import Output
from vcam.output.settings import OutputSettings
from vcam.system import v4l2

SIZE = (65, 48)

OPENERS: dict[str, Callable[[Path], Output]] = {
    "virtual": lambda _: open_output("virtual", SIZE, 30, OutputSettings()),
    "window": lambda _: open_output("window", SIZE, 30, OutputSettings()),
    "null": lambda _: open_output("null", SIZE, 30, OutputSettings()),
    "mp4": lambda folder: open_output(str(folder / "A.MP4"), SIZE, 30, OutputSettings()),
    "recording": lambda _: RecordingOutput(),
}


@pytest.fixture(params=OPENERS)
def output(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Output]:
    """Each backend; drivers and screens that a test machine lacks are stood in for."""
    monkeypatch.setattr(v4l2, "list_devices", list)
    monkeypatch.setattr(window, "why_no_display", lambda: None)
    reads = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    monkeypatch.setattr(
        window, "_start", lambda *_: subprocess.Popen(reads, stdin=subprocess.PIPE, bufsize=0)
    )
    with only_driver():
        yield OPENERS[request.param](tmp_path)


def test_it_takes_images_and_leaves_them_alone(output: Output) -> None:
    """Pictures of the opening size, also read-only ones and views, are taken unchanged."""
    big = np.random.default_rng(3).integers(0, 255, (100, 100, 3), np.uint8)
    view = big[: SIZE[1], : SIZE[0]]
    before = view.copy()
    view.flags.writeable = False
    for i in range(5):
        output.send(view, i / 30)
    output.close()
    assert (view == before).all()


def test_it_may_be_closed_twice_and_unused(output: Output) -> None:
    """Closing without a picture, and closing again, succeed."""
    output.close()
    output.close()


def test_only_the_window_is_private(output: Output, request: pytest.FixtureRequest) -> None:
    """What the call may see is told apart from the person's own preview."""
    assert output.private is ("window" in request.node.callspec.id)
    output.close()


@pytest.mark.parametrize("dest", ["", "a.avi", "Virtual", "screen"])
def test_an_unknown_destination_says_what_is_allowed(dest: str) -> None:
    """A wrong destination is answered with the list of right ones."""
    with pytest.raises(OutputError, match=r"use `virtual`, `window`, `null`, or a path .* \.mp4"):
        open_output(dest, SIZE, 30, OutputSettings())


@pytest.mark.parametrize(("size", "fps"), [((0, 48), 30.0), (SIZE, 0.0), (SIZE, float("nan"))])
def test_no_video_is_our_own_mistake(size: tuple[int, int], fps: float) -> None:
    """An impossible size or rate is a fault of the caller, not of the person."""
    with pytest.raises(ValueError, match="no video"):
        open_output("null", size, fps, OutputSettings())


def test_the_recording_output_breaks_on_request() -> None:
    """The fake keeps copies with their times, and fails at the picture it was told to."""
    output = RecordingOutput(fail_at=1)
    image = np.zeros((2, 2, 3), np.uint8)
    output.send(image, 0.5)
    image[:] = 9
    assert (output.times, int(output.images[0].max())) == ([0.5], 0)
    with pytest.raises(OutputError, match="lost"):
        output.send(image, 0.6)
