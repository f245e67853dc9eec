"""Keyboard layouts of a display of our own, and a window that says what it is told to type."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

LOCK = """
import ctypes, sys
xlib = ctypes.CDLL("libX11.so.6")
xlib.XOpenDisplay.restype = ctypes.c_void_p
display = ctypes.c_void_p(xlib.XOpenDisplay(None))
xlib.XkbLockGroup(display, 0x100, int(sys.argv[1]))
xlib.XSync(display, 0)
"""
RAW = """
import sys, time
from vcam.actions.x11 import X11
display = X11()
codes = [int(code) for code in sys.argv[1:]]
for code in codes:
    display.send_key(code, down=True)
time.sleep(0.05)
for code in reversed(codes):
    display.send_key(code, down=False)
"""
EVENT = re.compile(r"Key(Press|Release) event.*?keycode (\d+) \(keysym \w+, (\S+)\)", re.DOTALL)


def use_layout(environment: dict[str, str], words: str, group: int = 0) -> None:
    """Choose layouts as `setxkbmap` takes them, and the active one, counted from 0."""
    if shutil.which("setxkbmap") is None:
        pytest.skip("setxkbmap is not installed: apt install x11-xkb-utils")
    subprocess.run(["setxkbmap", *words.split()], env=environment, check=True)
    subprocess.run([sys.executable, "-c", LOCK, str(group)], env=environment, check=True)


def press_places(environment: dict[str, str], *codes: int) -> None:
    """Press keys together by their key codes, as a person's hand would."""
    subprocess.run([sys.executable, "-c", RAW, *map(str, codes)], env=environment, check=True)


class Window:
    """What a window hears that the C library of X11 reads keys for."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def heard(self) -> list[tuple[str, int, str]]:
        """Close the window; return (`+` or `-`, key code, symbol) of every key."""
        time.sleep(0.3)
        self._process.terminate()
        assert self._process.stdout is not None
        text = self._process.stdout.read()
        return [
            ("+" if kind == "Press" else "-", int(code), symbol)
            for kind, code, symbol in EVENT.findall(text)
        ]


@contextmanager
def window(environment: dict[str, str]) -> Iterator[Window]:
    """Let xev listen to the whole display."""
    if shutil.which("xev") is None:
        pytest.skip("xev is not installed: apt install x11-utils")
    command = ["xev", "-root", "-event", "keyboard"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        time.sleep(0.4)
        try:
            yield Window(process)
        finally:
            process.kill()
