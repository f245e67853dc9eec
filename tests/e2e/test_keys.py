"""Keys reach other programs on X11: a focused window, and a global hotkey as Discord's."""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.rigs.browser import NAMES
from tests.rigs.xvfb import display, heard, press

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

pytestmark = pytest.mark.alone  # a key that is down for long repeats itself


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


HOTKEYS = """
import sys
from pynput import keyboard
calls = {keys: lambda keys=keys: print("+", keys, flush=True) for keys in sys.argv[1:]}
with keyboard.GlobalHotKeys(calls) as hotkeys:
    hotkeys.wait()
    print("ready", flush=True)
    hotkeys.join()
"""
"""Listens to the whole desktop without taking keys from anybody, as other programs do."""


def test_a_listener_to_the_whole_desktop_hears_chords(desktop: dict[str, str]) -> None:
    """A program that only listens hears chords complete, and one key with two modifiers."""
    with _program(desktop, HOTKEYS, "<alt>+a", "<ctrl>+<shift>+m") as (hotkeys, _):
        _type(desktop, "ctrl+shift+m", "alt+a")
        assert heard(hotkeys, 2) == ["+ <ctrl>+<shift>+m", "+ <alt>+a"]


MEDIA = {
    "media_volume_down": "0x1008ff11",
    "media_volume_mute": "0x1008ff12",
    "media_volume_up": "0x1008ff13",
    "media_play_pause": "0x1008ff14",
    "media_previous": "0x1008ff16",
    "media_next": "0x1008ff17",
}


def test_every_media_key_arrives(desktop: dict[str, str]) -> None:
    """Each media key is pressed and released, under the name that desktops know it by."""
    grabs = [f"{keysym}:{NO_MODIFIER}" for keysym in MEDIA.values()]
    with _program(desktop, GRABBER, *grabs) as (grabber, codes):
        _type(desktop, *MEDIA)
        expected = [f"{sign} {code} 0" for code in codes for sign in "+-"]
        assert heard(grabber, 2 * len(codes)) == expected


def test_every_key_from_f13_to_f24_arrives(desktop: dict[str, str]) -> None:
    """The keys that no keyboard has reach a global keybind where the keymap was given them."""
    if shutil.which("xmodmap") is None:
        pytest.skip("xmodmap is not installed: apt install x11-xserver-utils")
    names = [f"F{number}" for number in range(13, 25)]
    for keycode, name in enumerate(names, 191):
        command = ["xmodmap", "-e", f"keycode {keycode} = {name}"]
        subprocess.run(command, env=desktop, check=True)
    grabs = [f"{name}:{NO_MODIFIER}" for name in names]
    with _program(desktop, GRABBER, *grabs) as (grabber, codes):
        _type(desktop, *(name.lower() for name in names))
        expected = [f"{sign} {code} 0" for code in codes for sign in "+-"]
        assert heard(grabber, 2 * len(codes)) == expected


BROWSER = """
import sys
from playwright.sync_api import sync_playwright
PAGE = "<title>Meet - page</title><script>for (const type of ['keydown', 'keyup'])" \
    "addEventListener(type, e => told(type + ' ' + e.code + (e.altKey ? ' alt' : '')))</script>"
with sync_playwright() as tools:
    browser = tools.chromium.launch(
        executable_path=sys.argv[1], headless=False, args=["--no-sandbox", "--disable-gpu"]
    )
    page = browser.new_page()
    page.expose_function("told", lambda text: print(text, flush=True))
    page.set_content(PAGE)
    page.bring_to_front()
    page.mouse.click(50, 50)
    page.wait_for_timeout(500)
    print("ready", flush=True)
    while True:
        page.wait_for_timeout(50)
"""


def test_a_page_in_a_browser_gets_the_keys(desktop: dict[str, str]) -> None:
    """A focused page in Chromium, as Meet is one, sees the chord by its key codes, and its end."""
    pytest.importorskip("playwright")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    if shutil.which("openbox") is None:
        pytest.skip("openbox is not installed: apt install openbox")
    with subprocess.Popen(["openbox"], env=desktop, stderr=subprocess.DEVNULL) as manager:
        try:
            with _program(desktop, BROWSER, path) as (page, _):
                _type(desktop, "alt+y")
                assert heard(page, 4) == [
                    "keydown AltLeft alt",
                    "keydown KeyY alt",
                    "keyup KeyY alt",
                    "keyup AltLeft",
                ]
        finally:
            manager.kill()
