"""Whether Windows' privacy settings keep cameras from this program, and which switch does so.

A camera that is kept from us is listed as usual, and gives no picture when it is opened.
"""

import contextlib
import sys
from typing import Final

from vcam.core.texts import _, marked

_STORE: Final = (
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\webcam"
)
_SWITCHES: Final = (
    (True, "", marked("Camera access")),
    (False, "", marked("Let apps access your camera")),
    (False, r"\NonPackaged", marked("Let desktop apps access your camera")),
)
"""Whether it is the computer's or the person's own, where it is kept, and what Settings call it."""


def switch_to_turn_on() -> str | None:
    """Return the first switch in Settings that is off; None where none is, or nobody can tell."""
    for of_computer, place, name in _SWITCHES:
        if _read(_STORE + place, of_computer=of_computer) == "Deny":
            return _(name)
    return None


def _read(key: str, *, of_computer: bool) -> object:
    if sys.platform == "win32":
        with contextlib.suppress(ImportError, OSError):
            import winreg

            root = winreg.HKEY_LOCAL_MACHINE if of_computer else winreg.HKEY_CURRENT_USER
            with winreg.OpenKey(root, key) as opened:
                return winreg.QueryValueEx(opened, "Value")[0]
    return None
