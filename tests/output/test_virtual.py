"""The virtual camera over the real pyvirtualcam with a driver of our own."""

import builtins
import re
from typing import Any

import cv2
import numpy as np
import pytest

from tests.rigs.drivers import only_driver
from vcam.errors import OutputError
from vcam.output import loopback
from vcam.output.open import open_output
from vcam.output.settings import OutputSettings
from vcam.output.virtual import explain_failure
from vcam.system import v4l2

SETTINGS = OutputSettings()
UNITY = "\n'unitycapture' backend: No camera registered"
OBS_RUNS = f"'obs' backend: virtual camera output could not be started{UNITY}."
NO_OBS = f"'obs' backend: OBS Virtual Camera device not found! Did you install OBS?{UNITY}."
OTHER_NAME = (
    "'obs' backend: This backend supports only the 'OBS Virtual Camera' device."
    f"{UNITY} with this name."
)
OTHER_NAME_NO_OBS = (
    f"'obs' backend: OBS Virtual Camera device not found! Did you install OBS?{UNITY} with this "
    "name."
)
"""What pyvirtualcam 0.15 says on Windows, recorded."""
NO_LOOPBACK = (
    "'v4l2loopback' backend: No v4l2 loopback device found at /dev/video[0-99]. "
    "Did you run 'modprobe v4l2loopback'? See also pyvirtualcam's documentation."
)
"""And on Linux."""


@pytest.fixture(autouse=True)
def no_loopbacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep this machine's own devices out of the tests."""
    monkeypatch.setattr(v4l2, "list_devices", list)


def device(
    index: int, name: str, *, captures: bool = False, outputs: bool = True
) -> v4l2.VideoDevice:
    return v4l2.VideoDevice(
        f"/dev/video{index}", index, name, virtual=True, captures=captures, outputs=outputs
    )


