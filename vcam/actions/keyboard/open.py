"""The seam between the program and whatever presses keys for it."""

import sys
from collections.abc import Callable

from vcam.actions.keyboard.guarded import GuardedKeyboard, GuardianProcess
from vcam.actions.keyboard.guardian import PYNPUT, UINPUT, X11
from vcam.actions.keyboard.keyboard import Keyboard
from vcam.errors import ActionError
from vcam.system.desktop import on_wayland
from vcam.system.installation import reinstall
from vcam.system.package_errors import unloadable_package


def open_keyboard() -> Keyboard:
    """Return the first keyboard that works here: X11, Windows, macOS or uinput.

    On macOS this must be called on the main thread: the system ends programs that ask for the
    keyboard layout on another. Raises one `ActionError` with every reason and the remedy.
    """
    keyboard, reasons = try_keyboards()
    if keyboard is None:
        raise ActionError(f"keys cannot be pressed here ({reasons}); {remedy()}")
    return keyboard


def try_keyboards() -> tuple[Keyboard | None, str]:
    """Return the first keyboard that works, or None, and why those before it did not."""
    reasons: list[str] = []
    for name, backend in _backends():
        try:
            return backend(), "; ".join(reasons)
        except ActionError as error:
            reasons.append(f"{name}: {error}")
        except ImportError as error:  # a package of ours is broken: the next may work
            reasons.append(f"{name}: {unloadable_package(error) or error}")
    return None, "; ".join(reasons)


def remedy() -> str:
    """Return what to do on this system when no keyboard works."""
    if sys.platform == "darwin":
        return (
            "allow the terminal or app that starts this program in System Settings > Privacy & "
            "Security > Accessibility, then start it again"
        )
    if sys.platform == "win32":
        return reinstall("pynput")
    return (
        "start from a desktop session on X11, or allow uinput with `sudo modprobe uinput && "
        "sudo setfacl -m u:$USER:rw /dev/uinput` (`vcam doctor --fix` makes "
        "that last); mic.* actions work without keys"
    )


def _backends() -> list[tuple[str, Callable[[], Keyboard]]]:
    if sys.platform != "linux":
        return [("pynput", _open_pynput)]
    if on_wayland():
        return [("uinput", _open_uinput), ("X11", _open_x11)]
    return [("X11", _open_x11), ("uinput", _open_uinput)]


def _open_pynput() -> Keyboard:
    from vcam.actions.keyboard.pynput_backend import PynputSender

    return GuardedKeyboard(PynputSender(), lambda: GuardianProcess(PYNPUT))


def _open_x11() -> Keyboard:
    from vcam.actions.keyboard.x11_backend import X11Sender

    return GuardedKeyboard(X11Sender(), lambda: GuardianProcess(X11))


def _open_uinput() -> Keyboard:
    from vcam.actions.keyboard.uinput_backend import UinputSender
    from vcam.actions.keyboard.wayland_keymap import desktop_keymap

    sender = UinputSender(desktop_keymap)
    return GuardedKeyboard(sender, lambda: GuardianProcess(UINPUT, sender.fileno))
