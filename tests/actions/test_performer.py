"""One action at a time: keys, microphone, commands, the program itself."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fakes.keyboard import FakeKeyboard
from tests.fakes.microphone import FakeMicrophone
from vcam.actions.action import RunCommand, parse_action
from vcam.actions.keyboard.keyboard import Keyboard
from vcam.actions.microphone.monitor import MUTED_BADGE
from vcam.actions.performer import Devices, Performer
from vcam.errors import ActionError, ConfigError
from vcam.pipeline.state import ProgramState
from vcam.system.clock import SteppedClock

OWNER = (1, "fist")


class Bench:
    """A performer whose devices may be missing, and how often they were asked for."""

    def __init__(self, *, allow_commands: bool = False) -> None:
        self.keyboard, self.microphone = FakeKeyboard(), FakeMicrophone()
        self.missing, self.opened, self.closed = False, 0, 0
        self.keyboard.close = self._close  # type: ignore[method-assign]
        self.state = ProgramState(SteppedClock(), self._use_profile)
        devices = Devices(self._open, lambda: self.microphone, allow_commands)
        self.performer = Performer(self.state, devices)

    def does(self, action: str) -> str | None:
        """Perform, and return what was told."""
        self.performer.perform(parse_action(action), OWNER)
        return self.state.toast(0.0)

    def _open(self) -> Keyboard:
        self.opened += 1
        if self.missing:
            raise ActionError("no keyboard here; plug one in")
        return self.keyboard

    def _close(self) -> None:
        self.closed += 1

    def _use_profile(self, name: str) -> None:
        raise ConfigError(f"there is no profile {name}")


def test_the_keyboard_is_opened_once_and_when_needed() -> None:
    """No key, no keyboard; the first key opens it, the next ones use it, the end closes it."""
    bench = Bench()
    bench.does("mic.mute")
    assert bench.opened == 0
    assert bench.does("key:alt+y") == "Pressed alt+y"
    assert bench.does("hold:space") == "Holding space"
    bench.performer.close()
    assert (bench.opened, bench.closed) == (1, 1)
    assert bench.keyboard.log == ["+alt", "+y", "-y", "-alt", "+space", "-space"]


def test_a_performer_that_never_acted_closes() -> None:
    """Letting go, releasing and closing are harmless when nothing was opened."""
    bench = Bench()
    bench.performer.let_go(OWNER)
    bench.performer.release_all()
    bench.performer.close()
    assert not bench.performer.holds_keys
    assert (bench.opened, bench.closed) == (0, 0)


def test_a_keyboard_that_comes_later_is_found() -> None:
    """What could not be opened is tried again at the next action."""
    bench = Bench()
    bench.missing = True
    for action in ("key:a", "hold:a"):
        with pytest.raises(ActionError, match="plug one in"):
            bench.does(action)
    bench.missing = False
    bench.does("key:a")
    assert bench.keyboard.log == ["+a", "-a"]


def test_a_chord_spares_the_key_that_a_gesture_holds() -> None:
    """One hand holds ctrl, the other presses ctrl+m: ctrl stays down until the first lets go."""
    bench = Bench()
    bench.does("hold:ctrl")
    bench.does("key:ctrl+m")
    assert bench.keyboard.log == ["+ctrl", "+m", "-m"]
    assert bench.performer.holds_keys
    bench.performer.let_go(OWNER)
    assert bench.keyboard.down == []
    assert not bench.performer.holds_keys


def test_the_badge_says_what_is_true() -> None:
    """The badge comes with a mute that took, stays through one that failed, and goes after."""
    bench = Bench()
    bench.does("mic.mute")
    bench.microphone.stuck = True
    with pytest.raises(ActionError, match="did not change"):
        bench.does("mic.unmute")
    assert MUTED_BADGE in bench.state.badges
    bench.microphone.stuck = False
    assert bench.does("mic.toggle") == "Microphone on"
    assert MUTED_BADGE not in bench.state.badges


def test_a_profile_that_is_not_there_is_refused() -> None:
    """The sentence of the settings comes through."""
    with pytest.raises(ConfigError, match="no profile zoom"):
        Bench().does("profile:zoom")


def test_commands_need_permission(tmp_path: Path) -> None:
    """`run:` starts nothing unless the settings allow it, and says which line to write."""
    bench = Bench()
    target = tmp_path / "made"
    with pytest.raises(ActionError, match="allow_commands = true"):
        bench.performer.perform(RunCommand(("touch", str(target))), OWNER)
    time.sleep(0.1)
    assert not target.exists()


TOUCH = "import pathlib, sys; pathlib.Path(sys.argv[1]).touch()"


def test_commands_run_without_a_shell(tmp_path: Path) -> None:
    """An allowed command gets its words as they are: no shell reads them."""
    bench = Bench(allow_commands=True)
    target = tmp_path / "a; echo $HOME"
    bench.performer.perform(RunCommand((sys.executable, "-c", TOUCH, str(target))), OWNER)
    assert _in_time(target.exists)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no program called sleep")
def test_a_command_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that runs on holds nothing up, and is no zombie once it has ended."""
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def start(*arguments: object, **options: object) -> "subprocess.Popen[bytes]":
        started.append(popen(*arguments, **options))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr("vcam.actions.performer.subprocess.Popen", start)
    bench = Bench(allow_commands=True)
    began = time.perf_counter()
    assert bench.does('run:["sleep", "0.6"]') == "Started sleep"
    assert time.perf_counter() - began < 0.5
    assert started[0].returncode is None
    assert _in_time(lambda: started[0].returncode == 0)


@pytest.mark.parametrize("program", ["no-such-program-anywhere", "/etc", "/etc/passwd"])
def test_a_command_that_cannot_be_started_is_a_sentence(program: str) -> None:
    """A program that is missing, a folder or not executable is told by name."""
    with pytest.raises(ActionError, match=f"^{program} cannot be started"):
        Bench(allow_commands=True).performer.perform(RunCommand((program,)), OWNER)


def _in_time(done: object) -> bool:
    assert callable(done)
    end = time.perf_counter() + 3
    while not done() and time.perf_counter() < end:
        time.sleep(0.02)
    return bool(done())
