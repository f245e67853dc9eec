"""The doctor's word on the virtual camera."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vcam.output.check import (
    _FILTERS,
    check_linux,
    check_macos,
    check_virtual_camera,
    check_windows,
)
from vcam.output.settings import OutputSettings
from vcam.system import v4l2

FREE = v4l2.VideoDevice(os.devnull, 0, "Gesture Cam", virtual=True, captures=False, outputs=True)
SETTINGS = OutputSettings()


def module(tmp_path: Path, exclusive: str) -> Path:
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "exclusive_caps").write_text(exclusive + "\n")
    return tmp_path


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> list[v4l2.VideoDevice]:
    """Devices that the test may change; no program holds them."""
    found = [FREE]
    monkeypatch.setattr(v4l2, "list_devices", lambda: found)
    monkeypatch.setattr(v4l2, "find_holders", lambda path: [])
    monkeypatch.setattr(v4l2, "held_by_us", lambda path: False)
    return found


def test_a_free_device_is_well(devices: list[v4l2.VideoDevice], tmp_path: Path) -> None:
    """Driver, options and device in order make one good line."""
    (finding,) = check_linux(SETTINGS, module(tmp_path, "Y,N,N"))
    assert (finding.status, finding.remedy) == ("ok", None)
    assert "there and free" in finding.text


def test_a_missing_driver_says_how_to_install_it(
    devices: list[v4l2.VideoDevice], tmp_path: Path
) -> None:
    """Without a device the remedy installs the driver, or reloads it when it is there."""
    devices.clear()
    (missing,) = check_linux(SETTINGS, tmp_path / "nowhere")
    (empty,) = check_linux(SETTINGS, tmp_path)
    assert (missing.status, empty.status) == ("fail", "fail")
    assert "apt install v4l2loopback-dkms" in str(missing.remedy)
    assert str(empty.remedy).startswith("sudo modprobe -r v4l2loopback && sudo modprobe")


def test_missing_exclusive_caps_is_a_warning(
    devices: list[v4l2.VideoDevice], tmp_path: Path
) -> None:
    """Chrome and Zoom would not list the camera: the doctor says so."""
    warning, device = check_linux(SETTINGS, module(tmp_path, "N,N,N"))
    assert (warning.status, device.status) == ("warn", "ok")
    assert "exclusive_caps=1" in str(warning.remedy)


def test_a_stuck_device_is_said_to_be_fixed(
    devices: list[v4l2.VideoDevice], tmp_path: Path
) -> None:
    """A device left open by a killed program is no failure, because we fix it."""
    devices[0] = v4l2.VideoDevice(
        os.devnull, 0, "Gesture Cam", virtual=True, captures=False, outputs=False
    )
    (finding,) = check_linux(SETTINGS, tmp_path)
    assert finding.status == "ok"
    assert "fixed at start" in finding.text


def test_a_busy_device_names_the_program(
    devices: list[v4l2.VideoDevice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program that writes into the device is named."""
    holder = v4l2.Holder(7, "obs", writes_only=True)
    monkeypatch.setattr(v4l2, "find_holders", lambda path: [holder])
    (finding,) = check_linux(SETTINGS, tmp_path)
    assert finding.status == "fail"
    assert "obs (process 7)" in finding.text


def test_a_wrong_name_lists_the_right_ones(devices: list[v4l2.VideoDevice], tmp_path: Path) -> None:
    """A device name in the settings that does not exist is a failure with a choice."""
    (finding,) = check_linux(OutputSettings(device="Other"), tmp_path)
    assert finding.status == "fail"
    assert "Gesture Cam" in str(finding.remedy)


def test_missing_rights_name_the_group(
    devices: list[v4l2.VideoDevice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device that may not be written points to the video group."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    (finding,) = check_linux(SETTINGS, tmp_path)
    assert "usermod" in str(finding.remedy)


@pytest.mark.parametrize(
    ("listed", "status"),
    [
        ("* * 2MMR com.obsproject.obs-studio.mac-camera-extension [activated enabled]", "ok"),
        ("  * 2MMR com.obsproject.obs-studio.mac-camera-extension [terminated waiting]", "fail"),
        ("0 extension(s)", "fail"),
    ],
)
def test_macos_asks_for_the_obs_extension(
    listed: str, status: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OBS alone is not enough: its camera must have been allowed once."""
    done = subprocess.CompletedProcess([], 0, stdout=listed)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    assert check_macos(tmp_path).status == status


def test_macos_without_obs_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without OBS the remedy names it."""
    monkeypatch.setattr("sys.platform", "darwin")
    finding = check_macos(tmp_path / "OBS.app")
    assert (finding.status, "OBS Studio" in str(finding.remedy)) == ("fail", True)


@pytest.mark.skipif(sys.platform != "win32", reason="the registry is Windows'")
def test_windows_knows_both_cameras_that_can_be_fed(monkeypatch: pytest.MonkeyPatch) -> None:
    """OBS's is asked for first; Unity Capture's serves where it alone is there."""
    if sys.platform == "win32":
        import winreg

        root = winreg.HKEY_CLASSES_ROOT
        for name in _FILTERS:  # those of this machine are left alone
            monkeypatch.setitem(_FILTERS, name, rf"CLSID\vcam test {name}")
        made = list[str]()
        try:
            assert check_windows().status == "fail"
            for name in ("Unity Capture", "OBS"):
                winreg.CloseKey(winreg.CreateKey(root, _FILTERS[name]))
                made.append(_FILTERS[name])
                assert check_windows().text == f"The {name} virtual camera is installed."
                assert check_windows().status == "ok"
        except PermissionError:
            pytest.skip("only an administrator registers cameras")
        finally:
            for key in made:
                winreg.DeleteKey(root, key)


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_this_machine_is_checked_without_a_crash(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line of the real report says ok or what to do."""
    monkeypatch.setattr("sys.platform", platform)
    findings = check_virtual_camera(SETTINGS)
    assert findings
    assert all(f.status == "ok" or f.remedy or "could not" in f.text for f in findings)
