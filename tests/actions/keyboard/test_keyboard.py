"""One contract for every keyboard: what is pressed arrives, in order, and comes up again."""

import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any, TypeAlias

import pytest

from tests.fakes.keyboard import FakeKeyboard
from tests.rigs.xvfb import display, heard, listener, press
from vcam.actions.chord import KEYS, MODIFIERS, PUNCTUATION, parse_chord
from vcam.actions.keyboard.guarded import GuardedKeyboard, Guardian
from vcam.actions.keyboard.held_keys import HeldKeys, press_chord
from vcam.actions.keyboard.keyboard import Keyboard
from vcam.actions.keyboard.keymap import Keymap
from vcam.actions.keyboard.keysyms import KEYSYMS
from vcam.actions.keyboard.open import open_keyboard
from vcam.actions.keyboard.places import EVDEV_CODES, EVDEV_TO_XKB
from vcam.actions.keyboard.pynput_backend import _MAC_ANSI_CODES, PynputSender
from vcam.actions.keyboard.uinput_backend import UinputSender
from vcam.errors import ActionError
from vcam.system.clock import SteppedClock

Ears: TypeAlias = "subprocess.Popen[str]"


class FakeUInput:
    """What the kernel would be told."""

    written: list[tuple[int, int]]
    broken = False

    allowed: set[int]
    fd = -1

    def __init__(self, events: Any, name: str) -> None:
        FakeUInput.allowed, FakeUInput.written = set(events[1]), []

    @staticmethod
    def write(device: int, events: bytes) -> None:
        """Remember a key that was declared, as the kernel reads it: an event, and a full stop."""
        if FakeUInput.broken:
            raise OSError("No such device")
        (_, _, kind, code, value), (_, _, end, _, _) = struct.iter_unpack("llHHi", events)
        assert (kind, end) == (1, 0)
        assert code in FakeUInput.allowed
        FakeUInput.written.append((code, value))

    def close(self) -> None:
        """Nothing to give back."""


class FakeController:
    """What the system would be told through pynput."""

    written: list[tuple[Any, int]]
    broken = False

    def __init__(self) -> None:
        FakeController.written = []

    def press(self, code: Any) -> None:
        """Remember a press."""
        self._write(code, 1)

    def release(self, code: Any) -> None:
        """Remember a release."""
        self._write(code, 0)

    def _write(self, code: Any, value: int) -> None:
        if FakeController.broken:
            raise OSError("the desktop is gone")
        FakeController.written.append((code, value))


US: Keymap = Keymap(
    {code + EVDEV_TO_XKB: [list(KEYSYMS[key][:1])] for key, code in EVDEV_CODES.items()},
    active=0,
)
"""An English keyboard that has every key."""


def _uinput(monkeypatch: pytest.MonkeyPatch) -> tuple[Keyboard, type[Any]]:
    stand_in = ModuleType("evdev")
    stand_in.UInput = FakeUInput  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "evdev", stand_in)
    monkeypatch.setattr("vcam.actions.keyboard.uinput_backend.PLUGGED_IN_SECONDS", 0.0)
    monkeypatch.setattr("vcam.actions.keyboard.uinput_events.os.write", FakeUInput.write)
    return GuardedKeyboard(UinputSender(lambda: US), _no_guardian), FakeUInput


def _no_guardian() -> Guardian:
    raise OSError("none is needed")


NAMED = [
    {
        "right_ctrl": "ctrl_r",
        "right_alt": "alt_r",
        "right_shift": "shift_r",
        "right_cmd": "cmd_r",
    }.get(key, key)
    for key in (*MODIFIERS, *KEYS)
    if len(key) > 1 and not re.match(r"f\d|numpad|mouse", key)
]


