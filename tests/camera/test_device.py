"""The device camera over an OpenCV capture that a test controls."""

import os
import sys
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import pytest

from tests.rigs.camera_systems import DS_INTERFACE, MF_INTERFACE, on_macos, on_windows, usb
from vcam.camera import windows_privacy
from vcam.camera.device import DeviceCamera, explain_failure
from vcam.camera.settings import CameraSettings
from vcam.camera.windows_devices import DIRECT_SHOW_INDEX
from vcam.errors import CameraError
from vcam.system import v4l2

IMAGE = np.full((48, 64, 3), 7, np.uint8)


class ManualClock:
    """Time that only `sleep` moves."""

    def __init__(self) -> None:
        self.time = 100.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


class FakeCapture:
    """Stands in for cv2.VideoCapture: plays `images`, None being a failed read."""

    images: Iterator[Any] = iter(())
    opens = True

    def __init__(self) -> None:
        self.asked: list[tuple[int, float]] = []
        self.released = False
        FakeCapture.last = self

    last: "FakeCapture"

    def open(self, source: int | str, backend: int) -> bool:
        self.source = source
        return self.opens

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return self.opens

    def set(self, key: int, value: float) -> bool:
        self.asked.append((key, value))
        return True

    def get(self, key: int) -> float:
        return 0.0

    def read(self) -> tuple[bool, Any]:
        image = next(self.images, None)
        return image is not None, image

    def release(self) -> None:
        self.released = True


@pytest.fixture
def capture(monkeypatch: pytest.MonkeyPatch) -> type[FakeCapture]:
    monkeypatch.setattr(cv2, "VideoCapture", FakeCapture)
    monkeypatch.setattr(FakeCapture, "opens", True)
    return FakeCapture


def open_with(capture: type[FakeCapture], *images: Any, **settings: Any) -> DeviceCamera:
    capture.images = iter(images)
    return DeviceCamera(0, CameraSettings(**settings), ManualClock())


def test_it_reports_the_size_that_it_gets(capture: type[FakeCapture]) -> None:
    """What the camera gives counts, not what was asked for; a missing rate is the asked one."""
    camera = open_with(capture, IMAGE, IMAGE, width=1280, height=720, fps=25)
    assert (camera.size, camera.fps, camera.live) == ((64, 48), 25, True)
    frame = camera.read()
    assert frame is not None
    assert (frame.time, frame.index) == (100.0, 0)


@pytest.mark.parametrize(("width", "height", "mjpg"), [(640, 480, False), (1280, 720, True)])
def test_large_images_are_asked_for_as_mjpg(
    capture: type[FakeCapture], width: int, height: int, mjpg: bool
) -> None:
    """Above 640x480 the compressed format is asked for, before the size."""
    open_with(capture, IMAGE, width=width, height=height)
    keys = [key for key, _ in capture.last.asked]
    assert (keys[0] == cv2.CAP_PROP_FOURCC) is mjpg
    assert (cv2.CAP_PROP_FRAME_WIDTH, float(width)) in capture.last.asked


def test_grey_images_become_bgr(capture: type[FakeCapture]) -> None:
    """An infrared camera's grey frames arrive with three channels."""
    camera = open_with(capture, IMAGE[..., 0], IMAGE[..., 0])
    frame = camera.read()
    assert frame is not None
    assert frame.image.shape == (48, 64, 3)


def test_a_camera_may_take_time_to_wake_up(capture: type[FakeCapture]) -> None:
    """Failed reads after opening are waited out."""
    assert open_with(capture, None, None, None, None, IMAGE).size == (64, 48)


def test_a_camera_without_images_is_refused_and_released(capture: type[FakeCapture]) -> None:
    """A camera that never gives a picture is an error within seconds, and is given back."""
    with pytest.raises(CameraError):
        open_with(capture)
    assert capture.last.released


def test_one_spoilt_image_is_passed_over(capture: type[FakeCapture]) -> None:
    """A broken packet costs a frame, not the camera."""
    camera = open_with(capture, IMAGE, None, IMAGE)
    assert camera.read() is not None


def test_an_unplugged_camera_breaks(capture: type[FakeCapture]) -> None:
    """When nothing comes any more, `read` raises."""
    camera = open_with(capture, IMAGE)
    with pytest.raises(CameraError, match="plugged in"):
        camera.read()
    camera.close()
    assert capture.last.released


def test_another_size_breaks(capture: type[FakeCapture]) -> None:
    """Frames of another size than promised are never given."""
    camera = open_with(capture, IMAGE, IMAGE[:24])
    with pytest.raises(CameraError, match="changed its picture size"):
        camera.read()


