"""A Wayland desktop of our own: Sway without a screen, and a window that says what it hears."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.rigs.piped import piped
from tests.rigs.xvfb import ROOT

NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
"""Sway does not run as root."""
START_S = 10.0
KEY = re.compile(
    r"wl_keyboard\] key: .*?key: (\d+); state: (\d).*?\n\s+sym: (\S+)\s+\(\d+\), utf8: '(.*)'"
)
MODS = re.compile(r"wl_keyboard\] modifiers: [^\n]*\n\s+depressed: ([0-9A-F]+)")
BUTTON = re.compile(r"wl_pointer\] button: .*?button: (\d+) \(\S+\), state: (\d)")

PERSON = """
import struct, sys, os
from vcam.actions.keyboard.wayland_connection import WaylandConnection
desktop = WaylandConnection()
seat = desktop.bind("wl_seat")
manager = desktop.bind("zwp_virtual_keyboard_manager_v1")
keyboard = desktop.new_number()
desktop.say(manager, 0, struct.pack("=II", seat, keyboard))
keymap = sys.argv[1].encode() + b"\\0"
file = os.memfd_create("keymap")
os.write(file, keymap)
desktop.say(keyboard, 0, struct.pack("=II", 1, len(keymap)), [file])
mice = desktop.bind("zwlr_virtual_pointer_manager_v1")
desktop.say(mice, 0, struct.pack("=II", seat, desktop.new_number()))
desktop.settle()
print("ready", flush=True)
for line in sys.stdin:
    word, number = line.split()
    if word == "group":
        desktop.say(keyboard, 2, struct.pack("=4I", 0, 0, 0, int(number)))
    else:
        for state in (1, 0):
            desktop.say(keyboard, 1, struct.pack("=III", 0, int(number), state))
    desktop.settle()
    print("done", flush=True)
"""


class Heard(NamedTuple):
    """One key as a program hears it."""

    sign: str
    """`+` or `-`."""
    code: int
    """As X11 and Wayland count."""
    symbol: str
    text: str


@contextmanager
def wayland_desktop(folder: Path, settings: str = "") -> Iterator[dict[str, str]]:
    """Start Sway without a screen; give the environment that leads to it. Skips without Sway."""
    for program in ("sway", "wev"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: apt install {program}")
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    (folder / "sway").write_text(f"xwayland disable\n{settings}\n")
    (folder / "sway").chmod(0o644)
    root = os.geteuid() == 0
    if root:
        os.chown(runtime, 65534, 65534)
        for parent in (folder, *folder.parents):
            if parent.stat().st_uid == 0 and not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o011)
    kept = {k: v for k, v in os.environ.items() if "WAYLAND" not in k and k != "DISPLAY"}
    kept |= {"XDG_RUNTIME_DIR": str(runtime), "HOME": str(folder), "XDG_SESSION_TYPE": "wayland"}
    kept |= {
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder}/no-bus",
        "XDG_CURRENT_DESKTOP": "sway",
    }
    sway = {"WLR_BACKENDS": "headless", "WLR_LIBINPUT_NO_DEVICES": "1", "WLR_RENDERER": "pixman"}
    command = [*(NOBODY if root else []), "sway", "-c", str(folder / "sway")]
    with (
        (folder / "sway.log").open("wb") as log,
        subprocess.Popen(command, env=kept | sway, stderr=log) as compositor,
    ):
        try:
            ipc = _appears(runtime, "sway-ipc.*.sock")
            name = _appears(runtime, "wayland-?").name
            yield kept | {
                "WAYLAND_DISPLAY": name,
                "SWAYSOCK": str(ipc),
                "PYTHONPATH": str(ROOT),
                "SWAY_PID": str(compositor.pid),
            }
        finally:
            compositor.terminate()
            compositor.wait(5)


def _appears(folder: Path, name: str) -> Path:
    end = time.perf_counter() + START_S
    while time.perf_counter() < end:
        if found := sorted(folder.glob(name)):
            return found[0]
        time.sleep(0.05)
    raise AssertionError(f"{name} does not appear: {(folder.parent / 'sway.log').read_text()}")


def xkb_keymap(layouts: str, variants: str = "") -> str:
    """Return the keymap that a person with such layouts has, as libxkbcommon writes it."""
    code = (
        "import ctypes, os\n"
        "x = ctypes.CDLL('libxkbcommon.so.0')\n"
        "for n in ('xkb_context_new', 'xkb_keymap_new_from_names'):"
        " getattr(x, n).restype = ctypes.c_void_p\n"
        "x.xkb_keymap_get_as_string.restype = ctypes.c_char_p\n"
        "c = ctypes.c_void_p(x.xkb_context_new(0))\n"
        "k = ctypes.c_void_p(x.xkb_keymap_new_from_names(c, None, 0))\n"
        "print(x.xkb_keymap_get_as_string(k, 1).decode())\n"
    )
    names = {"XKB_DEFAULT_LAYOUT": layouts, "XKB_DEFAULT_VARIANT": variants}
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **names},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


class Person:
    """Somebody with a keyboard and a mouse of their own, in a process of their own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

    def choose(self, group: int) -> None:
        """Switch to another of their layouts, counted from 0."""
        self._do(f"group {group}")

    def type(self, code: int) -> None:
        """Press and release a key by its place (Linux' codes)."""
        self._do(f"key {code}")

    def _do(self, line: str) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "done\n"


