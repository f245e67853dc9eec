"""Linux video devices, told from copies of what the kernel shows."""

import os
from pathlib import Path

import pytest

from vcam.system import v4l2

pytestmark = pytest.mark.skipif(not hasattr(os, "O_NONBLOCK"), reason="needs a Unix")


@pytest.fixture
def sysfs(tmp_path: Path) -> Path:
    """A tree as in /sys: a camera with a metadata node, and a loopback device."""
    real = tmp_path / "devices" / "pci0000"
    loop = tmp_path / "devices" / "virtual" / "video4linux"
    tree = tmp_path / "class"
    tree.mkdir()
    for parent, node, name, index in [
        (real, "video0", "HD Cam", "0"),
        (real, "video1", "HD Cam", "1"),
        (loop, "video10", "Gesture Cam", "0"),
    ]:
        (parent / node).mkdir(parents=True)
        (parent / node / "name").write_text(name + "\n")
        (parent / node / "index").write_text(index + "\n")
        (tree / node).symlink_to(parent / node)
    return tree


def test_devices_are_distinguished_without_rights(sysfs: Path, tmp_path: Path) -> None:
    """Where a device may not be opened, sysfs alone tells cameras from metadata and loopbacks."""
    devices = v4l2.list_devices(sysfs, tmp_path / "dev")
    assert [(d.index, d.name, d.virtual, d.captures) for d in devices] == [
        (0, "HD Cam", False, True),
        (1, "HD Cam", False, False),
        (10, "Gesture Cam", True, True),
    ]
    assert devices[2].path == str(tmp_path / "dev" / "video10")


def test_no_sysfs_means_no_devices(tmp_path: Path) -> None:
    """Systems without video4linux have an empty list."""
    assert v4l2.list_devices(tmp_path / "nowhere") == []


def test_holders_are_found_by_their_open_files(tmp_path: Path) -> None:
    """A producer, which opened for writing alone, is told from a call app."""
    proc = tmp_path / "proc"
    for pid, name, flags in [(4711, "zoom", "0104002"), (4712, "obs", "0100001")]:
        (proc / str(pid) / "fd").mkdir(parents=True)
        (proc / str(pid) / "fdinfo").mkdir()
        (proc / str(pid) / "comm").write_text(name + "\n")
        (proc / str(pid) / "fd" / "7").symlink_to("/dev/video9")
        (proc / str(pid) / "fdinfo" / "7").write_text(f"pos:\t0\nflags:\t{flags}\n")
    holders = sorted(v4l2.find_holders("/dev/video9", proc), key=lambda h: h.pid)
    assert [(str(h), h.writes_only) for h in holders] == [
        ("zoom (process 4711)", False),
        ("obs (process 4712)", True),
    ]
    assert v4l2.find_holders("/dev/video8", proc) == []


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
def test_our_own_files_are_ours_and_not_another_programs(tmp_path: Path) -> None:
    """A device that we hold ourselves is known as ours, and never counts as busy."""
    path = tmp_path / "device"
    with path.open("wb"):
        assert v4l2.held_by_us(str(path))
        assert v4l2.find_holders(str(path)) == []
    assert not v4l2.held_by_us(str(path))


def test_what_is_no_video_device_is_left_alone(tmp_path: Path) -> None:
    """Questions to a plain file or a missing one are answered with `unknown`, not a crash."""
    plain = tmp_path / "plain"
    plain.touch()
    for path in (str(plain), str(tmp_path / "missing")):
        assert v4l2.output_format(path) is None
        assert v4l2.frames_flow(path) is False
        v4l2.release_stuck_output(path)
