"""The program's side of the icon: what it tells, what it obeys, and that it never waits."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rigs.home import use_home
from tests.rigs.tray_desktop import comes
from vcam.tray import tray as tray_module
from vcam.tray.appearance import TrayState, from_line
from vcam.tray.tray import Tray

ICON = """
import os, sys
for line in sys.stdin:
    open(sys.argv[1], "a").write(line)
    for word in sys.argv[2:]:
        print(word, flush=True)
"""
"""An icon that writes down what it is told, and orders these words each time."""


class Program:
    """A program that remembers what it was told."""

    def __init__(self) -> None:
        self.now = TrayState("recognising")
        self.orders: list[str] = []

    def tray_state(self) -> TrayState:
        return self.now

    def pause(self, paused: bool) -> None:
        self.orders.append("pause" if paused else "resume")

    def stop(self) -> None:
        self.orders.append("stop")


@pytest.fixture
def reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file in which the icon writes down what it is told."""
    use_home(monkeypatch, tmp_path)
    return tmp_path / "told"


def _use(monkeypatch: pytest.MonkeyPatch, code: str, *words: str) -> list[tuple[str, ...]]:
    """Let this code be the icon; return the words with which it was started."""
    started: list[tuple[str, ...]] = []

    def command(name: str, *given: str) -> list[str]:
        assert name == "tray"
        started.append(given)
        return [sys.executable, "-c", code, *words]

    monkeypatch.setattr(tray_module, "child_command", command)
    return started


def test_the_icon_hears_what_changes(reported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line for the state at the start and one for each change; none in between."""
    _use(monkeypatch, ICON, str(reported))
    program = Program()
    with Tray(program, lambda: None):
        assert comes(lambda: reported.exists() and reported.read_text().count("\n") == 1)
        time.sleep(1.2)
        program.now = TrayState("paused", muted=True)
        assert comes(lambda: reported.read_text().count("\n") == 2)
    icons = [from_line(line).icon for line in reported.read_text().splitlines()]
    assert icons == ["recognising", "paused"]


def test_orders_are_carried_out(reported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause, resume, panel and quit reach the program; anything else is no order."""
    words = ("pause", "resume", "panel", "reboot", "", "quit")
    _use(monkeypatch, ICON, str(reported), *words)
    program = Program()
    with Tray(program, lambda: program.orders.append("panel")):
        assert comes(lambda: len(program.orders) == 4)
    assert program.orders == ["pause", "resume", "panel", "stop"]


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "import time; time.sleep(60)"])
def test_an_icon_that_ends_or_hangs_costs_nothing(
    reported: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """The program continues, is not held up by an icon that reads nothing, and still ends."""
    _use(monkeypatch, code)
    program = Program()
    with Tray(program, lambda: None):
        time.sleep(0.8)
        began = time.perf_counter()
    assert time.perf_counter() - began < 5
    assert program.orders == []


def test_what_was_said_once_is_not_said_again(
    reported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That there is no tray is said once to each person, not at each start."""
    started = _use(monkeypatch, ICON, str(reported), "told")
    mark: Callable[[], Path] = tray_module._mark
    for _ in range(2):
        with Tray(Program(), lambda: None, notify=True):
            assert comes(mark().exists)
    with Tray(Program(), lambda: None):
        pass
    assert started == [("notify",), (), ()]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the tray needs no session")
def test_the_real_icon_ends_without_a_session(
    reported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no bus can be reached, the icon's process ends and the program continues."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={reported.parent}/nowhere")
    tray = Tray(Program(), lambda: None)
    with tray:
        assert tray._process
        assert tray._process.wait(20) == 3


def test_pipes_are_given_back(reported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file stays open after many icons."""
    _use(monkeypatch, ICON, str(reported))
    if not os.path.isdir("/proc/self/fd"):  # noqa: PTH112  # a device of the system
        pytest.skip("there is no list of open files")
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(3):
        with Tray(Program(), lambda: None):
            time.sleep(0.1)
    assert comes(lambda: len(os.listdir("/proc/self/fd")) <= before, 5)  # noqa: PTH208
