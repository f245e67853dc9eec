"""Against `vivid`, the camera that Debian's kernel plays: plugged in, chosen, and pulled out.

Unlike a loopback it has a driver's manners: several nodes that are no cameras, formats and sizes to
choose from, and a control that disconnects it as a pulled plug does.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from vcam.camera.device import DeviceCamera
from vcam.camera.listing import list_cameras
from vcam.camera.open import choose_index
from vcam.camera.settings import CameraSettings
from vcam.errors import CameraError
from vcam.system import v4l2

MODULES = os.environ.get("VCAM_GUEST_MODULES", "")
pytestmark = [
    pytest.mark.skipif(not MODULES, reason="needs Debian's kernel: run .ci/e2e qemu"),
    pytest.mark.timeout(500),
]
SMALL = CameraSettings(width=320, height=180)
DRIVER, UNIT = Path("/sys/bus/platform/drivers/vivid"), "vivid.0"
"""Unbound from its driver, the device is gone while programs have it open: a pulled plug."""
CALL = "/dev/video0"
"""Gesture Cam."""
WHITE_BAR = (slice(150, 175), slice(4, 30))
"""In vivid's 320x180 colour bars; dark on our cards."""


def _modprobe(*arguments: str) -> None:
    subprocess.run(["modprobe", "-d", MODULES, *arguments], check=True, timeout=100)


def _plug_in() -> str:
    """Load the driver and return the node that gives pictures."""
    _modprobe("vivid", "n_devs=1")
    return next(camera.path for camera in list_cameras() if camera.name == "vivid" and camera.path)


@pytest.fixture
def plugged() -> Iterator[str]:
    """Return the path of a camera that is plugged in."""
    yield _plug_in()
    _modprobe("-r", "vivid")


def test_one_of_its_nodes_is_the_camera(plugged: str) -> None:
    """Of all the nodes that it brings, one is listed as a camera, and is what index 0 means."""
    nodes = [device for device in v4l2.list_devices() if device.name == "vivid"]
    assert len(nodes) > 1
    cameras = [camera for camera in list_cameras() if camera.name == "vivid"]
    assert [(camera.path, camera.virtual) for camera in cameras] == [(plugged, False)]
    other = next(device.path for device in nodes if device.path != plugged)
    with pytest.raises(CameraError, match="gives no pictures itself"):
        DeviceCamera(other, SMALL)


@pytest.mark.parametrize(("asked", "given"), [((320, 180), (320, 180)), ((650, 370), (640, 360))])
def test_it_gives_images(plugged: str, asked: tuple[int, int], given: tuple[int, int]) -> None:
    """It gives the size that was asked for, or the nearest that it has; in colour, and in time."""
    camera = DeviceCamera(plugged, CameraSettings(width=asked[0], height=asked[1]))
    frames = [camera.read() for _ in range(5)]
    camera.close()
    assert camera.size == given
    assert all(frame is not None and frame.image.shape == (*given[::-1], 3) for frame in frames)
    times = [frame.time for frame in frames if frame is not None]
    assert times == sorted(times)
    colours = frames[-1].image[given[1] // 3, :: given[0] // 8] if frames[-1] else np.zeros((1, 3))
    assert np.ptp(colours.astype(int), axis=0).min() > 100


def test_a_pulled_plug_is_reported(plugged: str) -> None:
    """Once it is disconnected, a read says so in one sentence and does not wait.

    The control that does it here is undone by the driver when the last program lets go.
    """
    camera = DeviceCamera(plugged, SMALL)
    assert camera.read()
    subprocess.run(["v4l2-ctl", "-d", plugged, "-c", "disconnect=1"], check=True, timeout=30)
    began = time.perf_counter()
    with pytest.raises(CameraError, match="still plugged in"):
        _read_on(camera)
    camera.close()
    assert time.perf_counter() - began < 10


def test_pulled_out_of_a_call_and_plugged_in_again(plugged: str, tmp_path: Path) -> None:
    """The call continues with a card, and shows the camera again once it is back."""
    config = tmp_path / "settings.toml"
    config.write_text("[camera]\nwidth = 320\nheight = 180\n")
    options = ["--camera", plugged, "--output", "virtual", "--dry-run", "--no-panel"]
    command = [sys.executable, "-m", "vcam", "run", *options, "--config", str(config)]
    with subprocess.Popen(command) as program:
        try:
            _until(lambda: _brightness() > 150, "the camera's picture")
            (DRIVER / "unbind").write_text(UNIT)
            _until(lambda: _brightness() < 80, "a card")
            assert not Path(plugged).exists()
            (DRIVER / "bind").write_text(UNIT)
            _until(lambda: _brightness() > 150, "the camera's picture again")
        finally:
            program.send_signal(signal.SIGTERM)
        assert program.wait(60) == 0


def test_index_counts_real_cameras(plugged: str) -> None:
    """Index 0 is the plugged camera, though Gesture Cam is the system's first device."""
    assert f"/dev/video{choose_index(0)}" == plugged != CALL


def _read_on(camera: DeviceCamera) -> None:
    for _ in range(20):  # some frames may have been waiting
        camera.read()


def _brightness() -> float:
    """Return how bright the place of vivid's white bar is in the call's newest picture."""
    target = Path("/dev/shm/call")
    target.write_bytes(b"")  # v4l2-ctl ends well and writes nothing where there is no picture yet
    command = ["v4l2-ctl", "-d", CALL, "--stream-mmap", "--stream-count=2", f"--stream-to={target}"]
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(command, timeout=20, capture_output=True, check=False)
    raw = np.fromfile(target, np.uint8)
    size = 320 * 180 * 3 // 2
    if raw.size < size:
        return float("nan")
    return float(raw[-size:][: 320 * 180].reshape(180, 320)[WHITE_BAR].mean())


def _until(condition: Callable[[], bool], what: str, seconds: float = 120) -> None:
    end = time.perf_counter() + seconds
    while not condition():
        assert time.perf_counter() < end, what
        time.sleep(1)