def _pynput(platform: str, named: list[str]) -> Callable[..., tuple[Keyboard, type[Any]]]:
    """Return pynput's keyboard as on another system: names as there, codes as they are sent."""

    def make(monkeypatch: pytest.MonkeyPatch) -> tuple[Keyboard, type[Any]]:
        library, package = ModuleType("pynput.keyboard"), ModuleType("pynput")
        names = {name: f"Key.{name}" for name in named}
        library.Key = SimpleNamespace(**names)  # type: ignore[attr-defined]
        library.KeyCode = SimpleNamespace(from_vk=lambda code: code)  # type: ignore[attr-defined]
        library.Controller = FakeController  # type: ignore[attr-defined]
        buttons = ["left", "middle", "right", *(["x1", "x2"] if platform == "win32" else [])]
        mouse = ModuleType("pynput.mouse")
        mouse.Button = SimpleNamespace(**{b: f"Button.{b}" for b in buttons})  # type: ignore[attr-defined]
        mouse.Controller = FakeMouse  # type: ignore[attr-defined]
        package.keyboard, package.mouse = library, mouse  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "pynput", package)
        backend = "vcam.actions.keyboard.pynput_backend"
        monkeypatch.setattr(f"{backend}.sys.platform", platform)
        monkeypatch.setattr(f"{backend}._trusted_on_mac", lambda: True)
        monkeypatch.setattr(f"{backend}._mac_letters", lambda: dict(_MAC_ANSI_CODES))
        monkeypatch.setattr(f"{backend}._windows_sign", lambda key: 0xBA + PUNCTUATION.index(key))
        monkeypatch.setattr(f"{backend}.keys_reach_foreground", lambda: True)
        return GuardedKeyboard(PynputSender(), _no_guardian), FakeController

    return make


class FakeMouse(FakeController):
    """What the system would be told of the mouse; kept with the keys."""

    def __init__(self) -> None:
        """Leave what was written."""


MAC = [name for name in NAMED if name != "insert"] + [f"f{number}" for number in range(1, 21)]
WINDOWS = NAMED + [f"f{number}" for number in range(1, 21)]
DESKS = {
    "uinput": _uinput,
    "windows": _pynput("win32", WINDOWS),
    "mac": _pynput("darwin", MAC),
}
MISSING = {
    "uinput": set(),
    "windows": {"numpad_enter"},
    "mac": {"insert", "f21", "f22", "f23", "f24", "mouse_back", "mouse_forward"},
}


@pytest.fixture(params=DESKS)
def desk(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Keyboard, type[Any]]]:
    """Return a system's name, its keyboard, and what remembers the keys that reach it."""
    keyboard, system = DESKS[request.param](monkeypatch)
    yield request.param, keyboard, system
    system.broken = False


def test_every_key_exists(desk: tuple[str, Keyboard, type[Any]]) -> None:
    """Every key that a chord may name has a code of its own, but those the system lacks."""
    name, keyboard, system = desk
    lacking = set()
    for key in (*MODIFIERS, *KEYS):
        try:
            keyboard.press(key)
        except ActionError:
            lacking.add(key)
    assert lacking == MISSING[name]
    codes = [code for code, _ in system.written]
    assert len(set(codes)) == len(codes) == len(MODIFIERS) + len(KEYS) - len(lacking)


def test_a_chord_goes_around_its_key(desk: tuple[str, Keyboard, type[Any]]) -> None:
    """Modifiers go down first and come up last, each by the code of its press."""
    _, keyboard, system = desk
    press_chord(HeldKeys(keyboard), parse_chord("alt+shift+a"), SteppedClock())
    assert [value for _, value in system.written] == [1, 1, 1, 0, 0, 0]
    codes = [code for code, _ in system.written]
    assert codes[3:] == codes[2::-1]


def test_a_device_that_goes_away_is_a_sentence(desk: tuple[str, Keyboard, type[Any]]) -> None:
    """A failure behind the interface is an `ActionError` that names the key."""
    _, keyboard, system = desk
    system.broken = True
    for work in (keyboard.press, keyboard.release):
        with pytest.raises(ActionError, match="key could not be sent"):
            work("a")


def test_unknown_keys_press_nothing(desk: tuple[str, Keyboard, type[Any]]) -> None:
    """A key that does not exist is refused by all three methods, and nothing goes down."""
    _, keyboard, system = desk
    for someone in (keyboard, FakeKeyboard()):
        for work in (someone.check, someone.press, someone.release):
            for key in ("hyperspace", "ä", "f25x", ""):
                with pytest.raises(ActionError):
                    work(key)
    assert system.written == []


