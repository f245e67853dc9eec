"""GNOME's compositor without a screen, behind the real xdg-desktop-portal."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.rigs.tray_desktop import bus, home
from tests.rigs.xvfb import ROOT

PORTAL = Path("/usr/libexec/xdg-desktop-portal")
PROVIDER = """[portal]
DBusName=org.freedesktop.impl.portal.desktop.vcamtest
Interfaces=org.freedesktop.impl.portal.{interface};
UseIn=vcamtest
"""
MUTTER = "mutter --headless --virtual-monitor 800x600 --wayland --no-x11 --wayland-display vcam-7"
START_S = 15.0


@contextmanager
def mutter_desktop(folder: Path, *, agrees: bool = True) -> Iterator[dict[str, str]]:
    """Start it; give the environment that leads to it. Skips where a part is not installed."""
    if shutil.which("mutter") is None or shutil.which("wev") is None or not PORTAL.exists():
        pytest.skip("no Mutter with a portal: apt install mutter xdg-desktop-portal wev")
    with bus_of_portals(folder, "RemoteDesktop") as common, ExitStack() as started:
        environment = {
            **{k: v for k, v in common.items() if k != "DISPLAY"},
            "WAYLAND_DISPLAY": "vcam-7",
            "XDG_SESSION_TYPE": "wayland",
        }
        start(started, environment, *MUTTER.split())
        wait_for(environment, "org.gnome.Mutter.RemoteDesktop")
        answer = "yes" if agrees else "no"
        start(started, environment, sys.executable, "-m", "tests.fakes.portal_backend", answer)
        start_portal(started, environment)
        yield environment


@contextmanager
def bus_of_portals(folder: Path, interface: str) -> Iterator[dict[str, str]]:
    """Start a bus on which a backend of ours brings one portal; give the environment for it."""
    folder.chmod(0o700)
    (folder / "portals").mkdir()
    (folder / "portals" / "vcamtest.portal").write_text(PROVIDER.format(interface=interface))
    with bus(folder, services=False) as address:
        yield {
            **home(folder),
            "DBUS_SESSION_BUS_ADDRESS": address,
            "GSETTINGS_BACKEND": "memory",
            "PYTHONPATH": str(ROOT),
            "XDG_CURRENT_DESKTOP": "vcamtest",
            "XDG_DESKTOP_PORTAL_DIR": str(folder / "portals"),
        }


def start_portal(started: ExitStack, environment: dict[str, str]) -> None:
    """Start the real portal as soon as the backend is there."""
    wait_for(environment, "org.freedesktop.impl.portal.desktop.vcamtest")
    start(started, environment, "/usr/libexec/xdg-permission-store")
    start(started, environment, str(PORTAL))
    wait_for(environment, "org.freedesktop.portal.Desktop")


def start(started: ExitStack, environment: dict[str, str], *command: str) -> None:
    """Start a program of the desktop, which ends with it."""
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, stdout=nothing, stderr=nothing)
    started.callback(process.wait, 5)
    started.callback(process.kill)


def wait_for(environment: dict[str, str], name: str) -> None:
    """Wait until somebody has a name on the bus."""
    from jeepney import DBusAddress, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    end = time.perf_counter() + START_S
    with open_dbus_connection(environment["DBUS_SESSION_BUS_ADDRESS"]) as connection:
        while time.perf_counter() < end:
            call = new_method_call(daemon, "NameHasOwner", "s", (name,))
            if connection.send_and_get_reply(call).body[0]:
                return
            time.sleep(0.1)
    raise AssertionError(f"{name} does not appear")