@pytest.mark.parametrize(
    ("platform", "says"),
    [("darwin", "Privacy & Security"), ("win32", "Settings > Privacy"), ("linux", "There is no")],
)
def test_each_system_has_its_own_remedy(
    platform: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence names where this system keeps its camera switch."""
    monkeypatch.setattr("sys.platform", platform)
    assert says in explain_failure(97)


@pytest.mark.parametrize(
    ("status", "says"), [(2, "Privacy & Security > Camera"), (3, "close other programs")]
)
def test_a_mac_sends_nobody_to_a_permission_that_is_given(
    status: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A camera that macOS lets us use is busy or broken; one that it keeps needs the permission."""
    on_macos(monkeypatch, [("EAB7", "FaceTime HD Camera")], status=status)
    assert says in explain_failure(0)
    assert ("Privacy" in explain_failure(0)) == (status == 2)


def test_windows_names_the_switch_that_keeps_the_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is off for the whole computer comes first; with all on, other programs are meant."""
    denied: set[tuple[str, bool]] = set()

    def read(key: str, *, of_computer: bool) -> str:
        return "Deny" if (key.rpartition("\\")[2], of_computer) in denied else "Allow"

    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr(windows_privacy, "_read", read)
    assert "close other programs" in explain_failure(0)
    denied.add(("NonPackaged", False))
    assert "Let desktop apps access your camera" in explain_failure(0)
    denied.add(("webcam", False))
    assert "Let apps access your camera" in explain_failure(0)
    denied.add(("webcam", True))
    assert "*Camera access*" in explain_failure(0)


@pytest.mark.skipif(sys.platform != "win32", reason="the registry is Windows'")
def test_the_switch_is_read_from_the_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows keeps it as a word, for programs from elsewhere than its shop in a key of theirs."""
    monkeypatch.setattr(windows_privacy, "_STORE", r"Software\vcam test")
    if sys.platform == "win32":
        import winreg

        key = f"{windows_privacy._STORE}\\NonPackaged"
        assert windows_privacy.switch_to_turn_on() is None
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
            winreg.SetValueEx(opened, "Value", 0, winreg.REG_SZ, "Deny")
        try:
            assert windows_privacy.switch_to_turn_on() == "Let desktop apps access your camera"
        finally:
            winreg.DeleteKey(winreg.HKEY_CURRENT_USER, key)
            winreg.DeleteKey(winreg.HKEY_CURRENT_USER, windows_privacy._STORE)


def test_a_busy_camera_names_who_uses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Linux the sentence names the process that has the camera."""
    monkeypatch.setattr("sys.platform", "linux")
    holder = v4l2.Holder(4711, "zoom", writes_only=False)
    monkeypatch.setattr(v4l2, "is_video_device", lambda path: True)
    monkeypatch.setattr(v4l2, "find_holders", lambda path: [holder])
    assert "in use by zoom (process 4711)" in explain_failure(os.devnull)


def test_a_forbidden_camera_names_the_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Linux missing rights point to the video group."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert "usermod -aG video" in explain_failure(os.devnull)


@pytest.mark.parametrize(
    ("virtual", "captures", "says"),
    [
        (True, False, "a virtual camera that no program feeds"),
        (False, False, "gives no pictures itself"),
        (False, True, "plug it in again"),
    ],
)
def test_a_device_without_images_says_what_it_is(
    virtual: bool, captures: bool, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virtual camera without a producer and a camera's second node are told from a dead one."""
    device = v4l2.VideoDevice(os.devnull, 0, "X", virtual, captures, outputs=not captures)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(v4l2, "find_holders", lambda path: [])
    monkeypatch.setattr(v4l2, "is_video_device", lambda path: True)
    monkeypatch.setattr(v4l2, "list_devices", lambda: [device])
    assert says in explain_failure(os.devnull)


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux")
@pytest.mark.parametrize("path", ["/dev/null", "/dev/tty"])
def test_what_is_no_camera_is_said_to_be_none(path: str) -> None:
    """A device of another kind is not called a broken camera."""
    with pytest.raises(CameraError, match="is no camera"):
        DeviceCamera(path, CameraSettings())


def test_on_windows_directshow_is_tried_where_media_foundation_fails(
    capture: type[FakeCapture], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A camera that one interface opens without a picture is opened through the other."""
    same = usb(1)
    on_windows(
        monkeypatch,
        [("Cam", same + MF_INTERFACE)],
        [("OBS Virtual Camera", None), ("Cam", same + DS_INTERFACE)],
    )
    opened: list[tuple[int | str, int]] = []

    def read(self: FakeCapture) -> tuple[bool, Any]:
        return (True, IMAGE) if opened[-1][1] == cv2.CAP_DSHOW else (False, None)

    def open_(self: FakeCapture, source: int | str, backend: int) -> bool:
        opened.append((source, backend))
        return True

    monkeypatch.setattr(FakeCapture, "open", open_)
    monkeypatch.setattr(FakeCapture, "read", read)
    DeviceCamera(0, CameraSettings(), ManualClock())
    assert opened == [(0, cv2.CAP_MSMF), (1, cv2.CAP_DSHOW)]


def test_on_windows_a_directshow_index_goes_to_directshow(
    capture: type[FakeCapture], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What only DirectShow lists is opened there, under DirectShow's own number."""
    on_windows(monkeypatch, [], [("OBS", None), ("Old", None)])
    monkeypatch.setattr(FakeCapture, "images", iter([IMAGE]))
    DeviceCamera(DIRECT_SHOW_INDEX + 1, CameraSettings(), ManualClock())
    assert FakeCapture.last.source == 1
