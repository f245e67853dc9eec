"""Who opens and closes a path, as the kernel tells."""

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from vcam.system.open_watch import OpenWatch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")


def test_opens_and_closes_are_counted(tmp_path: Path) -> None:
    """The balance is how many have it open, of those that came after the watch."""
    path = tmp_path / "device"
    path.touch()
    watch = OpenWatch(str(path))
    try:
        assert not watch.wait(0)
        first = os.open(path, os.O_RDONLY)
        assert watch.wait(1)
        second = os.open(path, os.O_WRONLY)
        assert watch.wait(1)
        assert watch.balance == 2
        os.close(first)
        assert watch.wait(1)
        assert watch.balance == 1
        os.close(second)
        watch.wait(1)
        assert watch.balance == 0
    finally:
        watch.close()


def test_a_wait_can_be_ended(tmp_path: Path) -> None:
    """`wake` ends a wait of another thread at once, and counts nothing."""
    path = tmp_path / "device"
    path.touch()
    watch = OpenWatch(str(path))
    timer = threading.Timer(0.1, watch.wake)
    began = time.perf_counter()
    timer.start()
    assert watch.wait(20)
    assert time.perf_counter() - began < 10
    assert watch.balance == 0
    watch.close()
    watch.wake()


def test_what_is_not_there(tmp_path: Path) -> None:
    """A path that does not exist is an OSError, not a silence."""
    with pytest.raises(FileNotFoundError):
        OpenWatch(str(tmp_path / "none"))
