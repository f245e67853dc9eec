"""Keys reach other programs on X11: a focused window, and a global hotkey as Discord's."""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.act.xvfb import display, heard, press

GRABBER = """
import sys
from Xlib import X, XK, display
screen = display.Display()
root = screen.screen().root
for name, modifiers in (grab.split(":") for grab in sys.argv[1:]):
    code = screen.keysym_to_keycode(XK.string_to_keysym(name) or int(name, 0))
    root.grab_key(code, int(modifiers), False, X.GrabModeAsync, X.GrabModeAsync)
    print(code, flush=True)
screen.sync()
print("ready", flush=True)
while True:
    event = screen.next_event()
    if event.type in (X.KeyPress, X.KeyRelease):
        print("+" if event.type == X.KeyPress else "-", event.detail, event.state, flush=True)
"""
"""Takes keys for itself, as programs with global hotkeys do; prints code and modifiers."""

WINDOW = """
import tkinter
window = tkinter.Tk()
window.bind("<KeyPress>", lambda event: print("+", event.keysym, flush=True))
window.bind("<KeyRelease>", lambda event: print("-", event.keysym, flush=True))
window.bind("<FocusIn>", lambda event: print("ready", flush=True))
window.update()
window.focus_force()
window.mainloop()
"""

ALT, NO_MODIFIER = 8, 0


@contextlib.contextmanager
def _program(
    desktop: dict[str, str], code: str, *arguments: str
) -> Iterator[tuple["subprocess.Popen[str]", list[str]]]:
    """Start another program; give it and what it said before it was ready."""
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(command, env=desktop, text=True, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            said = list(iter(lambda: process.stdout.readline().strip(), "ready"))  # type: ignore[union-attr]  # a pipe
            yield process, said
        finally:
            process.kill()


@pytest.fixture
def desktop() -> Iterator[dict[str, str]]:
    """Return the environment of an X11 desktop of our own."""
    with display() as environment:
        yield environment


def _type(desktop: dict[str, str], *chords: str) -> None:
    done = press(desktop, f"for c in {chords!r}:\n press_chord(held, parse_chord(c))")
    assert done.returncode == 0, done.stderr


def _layout(desktop: dict[str, str], *options: str) -> None:
    if shutil.which("setxkbmap") is None:
        pytest.skip("setxkbmap is not installed: apt install x11-xkb-utils")
    subprocess.run(["setxkbmap", *options], env=desktop, check=True)


def test_a_focused_window_gets_the_keys(desktop: dict[str, str]) -> None:
    """A window sees a chord's modifiers around its key, and plain keys as themselves."""
    pytest.importorskip("tkinter")
    with _program(desktop, WINDOW) as (window, _):
        _type(desktop, "alt+a", "space")
        expected = ["+ Alt_L", "+ a", "- a", "- Alt_L", "+ space", "- space"]
        assert heard(window, 6) == expected


def test_a_global_hotkey_fires(desktop: dict[str, str]) -> None:
    """A program that grabbed chords gets each with its modifiers; media keys too."""
    muted = "0x1008ff12"
    grabs = (f"a:{ALT}", f"F9:{NO_MODIFIER}", f"{muted}:{NO_MODIFIER}")
    with _program(desktop, GRABBER, *grabs) as (grabber, codes):
        _type(desktop, "alt+a", "f9", "media_volume_mute")
        pressed = [line for line in heard(grabber, 6) if line.startswith("+")]
        states = (ALT, NO_MODIFIER, NO_MODIFIER)
        assert pressed == [f"+ {code} {state}" for code, state in zip(codes, states, strict=True)]


def test_a_hotkey_fires_under_a_cyrillic_layout(desktop: dict[str, str]) -> None:
    """With a second, Cyrillic layout the letters of chords are still found."""
    _layout(desktop, "us,ru")
    with _program(desktop, GRABBER, f"a:{ALT}") as (grabber, codes):
        _type(desktop, "alt+a")
        assert heard(grabber, 1) == [f"+ {codes[0]} {ALT}"]


def test_a_layout_without_latin_letters_is_said(desktop: dict[str, str]) -> None:
    """Where no key types the letter, nothing is pressed, and the sentence says so."""
    _layout(desktop, "ru")
    done = press(desktop, "press_chord(held, parse_chord('alt+a'))")
    assert "has no key 'a'" in done.stderr


def test_f13_arrives_where_the_layout_has_it(desktop: dict[str, str]) -> None:
    """A keymap that was given F13 sends it: a key that no other program uses."""
    if shutil.which("xmodmap") is None:
        pytest.skip("xmodmap is not installed: apt install x11-xserver-utils")
    subprocess.run(["xmodmap", "-e", "keycode 191 = F13"], env=desktop, check=True)
    with _program(desktop, GRABBER, f"F13:{NO_MODIFIER}") as (grabber, codes):
        _type(desktop, "f13")
        assert heard(grabber, 2) == [f"+ {codes[0]} 0", f"- {codes[0]} 0"]