def test_closing_twice(desk: tuple[str, Keyboard, type[Any]]) -> None:
    """Closing always succeeds, also the second time."""
    _, keyboard, _ = desk
    keyboard.close()
    keyboard.close()


def test_uinput_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel gets its own key codes."""
    keyboard, _ = _uinput(monkeypatch)
    press_chord(HeldKeys(keyboard), parse_chord("alt+shift+a"), SteppedClock())
    assert FakeUInput.written == [(56, 1), (42, 1), (30, 1), (30, 0), (42, 0), (56, 0)]


def test_a_new_keyboard_is_given_time_to_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first key waits until the desktop listens to the new device; the next does not."""
    keyboard, _ = _uinput(monkeypatch)
    monkeypatch.setattr("vcam.actions.keyboard.uinput_backend.PLUGGED_IN_SECONDS", 0.2)
    keyboard = GuardedKeyboard(UinputSender(lambda: US), _no_guardian)
    began = time.perf_counter()
    keyboard.press("a")
    first = time.perf_counter() - began
    keyboard.release("a")
    assert 0.15 < first < 1
    assert time.perf_counter() - began - first < 0.1


def test_uinput_without_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without rights on the device the sentence names it."""
    _uinput(monkeypatch)

    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError("cannot be opened for writing")

    monkeypatch.setattr(sys.modules["evdev"], "UInput", refuse)
    with pytest.raises(ActionError, match="/dev/uinput cannot be used"):
        UinputSender(lambda: US)


@pytest.fixture(scope="module")
def desktop() -> Iterator[dict[str, str]]:
    """Return the environment of an X11 desktop of our own."""
    with display() as environment:
        yield environment


@pytest.fixture(scope="module")
def shared_ears(desktop: dict[str, str]) -> Iterator[Ears]:
    """Return another program on that desktop, which hears every key."""
    with listener(desktop) as process:
        yield process


@pytest.fixture
def ears(shared_ears: Ears) -> Iterator[Ears]:
    """Return it, and make sure that every key that it heard was expected."""
    yield shared_ears
    assert shared_ears.stdout is not None
    late, _, _ = select.select([shared_ears.stdout], [], [], 0)
    assert not late, shared_ears.stdout.readline()


def test_x11_chord_arrives_elsewhere(desktop: dict[str, str], ears: Ears) -> None:
    """Another program hears a chord in order, each press with its release."""
    done = press(desktop, "press_chord(held, parse_chord('alt+a'))")
    assert done.returncode == 0, done.stderr
    assert heard(ears, 4) == ["+ alt", "+ a", "- a", "- alt"]


def test_x11_key_that_the_layout_lacks(desktop: dict[str, str], ears: Ears) -> None:
    """A key that is not in the keymap is refused at once, before any modifier goes down."""
    code = """
import time
from vcam.errors import ActionError
began = time.perf_counter()
for key in ("f13", "f24"):
    for work in (lambda: press_chord(held, parse_chord("ctrl+alt+" + key)),
                 lambda: held.hold((1, "fist"), parse_chord("shift+" + key))):
        try:
            work()
        except ActionError as error:
            print(error)
assert time.perf_counter() - began < 1
press_chord(held, parse_chord("b"))
"""
    done = press(desktop, code)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"no key '(\w+)'", done.stdout) == ["f13", "f13", "f24", "f24"]
    assert heard(ears, 2) == ["+ b", "- b"]


def test_x11_while_the_person_holds_shift(desktop: dict[str, str], ears: Ears) -> None:
    """Alt+A would arrive as Alt+Shift+A, another shortcut: it is refused, and comes afterwards."""
    code = """
from vcam.actions.x11 import X11
from vcam.errors import ActionError
person, shift = X11(), int(keyboard._sender.code("shift"))
person.send_key(shift, down=True)
try:
    press_chord(held, parse_chord("alt+a"))
except ActionError as error:
    print(error)
finally:
    person.send_key(shift, down=False)
