"""Which of a Wayland desktop's layouts is active, where the desktop says it: Sway and KDE Plasma.

The protocol itself tells only the program that has the focus.
"""

import json
import os
import socket
import struct
import sys
from typing import Any, Final

from vcam.system.session_bus import BusError, SessionBus

TIMEOUT_S: Final = 0.5
_MAGIC, _GET_INPUTS = b"i3-ipc", 100
_HEADER: Final = struct.Struct("=6sII")
_KDE: Final = ("/Layouts", "org.kde.keyboard", "org.kde.KeyboardLayouts")


def active_layout() -> int | None:
    """Return its number, counted from 0; None where the desktop does not tell."""
    if os.environ.get("SWAYSOCK"):
        return _of_sway(os.environ["SWAYSOCK"])
    if "KDE" in os.environ.get("XDG_CURRENT_DESKTOP", "").split(":"):
        return _of_kde()
    return None


def _of_sway(place: str) -> int | None:
    """Ask Sway over its socket. Keyboards may differ there: then nobody knows which is meant."""
    try:
        inputs = json.loads(_ask_sway(place))
        active = {
            each["xkb_active_layout_index"]
            for each in inputs
            if each["type"] == "keyboard" and len(each.get("xkb_layout_names", ())) > 1
        }
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None
    return _whole_number(active.pop()) if len(active) == 1 else None


def _ask_sway(place: str) -> bytes:
    if sys.platform == "win32":
        return b""
    with socket.socket(socket.AF_UNIX) as sway:
        sway.settimeout(TIMEOUT_S)
        sway.connect(place)
        sway.sendall(_HEADER.pack(_MAGIC, 0, _GET_INPUTS))
        with sway.makefile("rb") as answer:
            _, size, _ = _HEADER.unpack(answer.read(_HEADER.size))
            return answer.read(size)


def _of_kde() -> int | None:
    try:
        with SessionBus() as bus:
            return _whole_number(bus.call(_KDE, "getLayout", seconds=TIMEOUT_S)[0])
    except (BusError, IndexError):
        return None


def _whole_number(found: Any) -> int | None:
    return found if isinstance(found, int) else None
