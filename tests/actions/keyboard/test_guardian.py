"""The guardian: it hears what is down, and lets go of what nobody else can."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from tests.fakes.keyboard import FakeSender
from vcam.actions.keyboard.guarded import STARTS, GuardedKeyboard, GuardianProcess
from vcam.actions.keyboard.guardian import X11, Silence, watch, with_silences
from vcam.errors import ActionError


class Ear:
    """A guardian that remembers; a deaf one has died."""

    def __init__(self, log: list[str]) -> None:
        self.log, self.deaf, self.closed = log, False, False

    def tell(self, line: str) -> None:
        """Remember the line."""
        if self.deaf:
            raise BrokenPipeError("nobody hears")
        self.log.append(line)

    def close(self) -> None:
        """Remember the end."""
        self.closed = True


class Guarded:
    """A guarded keyboard over fakes: one log of what was told and what was pressed."""

    def __init__(self) -> None:
        self.inner = FakeSender()
        self.log = self.inner.log
        self.ears: list[Ear] = []
        self.keyboard = GuardedKeyboard(self.inner, self._start)

    def _start(self) -> Ear:
        self.ears.append(Ear(self.log))
        return self.ears[-1]


@pytest.mark.parametrize(
    ("lines", "released"),
    [
        ([], []),
        (["down space", "up space"], []),
        (["down ctrl", "down space"], ["-space", "-ctrl"]),
        (["down ctrl", "down space", "up ctrl"], ["-space"]),
        (["down space", "down space", "up space"], []),
        (["down space", "release space"], ["-space"]),
        (["", "nonsense", "beat", "down space"], ["-space"]),
    ],
    ids=["nothing", "let go", "two", "one of two", "told twice", "on request", "nonsense"],
)
def test_what_is_left_is_released(lines: list[str], released: list[str]) -> None:
    """When the pipe ends, exactly the keys that are still down come up, the last one first."""
    sender = FakeSender()
    watch([f"{line}\n" for line in lines], sender, lambda seconds: None)
    assert sender.log == released


def test_a_program_that_falls_silent_holds_no_keys() -> None:
    """Stopped or hung, it says nothing: its keys come up, and again at its end if it was late."""
    sender = FakeSender()
    lines: list[str | Silence] = [
        "down ctrl\n",
        "down space\n",
        Silence(),
        "beat\n",
        "up ctrl\n",
        Silence(),
    ]
    watch(lines, sender, lambda seconds: None)
    assert sender.log == ["-space", "-ctrl", "-space", "-space"]


def test_silence_is_measured_between_lines() -> None:
    """One silence follows a line that nothing follows for a while; none comes before the first."""

    def slow() -> Iterator[str]:
        time.sleep(0.2)
        yield "down space"
        yield "beat"
        time.sleep(0.4)
        yield "beat"

    kinds = [type(line).__name__ for line in with_silences(slow(), 0.1)]
    assert kinds == ["str", "str", "Silence", "str"]


def test_the_guardian_hears_of_a_key_before_it_goes_down() -> None:
    """Killed between the two, the program leaves one release too many, never one too few."""
    desk = Guarded()
    desk.keyboard.press("space")
    desk.keyboard.release("space")
    assert desk.log == ["down space", "+space", "-space", "up space"]


def test_no_key_no_guardian() -> None:
    """Checking, refusing and closing start no process; the first key starts one for all."""
    desk = Guarded()
    desk.keyboard.check("a")
    with pytest.raises(ActionError):
        desk.keyboard.press("nokey")
    assert desk.ears == []
    for key in ("a", "b"):
        desk.keyboard.press(key)
    desk.keyboard.close()
    assert [ear.closed for ear in desk.ears] == [True]


def test_a_guardian_that_died_is_replaced() -> None:
    """The new one hears of every key that is down; after a few deaths there is none any more."""
    desk = Guarded()
    for number, key in enumerate("abcdef", 1):
        desk.keyboard.press(key)
        assert len(desk.ears) == min(number, STARTS)
        desk.ears[-1].deaf = True
    assert desk.log[:6] == ["down a", "+a", "down a", "down b", "+b", "down a"]
    assert [line for line in desk.log if line[0] == "+"] == [f"+{key}" for key in "abcdef"]


def test_the_guardian_hears_that_the_program_is_alive_while_keys_are_down() -> None:
    """Beats are passed on between press and release, and cost nothing else."""
    desk = Guarded()
    desk.keyboard.beat()
    desk.keyboard.press("space")
    desk.keyboard.beat()
    desk.keyboard.release("space")
    desk.keyboard.beat()
    assert desk.log == ["down space", "+space", "beat", "-space", "up space"]


def test_a_key_comes_up_by_the_code_it_went_down_by() -> None:
    """A layout that changes while a key is held does not leave the key down."""
    desk = Guarded()
    desk.inner.layout = "us-"
    desk.keyboard.press("a")
    desk.inner.layout = "fr-"
    desk.keyboard.release("a")
    desk.keyboard.press("a")
    assert [line for line in desk.log if line[0] in "+-"] == ["+us-a", "-us-a", "+fr-a"]
    assert [line for line in desk.log if line[0] == "u"] == ["up us-a"]


@pytest.mark.parametrize("error", [OSError("no process"), TypeError("no interpreter")])
def test_keys_work_without_a_guardian(error: Exception) -> None:
    """Where no guardian can be started, keys go down and come up as ever."""

    def start() -> Ear:
        raise error

    inner = FakeSender()
    keyboard = GuardedKeyboard(inner, start)
    keyboard.press("space")
    keyboard.release("space")
    keyboard.close()
    assert inner.log == ["+space", "-space"]


def test_a_key_that_we_cannot_release_is_left_to_the_guardian() -> None:
    """When our own way to the desktop breaks, the guardian is asked to release at once."""
    desk = Guarded()
    desk.keyboard.press("space")
    desk.inner.broken = True
    with pytest.raises(ActionError):
        desk.keyboard.release("space")
    assert desk.log[-1] == "release space"


def test_the_guardian_loads_nothing_heavy() -> None:
    """Its process knows the keyboard, and neither pictures nor models."""
    code = (
        "import sys, vcam.actions.keyboard.guardian, vcam.actions.keyboard.x11_backend\n"
        "print([m for m in ('numpy', 'cv2', 'onnxruntime') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a desktop")
def test_a_guardian_without_a_desktop_is_no_hindrance(monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends by itself where it cannot press keys; telling it then fails, closing does not."""
    monkeypatch.delenv("DISPLAY", raising=False)
    guardian = GuardianProcess(X11)
    assert guardian._process.wait(30) == 1
    with pytest.raises(OSError, match="pipe"):
        guardian.tell("down space")
    guardian.close()


@pytest.mark.parametrize(
    ("platform", "option"),
    [("linux", "start_new_session"), ("darwin", "start_new_session"), ("win32", "creationflags")],
)
def test_ctrl_c_does_not_reach_the_guardian(
    monkeypatch: pytest.MonkeyPatch, platform: str, option: str
) -> None:
    """On every system it is started out of reach of the terminal's signals."""
    from vcam.actions.keyboard import guarded

    monkeypatch.setattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0x200, raising=False)
    monkeypatch.setattr(subprocess, "CREATE_NO_WINDOW", 0x8000000, raising=False)
    monkeypatch.setattr("vcam.actions.keyboard.guarded.sys.platform", platform)
    apart: Callable[[], dict[str, object]] = guarded._apart
    assert list(apart()) == [option]
