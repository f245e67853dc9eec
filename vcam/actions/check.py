"""What the doctor wants to know of keys and microphone."""

import os
import sys
from collections.abc import Sequence

from vcam.actions.feasible import why_no_keys
from vcam.actions.keyboard.open import XWAYLAND, remedy, try_keyboards
from vcam.actions.keyboard.open_listener import NO_TYPING
from vcam.actions.keyboard.portal_shortcut import why_no_shortcuts
from vcam.actions.microphone.open import open_microphone
from vcam.actions.microphone.open_level import what_is_missing
from vcam.actions.window.open import open_desktop
from vcam.core.check_result import CheckResult
from vcam.core.texts import _, marked
from vcam.errors import ActionError
from vcam.system.desktop import on_wayland
from vcam.system.mac_permissions import PLACES, may_hear_keys

KEYS = "keys"
MICROPHONE = "microphone"
FOCUS = "focus"
TALKING = "talking"
PANIC_GESTURE = marked('[gestures] panic = "rock" pauses by a gesture')
NO_WAY = marked("log in to an X11 session to be heard while you type")
OTHER_KEY = marked("bind another key, such as ctrl+alt+shift+m, and give the app the same one")


def check_keys(actions: Sequence[str] = ()) -> list[CheckResult]:
    """Tell whether keys can be pressed on this machine, those of `actions` too; presses none."""
    findings = [_desktop()] if sys.platform == "linux" else []
    keyboard, reasons = try_keyboards()
    if keyboard is None:
        return [
            *findings,
            CheckResult(
                KEYS, "warn", _("cannot be pressed: {reasons}").format(reasons=reasons), remedy()
            ),
        ]
    missing, way = why_no_keys(keyboard, actions), keyboard.way
    keyboard.close()
    findings += [
        CheckResult(
            KEYS,
            "warn",
            _("{action} will not be done: {reason}").format(action=action, reason=reason),
            _(OTHER_KEY),
        )
        for action, reason in missing.items()
    ]
    ok = [] if missing else [_keys_go(way, reasons)]
    return [*findings, *ok, *_hearing()]


def _keys_go(way: str, reasons: str) -> CheckResult:
    """Tell how keys get to the desktop; on Wayland also why not in a better way."""
    text = _("keys can be pressed {way}").format(way=way).rstrip()
    if not on_wayland() or sys.platform != "linux":
        return CheckResult(KEYS, "ok", text)
    better = _(" (not by others: {reasons})").format(reasons=reasons) if reasons else ""
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
            _("cannot be heard: guards.typing and panic_key do nothing (all else works)"),
            _(
                "allow the terminal or app that starts this program in {places} Input "
                "Monitoring, then start it again"
            ).format(places=PLACES),
        )
    ]


def check_hearing(panic_key: str | None, *, typing: bool) -> list[CheckResult]:
    """Tell whether what is to be heard can be, on Wayland; elsewhere nothing is to be told."""
    if sys.platform != "linux" or not on_wayland():
        return []
    found = []
    if typing:
        found.append(CheckResult(KEYS, "warn", _(NO_TYPING), _(NO_WAY)))
    if panic_key is not None:
        why_not = why_no_shortcuts()
        heard = _("the desktop listens for panic_key once you have agreed")
        found.append(
            CheckResult(KEYS, "warn", why_not, _(PANIC_GESTURE))
            if why_not
            else CheckResult(KEYS, "ok", heard)
        )
    return found


def check_focus(guarded: Sequence[str]) -> list[CheckResult]:
    """Tell whether the guard of `guarded` actions can work; with none there is nothing to tell."""
    if not guarded:
        return []
    try:
        open_desktop().close()
    except ActionError as error:
        text = _("{guarded} will not be done: the window they need cannot be known").format(
            guarded=", ".join(guarded)
        )
        return [CheckResult(FOCUS, "warn", text, str(error))]
    return [
        CheckResult(
            FOCUS,
            "ok",
            _("{guarded}: only where they are meant to go").format(guarded=", ".join(guarded)),
        )
    ]


def check_microphone() -> list[CheckResult]:
    """Tell whether the system's microphone can be muted; changes nothing."""
    try:
        muted = open_microphone().muted()
    except ActionError as error:
        what = _("bind key: actions to the call app's own mute key instead")
        return [CheckResult(MICROPHONE, "warn", str(error), what)]
    return [
        CheckResult(
            MICROPHONE,
            "ok",
            _("can be muted; it is muted now") if muted else _("can be muted; it is on now"),
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
        text, _colon, how = missing.partition(": ")
        return [CheckResult(TALKING, "warn", _("is not noticed: {text}").format(text=text), how)]
    if wanted:
        text = _("gestures rest while you talk, but for unmuting; no sound is kept")
        return [CheckResult(TALKING, "ok", text)]
    text = _(
        "gestures count while you talk, too: `guards = { talking = true }` lets them rest then"
    )
    if missing is not None:
        text += _(" ({missing})").format(missing=missing)
    return [CheckResult(TALKING, "ok", text)]


def _desktop() -> CheckResult:
    if on_wayland():
        return CheckResult("desktop", "ok", "Wayland")
    if os.environ.get("DISPLAY"):
        return CheckResult("desktop", "ok", "X11")
    return CheckResult(
        "desktop",
        "warn",
        _("no display: no window and no X11 keys"),
        _("start from a desktop session"),
    )
