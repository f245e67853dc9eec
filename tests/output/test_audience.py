"""Who looks at the virtual camera; a plain file stands in for the device."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from vcam.output.audience import Audience, Readers
from vcam.system import v4l2

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
HOLDS = "import sys, time; held = open(sys.argv[1], sys.argv[2]); print(flush=True); time.sleep(60)"


@pytest.fixture
def device(tmp_path: Path) -> Path:
    path = tmp_path / "video9"
    path.touch()
    return path


@pytest.fixture
def audience(device: Path) -> Iterator[Audience]:
    found = Audience(lambda: (str(device),))
    found.start()
    yield found
    found.close()


def _comes(condition: Callable[[], object], seconds: float = 10) -> bool:
    end = time.perf_counter() + seconds
    while not condition():
        if time.perf_counter() > end:
            return False
        time.sleep(0.02)
    return True


def _holding(device: Path, mode: str) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(device), mode], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.communicate()


def test_a_reader_comes_and_goes(audience: Audience, device: Path) -> None:
    """A program that reads is named within a second, and gone soon after it ends."""
    assert _comes(lambda: audience.readers == Readers(()))
    reader = _holding(device, "rb")
    began = time.perf_counter()
    assert _comes(lambda: bool(audience.readers))
    assert time.perf_counter() - began < 1.0
    assert audience.readers is not None
    assert audience.readers.names[0].startswith("python")
    _end(reader)
    assert _comes(lambda: audience.readers == Readers(()))


def test_writers_and_passers_by_are_no_readers(audience: Audience, device: Path) -> None:
    """A producer is nobody who looks, nor is whoever opens it for an instant."""
    heard: list[Readers] = []
    audience.on_change(heard.append)
    assert _comes(lambda: audience.readers is not None)
    heard.clear()
    device.read_bytes()
    writer = _holding(device, "ab")
    time.sleep(1)
    _end(writer)
    assert not any(heard)


def test_whoever_cannot_be_named_still_watches(
    device: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program whose files are hidden from us keeps the camera on: the kernel counts it."""
    monkeypatch.setattr(v4l2, "find_holders", lambda path: [])
    audience = Audience(lambda: (str(device),))
    audience.start()
    try:
        assert _comes(lambda: audience.readers == Readers(()))
        handle = os.open(device, os.O_RDONLY)
        assert _comes(lambda: audience.readers == Readers((), unseen=True))
        assert audience.readers
        os.close(handle)
        assert _comes(lambda: audience.readers == Readers(()))
    finally:
        audience.close()


def test_nobody_can_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a virtual camera, with one that is gone, or on other systems, nothing is claimed."""
    for devices in ((), (str(tmp_path / "none"),)):
        audience = Audience(partial(tuple, devices))
        audience.start()
        assert audience.readers is None
        audience.close()
    monkeypatch.setattr(sys, "platform", "darwin")
    audience = Audience(lambda: (str(tmp_path),))
    audience.start()
    audience.close()
    assert audience.readers is None


def test_a_lost_virtual_camera(device: Path) -> None:
    """When the output is lost, nobody is said to look, or not to look."""
    devices = [str(device)]
    audience = Audience(lambda: devices)
    audience.start()
    assert _comes(lambda: audience.readers is not None)
    devices.clear()
    device.read_bytes()
    assert _comes(lambda: audience.readers is None)
    audience.close()
