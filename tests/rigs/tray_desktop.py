"""A desktop with a real tray: Xvfb, a D-Bus session and Xfce's panel, with a home of its own."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.rigs.xvfb import display
from vcam.core.frame import Image

PANEL = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
      <property name="known-items" type="array"><value type="string" value="vcam"/></property>
    </property>
  </property>
</channel>
"""
"""One panel at the top with nothing but a tray, so that our icon is in the corner."""
SERVICES = "<servicedir>/usr/share/dbus-1/services</servicedir>"
ICON = (16, 16)
"""Where the icon is then, in pixels."""


@contextmanager
def bus(folder: Path, *, services: bool = True) -> Iterator[str]:
    """Start a D-Bus session; give its address. Without `services` it starts none by itself."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("dbus-daemon is not installed: apt install dbus-daemon")
    settings = folder / "bus.conf"
    settings.write_text(
        f"<busconfig><type>session</type><listen>unix:path={folder}/bus</listen>"
        f"{SERVICES if services else ''}"
        '<policy context="default"><allow send_destination="*"/><allow own="*"/>'
        '<allow receive_sender="*"/></policy></busconfig>'
    )
    command = ["dbus-daemon", f"--config-file={settings}", "--nofork", "--print-address"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=home(folder)
    ) as daemon:
        assert daemon.stdout is not None
        try:
            yield daemon.stdout.readline().strip()
        finally:
            daemon.terminate()


def home(folder: Path) -> dict[str, str]:
    """Return an environment in which nobody's own settings are found."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    kept.pop("DBUS_SESSION_BUS_ADDRESS", None)
    return {**kept, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "NO_AT_BRIDGE": "1"}


@contextmanager
def desktop_with_tray(folder: Path) -> Iterator[dict[str, str]]:
    """Give the environment of a desktop whose panel has a tray; skips where it is not installed."""
    if shutil.which("xfce4-panel") is None:
        pytest.skip("there is no tray: apt install xfce4-panel")
    settings = folder / ".config" / "xfce4" / "xfconf" / "xfce-perchannel-xml"
    settings.mkdir(parents=True)
    (settings / "xfce4-panel.xml").write_text(PANEL)
    with display() as environment, bus(folder) as address:
        desktop = {
            **home(folder),
            "DISPLAY": environment["DISPLAY"],
            "PYTHONPATH": environment["PYTHONPATH"],
            "DBUS_SESSION_BUS_ADDRESS": address,
        }
        with subprocess.Popen(
            ["xfce4-panel", "--disable-wm-check"],
            env=desktop,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as panel:
            try:
                yield desktop
            finally:
                panel.terminate()


class Person:
    """Whoever looks at that desktop, and uses its mouse and keyboard."""

    def __init__(self, desktop: dict[str, str]) -> None:
        """Connect to the display."""
        from Xlib import XK, X
        from Xlib.display import Display
        from Xlib.ext import xtest

        self._x: Any = X
        self._keys, self._test = XK, xtest
        self._display: Any = Display(desktop["DISPLAY"])

    def close(self) -> None:
        self._display.close()

    def click(self, place: tuple[int, int], button: int) -> None:
        """Click at a place in pixels; button 1 is the left one, 3 the right one."""
        self._fake(self._x.MotionNotify, x=place[0], y=place[1])
        time.sleep(0.2)
        self._fake(self._x.ButtonPress, button)
        self._fake(self._x.ButtonRelease, button)
        time.sleep(0.5)

    def type(self, *names: str) -> None:
        """Press keys, one after the other."""
        for name in names:
            code = self._display.keysym_to_keycode(self._keys.string_to_keysym(name))
            self._fake(self._x.KeyPress, code)
            self._fake(self._x.KeyRelease, code)
            time.sleep(0.2)

    def screenshot(self) -> Image:
        """Return the whole screen, uint8 (H, W, 3) BGR."""
        root = self._display.screen().root
        size = root.get_geometry()
        found = root.get_image(0, 0, size.width, size.height, self._x.ZPixmap, 0xFFFFFFFF)
        flat = np.frombuffer(found.data, np.uint8).reshape(size.height, size.width, 4)
        return flat[:, :, :3].copy()

    def _fake(self, kind: int, detail: int = 0, **place: int) -> None:
        self._test.fake_input(self._display, kind, detail, **place)
        self._display.sync()


def comes(condition: Callable[[], object], seconds: float = 20) -> bool:
    """Wait until something is so; say whether it came to be."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def vcam_command(*words: str) -> list[str]:
    """Return the command of our program as a person starts it; VCAM_PROGRAM names a built one."""
    built = os.environ.get("VCAM_PROGRAM")
    return [built, *words] if built else [sys.executable, "-m", "vcam", *words]
