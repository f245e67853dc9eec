"""The doctor's word on the camera."""

import os
import sys
from pathlib import Path

import pytest

from tests.rigs.camera_systems import on_macos, on_windows, usb
from tests.rigs.clips import write_video
from vcam.camera import windows_privacy
from vcam.camera.check import check_camera
from vcam.camera.settings import CameraSettings
from vcam.system import v4l2


@pytest.fixture
def one_camera(monkeypatch: pytest.MonkeyPatch) -> v4l2.VideoDevice:
    camera = v4l2.VideoDevice(os.devnull, 0, "HD Cam", virtual=False, captures=True, outputs=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(v4l2, "list_devices", lambda: [camera])
    monkeypatch.setattr(v4l2, "find_holders", lambda path: [])
    return camera


def test_no_camera_is_a_failure_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a camera the doctor says what to do."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(v4l2, "list_devices", list)
    (finding,) = check_camera(CameraSettings())
    assert finding.status == "fail"
    assert finding.remedy is not None
    assert "Plug one in" in finding.remedy


NODE = pytest.param(
    os.devnull,
    marks=pytest.mark.skipif(sys.platform == "win32", reason="Windows' cameras have no path"),
)


@pytest.mark.parametrize("device", ["0", NODE, "hd cam"])
def test_a_free_camera_is_well(one_camera: v4l2.VideoDevice, device: str) -> None:
    """Index, path and name all find the camera that will be opened."""
    (finding,) = check_camera(CameraSettings(device=device))
    assert (finding.status, finding.remedy) == ("ok", None)
    assert "HD Cam" in finding.text


def test_a_busy_camera_names_the_program(
    one_camera: v4l2.VideoDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The doctor names the process that has the camera."""
    holder = v4l2.Holder(4711, "zoom", writes_only=False)
    monkeypatch.setattr(v4l2, "find_holders", lambda path: [holder])
    (finding,) = check_camera(CameraSettings())
    assert finding.status == "fail"
    assert "zoom (process 4711)" in finding.text


def test_a_forbidden_camera_names_the_group(
    one_camera: v4l2.VideoDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Missing rights are told apart from a missing camera."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    (finding,) = check_camera(CameraSettings())
    assert finding.remedy is not None
    assert "usermod" in finding.remedy


def test_files_are_read(tmp_path: Path) -> None:
    """A video as source is well when it gives a picture, and a failure when it is damaged."""
    clip = write_video(tmp_path / "clip.mp4")
    (good,) = check_camera(CameraSettings(device=str(clip)))
    assert (good.status, "64x48" in good.text) == ("ok", True)
    clip.write_bytes(b"")
    (bad,) = check_camera(CameraSettings(device=str(clip)))
    assert (bad.status, "is empty" in bad.text) == ("fail", True)


@pytest.mark.parametrize(("status", "says"), [(2, "fail"), (1, "fail"), (3, "ok"), (0, "ok")])
def test_on_macos_the_doctor_knows_the_permission(
    status: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A camera that macOS withholds is a failure that names the place in System Settings."""
    on_macos(monkeypatch, [("EAB7", "FaceTime HD Camera")], status=status)
    (finding,) = check_camera(CameraSettings())
    assert finding.status == says
    assert ("Privacy & Security > Camera" in (finding.remedy or "")) == (says == "fail")


def test_on_windows_the_doctor_knows_the_switch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A camera that the privacy settings keep is a failure; a virtual one is none of theirs."""
    on_windows(monkeypatch, [("Kamera Süd", usb(1))], [("OBS Virtual Camera", None)])
    monkeypatch.setattr(windows_privacy, "_read", lambda key, of_computer: "Deny")
    (real,) = check_camera(CameraSettings(device="kamera süd"))
    (virtual,) = check_camera(CameraSettings(device="obs"))
    assert (real.status, virtual.status) == ("fail", "warn")
    assert "*Camera access* in Settings > Privacy & security" in str(real.remedy)


def test_a_windows_camera_is_found_by_the_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor finds by name what will be opened, and warns of a virtual one."""
    on_windows(monkeypatch, [("Kamera Süd", usb(1))], [("OBS Virtual Camera", None)])
    (real,) = check_camera(CameraSettings(device="kamera süd"))
    (virtual,) = check_camera(CameraSettings(device="obs"))
    assert (real.status, virtual.status) == ("ok", "warn")
