"""One contract for every keyboard: what is pressed arrives, in order, and comes up again."""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from tests.act.xvfb import display, heard, listener, press
from vcam.act.chord import KEYS, MODIFIERS, parse_chord
from vcam.act.keyboard import Keyboard, open_keyboard
from vcam.act.keyboard_fake import FakeKeyboard
from vcam.act.keys import HeldKeys, press_chord
from vcam.clock import SteppedClock
from vcam.errors import ActionError


class FakeUInput:
    """What the kernel would be told."""

    written: list[tuple[int, int]]

    def __init__(self, events: Any, name: str) -> None:
        self.allowed = set(events[1])
        FakeUInput.written = []

    def write(self, kind: int, code: int, value: int) -> None:
        """Remember a key that was declared."""
        assert code in self.allowed
        FakeUInput.written.append((code, value))

    def syn(self) -> None:
        """Nothing to flush."""

    def close(self) -> None:
        """Nothing to give back."""


@pytest.fixture
def uinput(monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """Return the uinput keyboard over a kernel that only remembers."""
    evdev = pytest.importorskip("evdev", reason="evdev is a package for Linux")
    stand_in = ModuleType("evdev")
    stand_in.UInput, stand_in.ecodes = FakeUInput, evdev.ecodes  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "evdev", stand_in)
    from vcam.act.keyboard_uinput import UinputKeyboard

    return UinputKeyboard()


def test_uinput_knows_every_key(uinput: Keyboard) -> None:
    """Every key that a chord may name exists there."""
    for key in (*MODIFIERS, *KEYS):
        uinput.check(key)


def test_uinput_chord(uinput: Keyboard) -> None:
    """A chord reaches the kernel as key codes, modifiers around the key."""
    press_chord(HeldKeys(uinput), parse_chord("alt+shift+a"), SteppedClock())
    assert FakeUInput.written == [(56, 1), (42, 1), (30, 1), (30, 0), (42, 0), (56, 0)]


@pytest.mark.parametrize("make", [FakeKeyboard], ids=["fake"])
def test_unknown_keys_press_nothing(make: Callable[[], Keyboard], uinput: Keyboard) -> None:
    """A key that does not exist is refused before anything goes down."""
    for keyboard in (make(), uinput):
        with pytest.raises(ActionError):
            keyboard.press("hyperspace")


def test_x11_chord_arrives_elsewhere() -> None:
    """Another program hears a chord in order, each press with its release."""
    with display() as environment, listener(environment) as ears:
        done = press(environment, "press_chord(held, parse_chord('ctrl+alt+a'))")
        assert done.returncode == 0, done.stderr
        order = [line.split() for line in heard(ears, 6)]
    assert [sign for sign, _ in order] == ["+", "+", "+", "-", "-", "-"]
    names = [name for _, name in order]
    assert names[:2] == ["ctrl", "alt"]
    assert names[3:] == names[2::-1]


def test_x11_key_that_the_layout_lacks() -> None:
    """A key that is not in the keymap is refused at once, with no modifier left down."""
    with display() as environment, listener(environment) as ears:
        done = press(
            environment,
            "from vcam.errors import ActionError\n"
            "try:\n press_chord(held, parse_chord('ctrl+alt+f24'))\n"
            "except ActionError as error:\n print(error)\n"
            "press_chord(held, parse_chord('b'))",
        )
        assert "f24" in done.stdout, done.stderr
        assert heard(ears, 2) == ["+ b", "- b"]


def test_x11_letters_digits_and_signs() -> None:
    """Every letter, digit and sign arrives as itself."""
    keys = "az09-=[];',./`"
    with display() as environment, listener(environment) as ears:
        code = f"for key in {keys!r}:\n press_chord(held, parse_chord(key))"
        done = press(environment, code)
        assert done.returncode == 0, done.stderr
        assert heard(ears, 2 * len(keys)) == [f"{sign} {key}" for key in keys for sign in "+-"]


def test_no_display_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no key can be pressed, one error gives every reason and the remedy."""
    monkeypatch.setattr(
        "vcam.act.keyboard._backends",
        lambda: [("one", _refuse("no display")), ("other", _refuse("no rights"))],
    )
    with pytest.raises(ActionError, match=r"one: no display; other: no rights.*; "):
        open_keyboard()


def _refuse(reason: str) -> Callable[[], Keyboard]:
    def backend() -> Keyboard:
        raise ActionError(reason)

    return backend
