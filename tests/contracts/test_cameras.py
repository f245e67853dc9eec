"""The promises of `vcam.camera.source.Camera`, kept by every source."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.camera.clips import write_video
from vcam.camera.fake import Delay, ScriptedCamera, make_frames
from vcam.camera.open import open_camera
from vcam.camera.settings import CameraSettings
from vcam.camera.source import Camera
from vcam.errors import CameraError

COUNT = 6
Opener = Callable[[Path], Camera]


def _video(name: str, codec: str, size: tuple[int, int] = (64, 48)) -> Opener:
    return lambda folder: open_camera(
        str(write_video(folder / name, codec=codec, count=COUNT, fps=10, size=size)),
        CameraSettings(),
    )


def _pictures(folder: Path) -> Camera:
    for frame in make_frames(COUNT):
        height = 48 - frame.index
        cv2.imwrite(str(folder / f"{frame.index}.png"), frame.image[:height])
    return open_camera(str(folder), CameraSettings(fps=10))


def _scripted(folder: Path) -> Camera:
    return ScriptedCamera([Delay(0.0), *make_frames(COUNT, fps=10)], fps=10)


SOURCES: dict[str, Opener] = {
    "mp4": _video("a.mp4", "mp4v"),
    "mkv": _video("a.mkv", "mp4v"),
    "webm": _video("a.webm", "VP80"),
    "avi": _video("a.avi", "MJPG"),
    "odd size": _video("odd.avi", "FFV1", (65, 49)),
    "pictures": _pictures,
    "scripted": _scripted,
}


@pytest.fixture(params=SOURCES)
def camera(request: pytest.FixtureRequest, tmp_path: Path) -> Camera:
    return SOURCES[request.param](tmp_path)


def test_frames_keep_the_contract(camera: Camera) -> None:
    """Each frame is BGR of the promised size; times rise; indices count; then comes None."""
    frames = [frame for frame in iter(camera.read, None) if frame is not None]
    assert len(frames) == COUNT
    assert [f.index for f in frames] == list(range(COUNT))
    width, height = camera.size
    assert all(f.image.shape == (height, width, 3) for f in frames)
    assert all(f.image.dtype == np.uint8 for f in frames)
    assert [f.time for f in frames] == pytest.approx([i / 10 for i in range(COUNT)], abs=0.002)
    assert camera.read() is None
    camera.close()


def test_frames_are_new_arrays(camera: Camera) -> None:
    """No frame shares its memory with the one before."""
    first, second = camera.read(), camera.read()
    assert first is not None
    assert second is not None
    assert not np.shares_memory(first.image, second.image)
    camera.close()


def test_what_it_says_about_itself(camera: Camera) -> None:
    """A recorded source has a rate above 0, is not live, and may be closed twice."""
    assert camera.fps == pytest.approx(10)
    assert camera.live is False
    camera.close()
    camera.close()


def test_a_scripted_camera_breaks_as_told() -> None:
    """The fake gives frames, fails in mid-run, goes on, and breaks at its end when it is live."""
    first, second = make_frames(2)
    camera = ScriptedCamera([first, CameraError("unplugged"), second], live=True)
    assert camera.read() is first
    with pytest.raises(CameraError, match="unplugged"):
        camera.read()
    assert camera.read() is second
    with pytest.raises(CameraError):
        camera.read()
    camera.close()
    assert camera.closed == 1
