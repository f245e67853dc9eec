"""GNOME's own compositor and the real portal: a key of ours in another program's window."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rigs.mutter_desktop import mutter_desktop
from tests.rigs.piped import piped
from tests.rigs.wayland_desktop import wayland_window
from tests.rigs.xvfb import press

pytestmark = [
    pytest.mark.alone,  # a key that is down for long repeats itself
    pytest.mark.skipif(sys.platform != "linux", reason="Wayland is Linux' own"),
]

PRESS = """
print(keyboard.way)
for key in ("a", "1", "ctrl+q", "f9"):
    press_chord(held, parse_chord(key))
keyboard.close()
"""
HOLD = """
import sys
from vcam.actions.keyboard.open import open_keyboard
from vcam.actions.keyboard.held_keys import HeldKeys
from vcam.actions.chord import parse_chord
held = HeldKeys(open_keyboard())
held.hold((1, "fist"), parse_chord("alt+a"))
print("held", flush=True)
sys.stdin.readline()
"""
REFUSED = """
import time
from vcam.errors import ActionError
while True:
    try:
        press_chord(held, parse_chord("a"))
    except ActionError as error:
        print(error)
        if "not answered yet" not in str(error):
            break
"""


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return the environment of a desktop whose person agrees."""
    with mutter_desktop(tmp_path_factory.mktemp("mutter")) as environment:
        yield environment


def test_keys_arrive(desktop: dict[str, str], tmp_path: Path) -> None:
    """Letters, digits, chords and function keys reach the window, in order, and come up."""
    with wayland_window(desktop, tmp_path) as window:
        done = press(desktop, PRESS)
        reported = [(each.sign, each.symbol) for each in window.keys(10)]
    assert done.stdout.startswith("by the desktop's portal"), done.stderr
    assert reported == [
        ("+", "a"), ("-", "a"), ("+", "1"), ("-", "1"),
        ("+", "Control_L"), ("+", "q"), ("-", "q"), ("-", "Control_L"),
        ("+", "F9"), ("-", "F9"),
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["SIGKILL", "SIGSTOP"])
def test_keys_come_up(desktop: dict[str, str], tmp_path: Path, how: str) -> None:
    """A program that is killed or stopped while it holds a chord leaves no key down."""
    with (
        wayland_window(desktop, tmp_path) as window,
        piped(desktop, "-c", HOLD) as program,
    ):
        assert program.stdout is not None
        assert program.stdout.readline() == "held\n"
        assert len(window.keys(2)) == 2
        program.send_signal(getattr(signal, how))
        reported = [(each.sign, each.symbol) for each in window.keys(4)]
        program.kill()
    assert reported[:2] == [("+", "Alt_L"), ("+", "a")]
    assert sorted(reported[2:]) == [("-", "Alt_L"), ("-", "a")]  # the portal handles two at a time


def test_a_person_who_refuses(tmp_path: Path) -> None:
    """The real portal's no is a sentence, and no key goes down."""
    with mutter_desktop(tmp_path, agrees=False) as environment:
        done = press(environment, REFUSED)
    assert "was told that this program may press no keys" in done.stdout, done.stderr
