"""Hearing keys on a display of our own: that one went down, and the chord asked for."""

import sys

import pytest

from tests.rigs.piped import piped
from tests.rigs.xvfb import display, heard, press
from vcam.actions.keyboard.listener import Heard
from vcam.actions.keyboard.open_listener import open_listener
from vcam.errors import ActionError

LISTENS = """
import sys
from vcam.actions.chord import parse_chord
from vcam.actions.keyboard.open_listener import Heard, open_listener

def tell(word):
    return lambda: print(word, flush=True)

listener = open_listener(Heard(tell("typed"), parse_chord("ctrl+alt+p"), tell("panic")))
print("ready", flush=True)
sys.stdin.readline()
listener.close()
listener.close()
print("closed", flush=True)
"""


def test_keys_and_the_chord_are_heard() -> None:
    """Each key that goes down is reported without its name, the chord once it is complete."""
    with (
        display() as environment,
        piped(environment, "-c", LISTENS) as process,
    ):
        assert heard(process, 1) == ["ready"]
        done = press(environment, "press_chord(held, parse_chord('a'))")
        assert done.returncode == 0, done.stderr
        assert heard(process, 1) == ["typed"]
        press(environment, "press_chord(held, parse_chord('ctrl+alt+p'))")
        assert heard(process, 4) == ["typed", "typed", "typed", "panic"]
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
        assert heard(process, 1) == ["closed"]


def test_wayland_is_said_to_be_deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Wayland the error says so, and which setting does nothing there."""
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    with pytest.raises(ActionError, match="typing does nothing"):
        open_listener(Heard(lambda: None))


@pytest.mark.skipif(sys.platform != "linux", reason="only X11 needs a display")
def test_without_a_display_it_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pynput does not start, that is one sentence."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(sys.modules, "pynput", None)
    with pytest.raises(ActionError, match="no X11 display"):
        open_listener(Heard(lambda: None))
