"""Pipes that are named like files."""

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from vcam.system import pipes
from vcam.system.pipes import is_pipe, is_regular, read_pipe

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="os.mkfifo is for Unix")


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


def test_a_slow_writer_is_waited_for(pipe: Path) -> None:
    """What comes late and in parts is read whole, and is the same when it is asked for again."""

    def write() -> None:
        time.sleep(0.2)
        with pipe.open("wb", buffering=0) as file:
            for part in (b"one ", b"two"):
                file.write(part)
                time.sleep(0.1)

    writer = threading.Thread(target=write)
    writer.start()
    assert [read_pipe(pipe, 100) for _ in range(2)] == [b"one two"] * 2
    writer.join()


def test_nobody_writes(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe without a writer is an error after a while, and no wait without end."""
    monkeypatch.setattr(pipes, "WAIT_S", 0.2)
    with pytest.raises(OSError, match="nobody"):
        read_pipe(pipe, 100)


def test_too_much_is_not_read(pipe: Path) -> None:
    """A pipe that never ends is left after the limit."""
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    writer = os.open(pipe, os.O_WRONLY)
    os.write(writer, b"x" * 1000)
    assert len(read_pipe(pipe, 100)) == 100
    os.close(reader)
    os.close(writer)


def test_kinds(pipe: Path, tmp_path: Path) -> None:
    """Pipes, files, folders, devices and nothing are told apart."""
    file = tmp_path / "file"
    file.touch()
    paths = (pipe, file, tmp_path, Path(os.devnull), tmp_path / "missing")
    assert [is_pipe(path) for path in paths] == [True, False, False, False, False]
    assert [is_regular(path) for path in paths] == [False, True, False, False, False]
