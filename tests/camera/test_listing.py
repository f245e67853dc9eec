"""Which cameras there are, as each system tells it."""

import subprocess
import sys

import pytest

from vcam.camera.listing import CameraInfo, list_cameras, parse_macos, parse_windows
from vcam.system import v4l2

MACOS = """{"SPCameraDataType": [
 {"_name": "OBS Virtual Camera", "spcamera_unique-id": "7626645E"},
 {"_name": "FaceTime HD Camera", "spcamera_unique-id": "47B4B64B"}]}"""


def test_linux_lists_what_gives_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Metadata nodes and idle outputs are not cameras."""
    devices = [
        v4l2.VideoDevice("/dev/video0", 0, "Cam", virtual=False, captures=True, outputs=False),
        v4l2.VideoDevice("/dev/video1", 1, "Cam", virtual=False, captures=False, outputs=False),
        v4l2.VideoDevice("/dev/video2", 2, "OBS", virtual=True, captures=True, outputs=False),
    ]
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(v4l2, "list_devices", lambda: devices)
    assert list_cameras() == [
        CameraInfo(0, "Cam", "/dev/video0", virtual=False),
        CameraInfo(2, "OBS", "/dev/video2", virtual=True),
    ]


def test_macos_is_sorted_as_opencv_counts() -> None:
    """OpenCV numbers cameras by their unique id, so we do too."""
    assert parse_macos(MACOS) == [
        CameraInfo(0, "FaceTime HD Camera", None, virtual=False),
        CameraInfo(1, "OBS Virtual Camera", None, virtual=True),
    ]


@pytest.mark.parametrize("text", ['{"Name": "HD Webcam"}', '[{"Name": "HD Webcam"}]'])
def test_windows_gives_one_object_or_a_list(text: str) -> None:
    """PowerShell's JSON of one camera is read as well as that of several."""
    assert parse_windows(text) == [CameraInfo(0, "HD Webcam", None, virtual=False)]


@pytest.mark.parametrize("text", ["", "no json"])
def test_a_tool_that_says_nothing_lists_nothing(text: str) -> None:
    """Silence of a system tool is an empty list, not a crash."""
    assert parse_macos(text) == []
    assert parse_windows(text) == []


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_a_missing_or_hanging_tool_lists_nothing(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tool that hangs is given up after some seconds."""

    def hang(*_: object, **options: object) -> None:
        assert options["timeout"]
        raise subprocess.TimeoutExpired("tool", 8)

    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(subprocess, "run", hang)
    assert list_cameras() == []
