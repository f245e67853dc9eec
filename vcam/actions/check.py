"""What the doctor wants to know of keys and microphone."""

import os
import sys
from collections.abc import Sequence

from vcam.actions.feasible import why_no_keys
from vcam.actions.keyboard.open import XWAYLAND, remedy, try_keyboards
from vcam.actions.microphone.open import open_microphone
from vcam.actions.microphone.open_level import what_is_missing
from vcam.actions.window.open import open_desktop
from vcam.core.check_result import CheckResult
from vcam.errors import ActionError
from vcam.system.desktop import on_wayland
from vcam.system.mac_permissions import PLACES, may_hear_keys

KEYS = "keys"
MICROPHONE = "microphone"
FOCUS = "focus"
TALKING = "talking"
OTHER_KEY = "bind another key, such as ctrl+alt+shift+m, and give the app the same one"


def check_keys(actions: Sequence[str] = ()) -> list[CheckResult]:
    """Tell whether keys can be pressed on this machine, those of `actions` too; presses none."""
    findings = [_desktop()] if sys.platform == "linux" else []
    keyboard, reasons = try_keyboards()
    if keyboard is None:
        return [*findings, CheckResult(KEYS, "warn", f"cannot be pressed: {reasons}", remedy())]
    missing, way = why_no_keys(keyboard, actions), keyboard.way
    keyboard.close()
    findings += [
        CheckResult(KEYS, "warn", f"{action} will not be done: {reason}", OTHER_KEY)
        for action, reason in missing.items()
    ]
    ok = [] if missing else [_keys_go(way, reasons)]
    return [*findings, *ok, *_hearing()]


def _keys_go(way: str, reasons: str) -> CheckResult:
    """Tell how keys get to the desktop; on Wayland also why not in a better way."""
    text = f"keys can be pressed {way}".rstrip()
    if not on_wayland() or sys.platform != "linux":
        return CheckResult(KEYS, "ok", text)
    better = f" (not by others: {reasons})" if reasons else ""
    if way == XWAYLAND:
        return CheckResult(KEYS, "warn", f"{text}{better}", remedy())
    return CheckResult(KEYS, "ok", f"{text}{better}")


def _hearing() -> list[CheckResult]:
    """On macOS hearing keys needs a permission of its own, which few settings use."""
    if sys.platform != "darwin" or may_hear_keys():
        return []
    return [
        CheckResult(
            KEYS,
            "warn",
            "cannot be heard: guards.typing and panic_key do nothing (all else works)",
            f"allow the terminal or app that starts this program in {PLACES} Input Monitoring, "
            "then start it again",
        )
    ]


def check_focus(guarded: Sequence[str]) -> list[CheckResult]:
    """Tell whether the guard of `guarded` actions can work; with none there is nothing to tell."""
    if not guarded:
        return []
    try:
        open_desktop().close()
    except ActionError as error:
        text = f"{', '.join(guarded)} will not be done: the window they need cannot be known"
        return [CheckResult(FOCUS, "warn", text, str(error))]
    return [CheckResult(FOCUS, "ok", f"{', '.join(guarded)}: only where they are meant to go")]


def check_microphone() -> list[CheckResult]:
    """Tell whether the system's microphone can be muted; changes nothing."""
    try:
        muted = open_microphone().muted()
    except ActionError as error:
        what = "bind key: actions to the call app's own mute key instead"
        return [CheckResult(MICROPHONE, "warn", str(error), what)]
    return [
        CheckResult(
            MICROPHONE, "ok", "can be muted; it is " + ("muted" if muted else "on") + " now"
        )
    ]


def check_talking(*, wanted: bool, muted_by_gesture: bool) -> list[CheckResult]:
    """Tell whether gestures rest while the person talks; listens to nothing.

    `wanted`: the settings ask for it; `muted_by_gesture`: a gesture mutes, where it helps most.
    """
    if not (wanted or muted_by_gesture):
        return []
    missing = what_is_missing()
    if wanted and missing is not None:
        text, _, how = missing.partition(": ")
        return [CheckResult(TALKING, "warn", f"is not noticed: {text}", how)]
    if wanted:
        text = "gestures rest while you talk, but for `mic.unmute`; no sound is kept"
        return [CheckResult(TALKING, "ok", text)]
    text = "gestures count while you talk, too: `guards = { talking = true }` lets them rest then"
    if missing is not None:
        text += f" ({missing})"
    return [CheckResult(TALKING, "ok", text)]


def _desktop() -> CheckResult:
    if on_wayland():
        return CheckResult("desktop", "ok", "Wayland")
    if os.environ.get("DISPLAY"):
        return CheckResult("desktop", "ok", "X11")
    return CheckResult(
        "desktop", "warn", "no display: no window and no X11 keys", "start from a desktop session"
    )