@pytest.mark.parametrize(
    ("size", "even"), [((64, 48), (64, 48)), ((65, 49), (66, 50)), ((1, 1), (2, 2))]
)
def test_images_arrive_with_their_colours(size: tuple[int, int], even: tuple[int, int]) -> None:
    """What the driver gets is I420 of an even size that shows the same colours."""
    image = np.full((size[1], size[0], 3), (30, 160, 220), np.uint8)
    with only_driver() as driver:
        output = open_output("virtual", size, 30, SETTINGS)
        output.send(image, 0.0)
        output.close()
    (camera,) = driver.made
    assert camera.size == even
    planes = camera.frames[0].reshape(even[1] * 3 // 2, even[0])
    shown = cv2.cvtColor(planes, cv2.COLOR_YUV2BGR_I420)
    assert np.abs(shown.astype(int) - (30, 160, 220)).max() <= 3


def test_closing_gives_the_driver_back_once() -> None:
    """Closing twice closes the driver once, and a send after it is an error."""
    with only_driver() as driver:
        output = open_output("virtual", (64, 48), 30, OutputSettings(device="My Cam"))
        output.close()
        output.close()
        with pytest.raises(OutputError, match="is closed"):
            output.send(np.zeros((48, 64, 3), np.uint8), 0.0)
    assert [(c.closed, c.name) for c in driver.made] == [(1, "My Cam")]


def test_a_driver_that_breaks_is_an_output_error() -> None:
    """A lost driver is reported as such."""
    with only_driver(breaks=True):
        output = open_output("virtual", (64, 48), 30, SETTINGS)
        with pytest.raises(OutputError, match="was lost"):
            output.send(np.zeros((48, 64, 3), np.uint8), 0.0)
        output.close()


@pytest.mark.parametrize(
    ("platform", "remedy"),
    [("linux", "exclusive_caps=1"), ("darwin", "OBS Studio"), ("win32", "OBS Studio")],
)
def test_a_missing_driver_names_this_systems_remedy(
    platform: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a driver, the sentence says how to get one here, and what works without."""
    monkeypatch.setattr("sys.platform", platform)
    with (
        only_driver(refusal="no device"),
        pytest.raises(OutputError, match="--output window") as caught,
    ):
        open_output("virtual", (64, 48), 30, SETTINGS)
    assert remedy in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("Device /dev/video0 is already in use.", "in use"),
        (OBS_RUNS, "press Stop Virtual Camera in OBS"),
        (NO_OBS, "^No virtual camera driver was found: .*(install OBS Studio|modprobe)"),
        (NO_LOOPBACK, "^No virtual camera driver was found: .*(install OBS Studio|modprobe)"),
        ("could not be opened due to missing permissions", "usermod"),
    ],
)
def test_known_reasons_have_their_own_sentence(reason: str, says: str) -> None:
    """A busy device and missing rights are told apart from a missing driver."""
    assert re.search(says, explain_failure(reason))


@pytest.mark.parametrize("reason", [OTHER_NAME, OTHER_NAME_NO_OBS])
def test_a_virtual_camera_of_another_name_says_so(reason: str) -> None:
    """A name that Windows does not know leads to the setting, and not to an installer."""
    text = explain_failure(reason, "My Camera")
    assert "no virtual camera called 'My Camera'" in text
    assert "install" not in text.replace("is installed", "")


def test_a_broken_pyvirtualcam_is_an_output_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that cannot be loaded is said to be so."""
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name == "pyvirtualcam":
            raise ImportError("wrong architecture")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(OutputError, match="wrong architecture"):
        open_output("virtual", (64, 48), 30, SETTINGS)


class Kernel:
    """Stands in for the v4l2 questions about loopback devices."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *devices: v4l2.VideoDevice) -> None:
        self.released: list[str] = []
        self.holders: dict[str, list[v4l2.Holder]] = {}
        self.flowing: set[str] = set()
        self.formats: dict[str, tuple[int, int, str]] = {}
        monkeypatch.setattr("sys.platform", "linux")
        monkeypatch.setattr(v4l2, "list_devices", lambda: list(devices))
        monkeypatch.setattr(v4l2, "find_holders", lambda path: self.holders.get(path, []))
        monkeypatch.setattr(v4l2, "frames_flow", lambda path: path in self.flowing)
        monkeypatch.setattr(v4l2, "output_format", self.format_of)
        monkeypatch.setattr(v4l2, "release_stuck_output", self.released.append)

    def format_of(self, path: str) -> tuple[int, int, str] | None:
        return self.formats.get(path)


def test_our_label_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several free devices the one with our label is taken, else the first."""
    Kernel(monkeypatch, device(0, "OBS"), device(1, "Gesture Cam"))
    assert loopback.prepare_loopback(None) == "/dev/video1"
    assert loopback.prepare_loopback("obs") == "/dev/video0"
    assert loopback.prepare_loopback("/dev/video0") == "/dev/video0"
    with pytest.raises(OutputError, match=r"no virtual camera `Other`.*/dev/video0"):
        loopback.prepare_loopback("Other")


def test_a_stuck_device_is_fixed_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device that its last producer left unusable is released; a good one is not touched."""
    kernel = Kernel(monkeypatch, device(0, "Gesture Cam", outputs=False))
    assert loopback.prepare_loopback(None) == "/dev/video0"
    assert kernel.released == ["/dev/video0"]
    kernel = Kernel(monkeypatch, device(0, "Gesture Cam"))
    loopback.prepare_loopback(None)
    assert kernel.released == []


def test_a_device_in_use_is_never_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program's device is refused with its name, or another free one is taken."""
    busy = device(0, "Gesture Cam", captures=True, outputs=False)
    kernel = Kernel(monkeypatch, busy)
    kernel.flowing = {"/dev/video0"}
    kernel.holders = {"/dev/video0": [v4l2.Holder(7, "obs", writes_only=False)]}
    with pytest.raises(OutputError, match=r"in use.*obs \(process 7\)"):
        loopback.prepare_loopback(None)
    assert kernel.released == []
    kernel = Kernel(monkeypatch, busy, device(1, "Spare"))
    kernel.flowing = {"/dev/video0"}
    assert loopback.prepare_loopback(None) == "/dev/video1"


def test_the_camera_is_not_its_own_output(monkeypatch: pytest.MonkeyPatch) -> None:
    """A virtual camera that this program reads is not written into, and the sentence says why."""
    Kernel(monkeypatch, device(0, "Gesture Cam", captures=True, outputs=False))
    monkeypatch.setattr(v4l2, "held_by_us", lambda path: True)
    with pytest.raises(OutputError, match="already the camera or an output of this very program"):
        loopback.prepare_loopback(None)


def test_a_silent_producer_counts_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that opened the device for writing keeps it, even before its first picture."""
    kernel = Kernel(monkeypatch, device(0, "Gesture Cam"))
    kernel.holders = {"/dev/video0": [v4l2.Holder(7, "ffmpeg", writes_only=True)]}
    with pytest.raises(OutputError, match="ffmpeg"):
        loopback.prepare_loopback(None)


def test_a_reader_alone_does_not_keep_us_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call app that still shows the camera after we stopped lets us start again."""
    kernel = Kernel(monkeypatch, device(0, "Gesture Cam", captures=True, outputs=False))
    kernel.holders = {"/dev/video0": [v4l2.Holder(8, "zoom", writes_only=False)]}
    assert loopback.prepare_loopback(None) == "/dev/video0"
    assert kernel.released == ["/dev/video0"]


@pytest.mark.parametrize(
    ("held", "fits"),
    [((64, 48, "YU12"), True), ((640, 480, "YU12"), False), ((64, 48, "YUYV"), False)],
)
def test_a_reader_in_another_format_is_refused(
    held: tuple[int, int, str], fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A garbled picture is never sent: another size or format held by a reader is an error."""
    kernel = Kernel(monkeypatch, device(0, "Gesture Cam"))
    kernel.formats = {"/dev/video0": held}
    with only_driver() as driver:
        if fits:
            open_output("virtual", (64, 48), 30, SETTINGS).close()
        else:
            with pytest.raises(OutputError, match="still shows /dev/video0"):
                open_output("virtual", (64, 48), 30, SETTINGS)
        assert [c.closed for c in driver.made] == [1]
