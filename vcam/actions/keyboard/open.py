"""The interface between the program and whatever presses keys for it."""

import sys
from collections.abc import Callable
from typing import Final

from vcam.actions.keyboard.guarded import GuardedKeyboard, GuardianProcess
from vcam.actions.keyboard.guardian import PORTAL, PYNPUT, UINPUT, WAYLAND, X11
from vcam.actions.keyboard.keyboard import Keyboard
from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.system.desktop import on_wayland
from vcam.system.installation import reinstall
from vcam.system.package_errors import unloadable_package
from vcam.system.paths import if_home, portal_token_file

XWAYLAND: Final = "in windows of X11 programs alone"
"""How far X11's keys go on Wayland."""


def open_keyboard() -> Keyboard:
    """Return the first keyboard that works here.

    On Wayland these are the compositor's virtual keyboard, the desktop's portal, uinput and X11.
    Opening one asks the person nothing; see `Keyboard.prepare`.

    On macOS this must be called on the main thread: the system ends programs that ask for the
    keyboard layout on another. Raises one `ActionError` with every reason and the remedy.
    """
    keyboard, reasons = try_keyboards()
    if keyboard is None:
        raise ActionError(
            _("keys cannot be pressed here ({reasons}); {remedy}").format(
                reasons=reasons, remedy=remedy()
            )
        )
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
        return _(
            "allow the terminal or app that starts this program in System Settings > Privacy & "
            "Security > Accessibility, then start it again"
        )
    if sys.platform == "win32":
        return reinstall("pynput")
    return _(
        "start from a desktop session (X11, or Wayland with a portal or a virtual keyboard), or "
        "allow uinput with `sudo modprobe uinput && sudo setfacl -m u:$USER:rw /dev/uinput` "
        "(`vcam doctor --fix` makes that last); muting works without keys"
    )


def _backends() -> list[tuple[str, Callable[[], Keyboard]]]:
    if sys.platform != "linux":
        return [("pynput", _open_pynput)]
    if on_wayland():
        return [
            ("virtual keyboard", _open_virtual_keyboard),
            ("portal", _open_portal),
            ("uinput", _open_uinput),
            ("X11", _open_x11),
        ]
    return [("X11", _open_x11), ("uinput", _open_uinput)]


def _open_pynput() -> Keyboard:
    from vcam.actions.keyboard.pynput_backend import PynputSender

    return GuardedKeyboard(PynputSender(), lambda: GuardianProcess(PYNPUT))


def _open_x11() -> Keyboard:
    from vcam.actions.keyboard.x11_backend import X11Sender

    way = XWAYLAND if on_wayland() else ""
    sender = X11Sender()
    return GuardedKeyboard(
        sender,
        lambda: GuardianProcess(X11),
        way,
        sender.modifiers_down,
        sender.check_together,
    )


def _open_virtual_keyboard() -> Keyboard:
    from vcam.actions.keyboard.virtual_keyboard_backend import VirtualKeyboardSender

    sender = VirtualKeyboardSender()
    start = lambda: GuardianProcess(WAYLAND, sender.fileno)  # noqa: E731  # as short as the others
    return GuardedKeyboard(sender, start, "by a virtual keyboard of the compositor")


def _open_portal() -> Keyboard:
    from vcam.actions.keyboard.portal_backend import PortalSender
    from vcam.actions.keyboard.portal_session import PortalSession
    from vcam.actions.keyboard.wayland_keymap import RecentKeymap

    token = if_home(portal_token_file)
    if token is None:
        raise ActionError(_("this user has no home folder to remember the desktop's leave in"))
    session = PortalSession(token)
    sender = PortalSender(session, RecentKeymap().get)
    way = f"by the desktop's portal, {session.leave}"
    return GuardedKeyboard(sender, lambda: GuardianProcess(PORTAL, sender.fileno), way)


def _open_uinput() -> Keyboard:
    from vcam.actions.keyboard.uinput_backend import UinputSender
    from vcam.actions.keyboard.wayland_keymap import RecentKeymap

    sender = UinputSender(RecentKeymap().get)
    return GuardedKeyboard(sender, lambda: GuardianProcess(UINPUT, sender.fileno), "by uinput")
