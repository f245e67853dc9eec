"""Is there a screen? Asked before OpenCV opens a window: without one it ends the process."""

import ctypes
import os
import re
import socket
import sys
from pathlib import Path

from vcam.core.texts import _

_X11_SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 - the place that X11 fixes


def why_no_display() -> str | None:
    """Return why a window cannot be shown, as part of a sentence; None when it can.

    macOS and Windows always have a screen. On Linux the windows of OpenCV are X11's: on Wayland
    they go through XWayland, which sets DISPLAY too.
    """
    if sys.platform != "linux":
        return None
    display = os.environ.get("DISPLAY")
    if not display:
        wayland = _(" (XWayland is off)") if os.environ.get("WAYLAND_DISPLAY") else ""
        return _("DISPLAY is not set{wayland}").format(wayland=wayland)
    opens = _opens_with_xlib(display)
    if opens is None:
        opens = _answers(display)
    return None if opens else _("the display {display} does not answer").format(display=display)


def _opens_with_xlib(display: str) -> bool | None:
    """Open and close the display as a window would; None when libX11 is not installed."""
    try:
        xlib = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    xlib.XOpenDisplay.restype = ctypes.c_void_p
    xlib.XOpenDisplay.argtypes = [ctypes.c_char_p]
    xlib.XCloseDisplay.argtypes = [ctypes.c_void_p]
    handle = xlib.XOpenDisplay(display.encode())
    if handle:
        xlib.XCloseDisplay(handle)
    return bool(handle)


def _answers(display: str) -> bool:
    """Say whether an X server listens there: its local socket, or TCP when a host is named."""
    if sys.platform == "win32":  # it has no local sockets that X servers listen on
        return False
    match = re.fullmatch(r"(?P<host>[^:/]*):(?P<number>\d+)(\.\d+)?", display)
    if match is None:
        return False
    number, host = int(match["number"]), match["host"]
    try:
        if host in {"", "unix"}:
            with socket.socket(socket.AF_UNIX) as local:
                local.connect(str(_X11_SOCKETS / f"X{number}"))
        else:
            socket.create_connection((host, 6000 + number), timeout=1.0).close()
    except OSError:
        return False
    return True
