"""Whoever ends the program is heard more than once, and the recording is whole all the same."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.rigs.program_process import program_environment, wait_until_it_records
from vcam.camera.video_file import VideoFile

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are for Unix")


@pytest.mark.parametrize("names", [("TERM", "TERM", "HUP"), ("QUIT",), ("USR1", "INT"), ("XCPU",)])
def test_a_recording_is_finished(tmp_path: Path, names: tuple[str, ...]) -> None:
    """Signals that follow each other, or that no daemon expects, leave a film and no half one."""
    command = [sys.executable, "-m", "vcam", "run", "--camera", "demo", "--output", "a.mp4"]
    options = ["--dry-run", "--no-panel"]
    environment = program_environment()
    with subprocess.Popen([*command, *options], cwd=tmp_path, env=environment) as running:
        wait_until_it_records(tmp_path)
        for name in names:
            os.kill(running.pid, getattr(signal, f"SIG{name}"))
            time.sleep(0.02)
        assert running.wait(60) == 0
    assert [path.name for path in tmp_path.glob("*.mp4")] == ["a.mp4"]
    film = VideoFile(tmp_path / "a.mp4", 30)
    assert film.read() is not None
    film.close()
