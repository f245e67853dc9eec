"""The promises of `vcam.camera.camera.Camera`, kept by every source."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.camera import Delay, ScriptedCamera, make_frames
from tests.rigs.clips import write_video
from vcam.camera.camera import Camera
from vcam.camera.looped import LoopedCamera
from vcam.camera.open import open_camera
from vcam.camera.pending import PendingCamera
from vcam.camera.settings import CameraSettings
from vcam.errors import CameraError
from vcam.system.image_files import write_image

COUNT = 6
Opener = Callable[[Path], Camera]


def _video(name: str, codec: str, size: tuple[int, int] = (64, 48)) -> Opener:
    return lambda folder: open_camera(
        str(write_video(folder / name, codec=codec, count=COUNT, fps=10, size=size)),
        CameraSettings(),
    )


def _images(folder: Path) -> Camera:
    for frame in make_frames(COUNT):
        height = 48 - frame.index
        write_image(folder / f"{frame.index}.png", frame.image[:height])
    return open_camera(str(folder), CameraSettings(fps=10))


def _scripted(folder: Path) -> Camera:
    return ScriptedCamera([Delay(0.0), *make_frames(COUNT, fps=10)], fps=10)


SOURCES: dict[str, Opener] = {
    "mp4": _video("a.mp4", "mp4v"),
    "mkv": _video("a.mkv", "mp4v"),
    "webm": _video("a.webm", "VP80"),
    "avi": _video("a.avi", "MJPG"),
    "odd size": _video("odd.avi", "FFV1", (65, 49)),
    "pictures": _images,
    "scripted": _scripted,
}


def test_a_looped_file_continues_and_its_times_rise(tmp_path: Path) -> None:
    """A file that is played round and round never ends; times and indices go on rising."""

    def opened() -> Camera:
        return ScriptedCamera(make_frames(COUNT, fps=10), fps=10)

    camera = LoopedCamera(opened(), opened)
    frames = [camera.read() for _ in range(3 * COUNT)]
    times = [frame.time for frame in frames if frame is not None]
    assert len(times) == 3 * COUNT
    assert all(0.05 < later - earlier < 0.15 for earlier, later in pairwise(times))
    assert [frame.index for frame in frames if frame] == list(range(3 * COUNT))
    camera.close()


def test_an_awaited_camera_says_why_there_is_none() -> None:
    """A camera that is not there has a size, and every read tells the reason."""
    camera = PendingCamera((64, 48), 30.0, CameraError("No camera was found: plug one in."))
    assert (camera.size, camera.live) == ((64, 48), True)
    with pytest.raises(CameraError, match="plug one in"):
        camera.read()
    camera.close()


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


def test_a_scripted_camera_breaks_on_request() -> None:
    """The fake gives frames, fails in mid-run, continues, and breaks at its end when it is live."""
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
