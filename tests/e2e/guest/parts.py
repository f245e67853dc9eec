"""What the fast guest runs beside a test: the camera's feeder, and the whole program."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.guest.feeder import NAME
from vcam.output.loopback import find_loopbacks

PROMISED = "Gesture Cam"
in_fast_guest = pytest.mark.skipif(
    os.environ.get("VCAM_GUEST_KIND") != "uml", reason="needs the fast guest: run .ci/e2e uml"
)


def device_called(name: str) -> str:
    """Return the path of a loopback."""
    (found,) = [d.path for d in find_loopbacks() if d.name == name]
    return found


@contextlib.contextmanager
def started(*command: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a Python module beside the test, and end it."""
    with subprocess.Popen([sys.executable, "-m", *command], stdout=-1, text=True) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            finally:
                process.kill()


@contextlib.contextmanager
def feeding() -> Iterator["subprocess.Popen[str]"]:
    """Feed "Fake Real Cam"."""
    with started("tests.e2e.guest.feeder") as feeder:
        assert feeder.stdout is not None
        assert feeder.stdout.readline().strip() == "ready"
        yield feeder


@contextlib.contextmanager
def calling(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run the program from "Fake Real Cam" to "Gesture Cam", with settings in a folder."""
    config = folder / "settings.toml"
    config.write_text("")
    options = ["--camera", NAME, "--output", "virtual", "--dry-run", "--no-panel"]
    with started("vcam", "run", *options, "--config", str(config)) as program:
        deadline = time.perf_counter() + 60
        while not find_loopbacks()[0].captures:
            assert program.poll() is None, "vcam run has ended"
            assert time.perf_counter() < deadline, "vcam run gives no picture"
            time.sleep(0.2)
        yield program
