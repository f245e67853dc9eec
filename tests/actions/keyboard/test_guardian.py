"""The guardian: it hears what is down, and lets go of what nobody else can."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.fakes.keyboard import FakeKeyboard
from vcam.actions.keyboard.guarded import STARTS, GuardedKeyboard, GuardianProcess
from vcam.actions.keyboard.guardian import watch
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
        self.inner = FakeKeyboard()
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
        (["down", "", "nonsense", "down nokey", "down space"], ["-space"]),
    ],
    ids=["nothing", "let go", "two", "one of two", "told twice", "on request", "nonsense"],
)
def test_what_is_left_is_released(lines: list[str], released: list[str]) -> None:
    """When the pipe ends, exactly the keys that are still down come up, the last one first."""
    keyboard = FakeKeyboard()
    watch([f"{line}\n" for line in lines], keyboard, lambda seconds: None)
    assert keyboard.log == released


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
    assert desk.inner.down == list("abcdef")


@pytest.mark.parametrize("error", [OSError("no process"), TypeError("no interpreter")])
def test_keys_work_without_a_guardian(error: Exception) -> None:
    """Where no guardian can be started, keys go down and come up as ever."""

    def start() -> Ear:
        raise error

    inner = FakeKeyboard()
    keyboard = GuardedKeyboard(inner, start)
    keyboard.press("space")
    keyboard.release("space")
    keyboard.close()
    assert inner.log == ["+space", "-space"]


def test_a_key_that_we_cannot_release_is_left_to_the_guardian() -> None:
    """When our own way to the desktop breaks, the guardian is asked to release at once."""
    desk = Guarded()
    desk.keyboard.press("space")

    def broken(key: str) -> None:
        raise ActionError("the connection is gone")

    desk.inner.release = broken  # type: ignore[method-assign]
    with pytest.raises(ActionError):
        desk.keyboard.release("space")
    assert desk.log[-1] == "release space"


def test_the_guardian_loads_nothing_heavy() -> None:
    """Its process knows the keyboard, and neither pictures nor models."""
    code = (
        "import sys, vcam.actions.keyboard.guardian, vcam.actions.keyboard.pynput_backend\n"
        "print([m for m in ('numpy', 'cv2', 'onnxruntime') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_guardian_without_a_desktop_is_no_hindrance(monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends by itself where it cannot press keys; telling it then fails, closing does not."""
    monkeypatch.delenv("DISPLAY", raising=False)
    guardian = GuardianProcess()
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
