"""The whole program holds a key on a real display, and something ends it or breaks in it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.rigs.xvfb import display, heard, listener

pytestmark = [
    pytest.mark.alone,  # a machine that stalls for half a second makes keys come up by itself
    pytest.mark.skipif(sys.platform != "linux", reason="needs X11"),
]

PROGRAM = """
import sys, time
from pathlib import Path
from vcam.cli.main import main
from vcam.core.hand import Hand
from vcam.vision.recognizer import Recognition, Recognizer

fault = Path(sys.argv.pop(1))

def recognize(self, image):
    mode = fault.read_text() if fault.exists() else "fist"
    if mode == "raises":
        raise RuntimeError("bad allocation")
    if mode == "hangs":
        time.sleep(60)
    fist = Hand((500.0, 200.0, 700.0, 400.0), 0.95, "fist", 0.99, "right", 0.99)
    return Recognition((fist,) if mode == "fist" else (), 0.0, 0.0)

Recognizer.recognize = recognize
sys.exit(main())
"""
"""`vcam` as it is, but for what it sees: a fist, until a file says what goes wrong."""

SETTINGS = """
profile = "mine"
[gestures]
hold_ms = 100
[gestures.guards]
arrival_ms = 0
still = false
picture = false
[profiles.mine]
bindings = [{ gesture = "fist", action = "hold:f9" }]
"""


@contextmanager
def _program(desktop: dict[str, str], folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    (folder / "settings.toml").write_text(SETTINGS)
    command = [sys.executable, "-c", PROGRAM, str(folder / "fault"), "run", "--camera", "demo"]
    options = ["--output", "null", "--no-panel", "--config", str(folder / "settings.toml")]
    with subprocess.Popen(
        [*command, *options], env=desktop, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    ) as program:
        try:
            yield program
        finally:
            program.kill()


def _comes_up(ears: "subprocess.Popen[str]") -> bool:
    """Wait for the key to come up; held down it repeats itself meanwhile."""
    while True:
        (line,) = heard(ears, 1)
        if line != "+ f9":
            return line == "- f9"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_ended_by_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    """Whatever signal ends the program while a fist is shown, the key comes up."""
    with (
        display() as desktop,
        listener(desktop) as ears,
        _program(desktop, tmp_path) as program,
    ):
        assert heard(ears, 1) == ["+ f9"]
        program.send_signal(number)
        assert _comes_up(ears)
        program.wait(20)


@pytest.mark.parametrize("fault", ["raises", "hangs"])
def test_recognition_that_breaks(tmp_path: Path, fault: str) -> None:
    """When recognition raises or hangs, the key comes up, and the program continues."""
    with (
        display() as desktop,
        listener(desktop) as ears,
        _program(desktop, tmp_path) as program,
    ):
        assert heard(ears, 1) == ["+ f9"]
        (tmp_path / "fault").write_text(fault)
        assert _comes_up(ears)
        assert program.poll() is None


def test_the_display_goes_away(tmp_path: Path) -> None:
    """The program outlives its desktop, and still ends in good order when it is told to."""
    with display() as desktop, _program(desktop, tmp_path) as program:
        with listener(desktop) as ears:
            assert heard(ears, 1) == ["+ f9"]
        os.kill(int(desktop["XVFB_PID"]), signal.SIGKILL)
        (tmp_path / "fault").write_text("nobody")
        with pytest.raises(subprocess.TimeoutExpired):
            program.wait(2)
        program.send_signal(signal.SIGTERM)
        assert program.wait(20) == 0