press_chord(held, parse_chord("alt+a"))
"""
    done = press(desktop, code)
    assert done.returncode == 0, done.stderr
    assert "shift is held down" in done.stdout
    said = ["+ shift", "- shift", "+ alt", "+ a", "- a", "- alt"]
    assert heard(ears, len(said)) == said


def test_x11_letters_digits_and_signs(desktop: dict[str, str], ears: Ears) -> None:
    """Every letter, digit and sign arrives as itself."""
    keys = "az09-=[];',./`\\"
    code = f"from vcam.system.clock import SteppedClock\nfor key in {keys!r}:\n "
    done = press(desktop, code + "press_chord(held, parse_chord(key), SteppedClock())")
    assert done.returncode == 0, done.stderr
    assert heard(ears, 2 * len(keys)) == [f"{sign} {key}" for key in keys for sign in "+-"]


def test_x11_sign_behind_shift() -> None:
    """On a German keyboard `/` is Shift+7 and `[` AltGr+8: neither presses a digit instead."""
    code = """
from vcam.errors import ActionError
for key in "/[":
    try:
        press_chord(held, parse_chord("ctrl+" + key))
    except ActionError as error:
        print(error)
press_chord(held, parse_chord("ctrl+7"))
"""
    with display() as desktop:
        _type_german(desktop)
        with listener(desktop) as ears:
            done = press(desktop, code)
            assert done.stdout.count("only with Shift or AltGr") == 2, done.stderr
            assert heard(ears, 4) == ["+ ctrl", "+ 7", "- 7", "- ctrl"]


def _type_german(desktop: dict[str, str]) -> None:
    if shutil.which("setxkbmap") is None:
        pytest.skip("setxkbmap is not installed: apt install x11-xkb-utils")
    subprocess.run(["setxkbmap", "de"], env=desktop, check=True)


HOLDER = """
import signal, sys, time
from vcam.actions.open import open_worker
from vcam.system.clock import SystemClock
from vcam.core.event import Event
from vcam.pipeline.state import ProgramState

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
worker = open_worker(ProgramState(SystemClock(), print), dry_run=False, allow_commands=False)
worker.submit(Event(0.0, "fire", "fist", "right", 1, "hold:ctrl+space", (0, 0, 1, 1)))
while True:
    worker.heartbeat(time.perf_counter())
    time.sleep(0.05)
"""


@pytest.mark.parametrize("orderly", [True, False], ids=["close", "atexit"])
def test_x11_sigterm_releases_held_keys(desktop: dict[str, str], ears: Ears, orderly: bool) -> None:
    """A program that is told to end while it holds keys lets them up, closed or not."""
    code = HOLDER.replace("sys.exit(0)", "(worker.close(), sys.exit(0))") if orderly else HOLDER
    with subprocess.Popen([sys.executable, "-c", code], env=desktop) as program:
        assert heard(ears, 2) == ["+ ctrl", "+ space"]
        program.send_signal(signal.SIGTERM)
        assert program.wait(5) == 0
    assert heard(ears, 2) == ["- space", "- ctrl"]


def test_x11_display_that_dies() -> None:
    """When the desktop ends under the program, keys fail in a sentence and releasing continues."""
    code = """
import os, signal, time
from vcam.errors import ActionError
held.hold((1, "fist"), parse_chord("space"))
os.kill(int(os.environ['XVFB_PID']), signal.SIGKILL)
time.sleep(0.2)
for chord in ("a", "ctrl+a"):
    try:
        press_chord(held, parse_chord(chord))
    except ActionError as error:
        print("refused")
held.release_all()
print("released", bool(held))
"""
    with display() as desktop:
        done = press(desktop, code)
    assert done.stdout.split() == ["refused", "refused", "released", "False"], done.stderr


def test_no_display_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no key can be pressed, one error gives every reason and the remedy."""
    monkeypatch.setattr(
        "vcam.actions.keyboard.open._backends",
        lambda: [("one", _refuse("no display")), ("other", _refuse("no rights"))],
    )
    with pytest.raises(ActionError, match=r"one: no display; other: no rights.*; "):
        open_keyboard()


def _refuse(reason: str) -> Callable[[], Keyboard]:
    def backend() -> Keyboard:
        raise ActionError(reason)

    return backend