@contextmanager
def person(desktop: dict[str, str], layouts: str = "us", variants: str = "") -> Iterator[Person]:
    """Plug in keyboard and mouse of somebody with such layouts."""
    with piped(desktop, "-c", PERSON, xkb_keymap(layouts, variants)) as process:
        yield Person(process)


class WaylandWindow:
    """A window that has the focus and writes down what it hears."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def keys(self, count: int | None = None, within_s: float = 5) -> list[Heard]:
        """Return the keys that were heard; with `count`, wait until so many are there."""
        end = time.perf_counter() + within_s
        while True:
            found = [
                Heard("+" if state == "1" else "-", int(code), symbol, text)
                for code, state, symbol, text in KEY.findall(self._text())
            ]
            if count is None or len(found) >= count or time.perf_counter() > end:
                return found
            time.sleep(0.05)

    def has_modifiers(self, bits: int) -> bool:
        """Return whether in the end these modifiers are down, as XKB numbers them; waits for it."""
        end = time.perf_counter() + 5
        while time.perf_counter() < end:
            if [int(each, 16) for each in MODS.findall(self._text())][-1:] == [bits]:
                return True
            time.sleep(0.05)
        return False

    def buttons(self, count: int) -> list[tuple[int, str]]:
        """Return what was heard of the mouse's buttons: Linux' codes, and `+` or `-`."""
        end = time.perf_counter() + 5
        while len(BUTTON.findall(self._text())) < count and time.perf_counter() < end:
            time.sleep(0.05)
        return [(int(code), "-+"[int(state)]) for code, state in BUTTON.findall(self._text())]

    def _text(self) -> str:
        return self._log.read_bytes().decode("utf-8", "replace")  # a key may type a return


@contextmanager
def wayland_window(desktop: dict[str, str], folder: Path) -> Iterator[WaylandWindow]:
    """Open a window; it has the focus and a keyboard when this returns."""
    log = folder / f"wev-{time.perf_counter_ns()}"
    with (
        log.open("wb") as out,
        subprocess.Popen(["stdbuf", "-oL", "wev"], env=desktop, stdout=out) as process,
    ):
        try:
            end = time.perf_counter() + START_S
            while "wl_keyboard] enter" not in log.read_text(errors="replace"):
                assert time.perf_counter() < end, log.read_text(errors="replace")
                time.sleep(0.05)
            yield WaylandWindow(log)
        finally:
            process.kill()
