"""Which files are missing, and which of somebody else's stand in for them."""

import sys
from pathlib import Path

import pytest

from vcam.diagnostics import system_files
from vcam.diagnostics.system_files import check_after_restart, missing_files
from vcam.system.v4l2 import VideoDevice

if sys.platform != "linux":
    pytest.skip("these files are Linux's", allow_module_level=True)
OPTIONS = "options  v4l2loopback devices=2 exclusive_caps=1,1 # mine\n"
RULE = 'KERNEL=="uinput", SUBSYSTEM=="misc", \\\n  TAG+="uaccess"\n'
LOOPBACK = VideoDevice("/dev/video9", 9, "Gesture Cam", virtual=True, captures=False, outputs=True)


@pytest.fixture(autouse=True)
def desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin on X11, without sudo."""
    for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "SUDO_UID"):
        monkeypatch.delenv(name, raising=False)


def _names(root: Path) -> list[str]:
    return [file.path.name for file in missing_files(root)]


def _put(root: Path, place: str, text: str) -> None:
    (root / place).parent.mkdir(parents=True, exist_ok=True)
    (root / place).write_text(text)


def test_a_new_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Driver, its options and start at login are missing; the keyboard's rule on Wayland alone."""
    assert _names(tmp_path) == ["vcam.conf", "vcam.conf", "vcam.desktop"]
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert "60-vcam.rules" in _names(tmp_path)


def test_the_desktop_knows_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Wayland an entry is offered that starts the panel, unless one is there for everybody."""
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("XDG_DATA_DIRS", raising=False)
    (entry,) = [each for each in missing_files(tmp_path) if each.path.parent.name == "applications"]
    assert entry.path == tmp_path / "data" / "applications" / "vcam.desktop"
    assert "panel\n" in entry.content
    assert "no-browser" not in entry.content
    _put(tmp_path, "usr/share/applications/vcam.desktop", "")
    assert not any("applications" in str(each.path) for each in missing_files(tmp_path))


@pytest.mark.parametrize(
    ("place", "text", "gone"),
    [
        ("etc/modules-load.d/x.conf", "# loopback\nv4l2loopback\n", "modules-load.d"),
        ("etc/modules", "loop\nv4l2loopback\n", "modules-load.d"),
        ("etc/modprobe.d/x.conf", OPTIONS, "modprobe.d"),
        ("usr/lib/udev/rules.d/60-steam-input.rules", RULE, "rules.d"),
        ("etc/xdg/autostart/vcam.desktop", "", "autostart"),
    ],
)
def test_what_others_have_set_up_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, text: str, gone: str
) -> None:
    """A file of another name that says the same makes ours unnecessary."""
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert any(gone in str(file.path.parent) for file in missing_files(tmp_path))
    _put(tmp_path, place, text)
    assert not any(gone in str(file.path.parent) for file in missing_files(tmp_path))


def test_options_without_what_browsers_need_do_not_count(tmp_path: Path) -> None:
    """A comment, and options without exclusive_caps, leave the camera unlisted."""
    _put(tmp_path, "etc/modprobe.d/x.conf", "# exclusive_caps=1\noptions v4l2loopback devices=2\n")
    assert _names(tmp_path)[1] == "vcam.conf"


def test_under_sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root's home gets nothing that starts at login, and the person's Wayland is seen."""
    monkeypatch.setenv("SUDO_UID", "1000")
    assert "vcam.desktop" not in _names(tmp_path)
    _put(tmp_path, "run/user/1000/wayland-0", "")
    assert "60-vcam.rules" in _names(tmp_path)


def test_a_driver_that_is_gone_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The doctor warns where the driver was loaded by hand alone, with a command to paste."""
    monkeypatch.setattr(system_files, "list_devices", lambda: [LOOPBACK])
    (warning,) = check_after_restart(tmp_path)
    assert warning.status == "warn"
    assert (warning.command or "").endswith("doctor --fix")
    for file in missing_files(tmp_path)[:2]:
        file.write()
    assert [each.status for each in check_after_restart(tmp_path)] == ["ok"]
    monkeypatch.setattr(system_files, "list_devices", list)
    assert check_after_restart(tmp_path) == []
