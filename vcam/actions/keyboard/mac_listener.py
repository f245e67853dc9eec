"""Hears keys on macOS with an event tap of our own, which only listens.

pynput's listener asks for the keyboard layout on its own thread, and macOS ends programs that do
so elsewhere than on the main thread. This one compares key codes and asks for nothing. The only
file that imports Quartz.
"""

import threading
from collections.abc import Callable
from typing import Any, Final

from vcam.actions.keyboard.listener import Heard
from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.system.mac_permissions import PLACES, may_hear_keys

_START_S: Final = 3.0
"""How long the tap may take to be there."""


class MacKeyListener:
    """Tells that keys go down, and when the chord does, from a thread of its own."""

    def __init__(
        self, heard: Heard, code_of: Callable[[str], int | None], quartz: Any = None
    ) -> None:
        """Begin to listen; `code_of` gives the virtual key code of a key's name.

        Raises `ActionError` without the right to listen; macOS asks the person for it then.
        """
        if not may_hear_keys() and not may_hear_keys(ask=True):
            raise ActionError(
                _(
                    "macOS keeps keys from this program: allow the terminal or app that starts "
                    "it in {places} Input Monitoring, then start it again"
                ).format(places=PLACES)
            )
        self._quartz = quartz or _quartz()
        self._heard = heard
        self._code, self._flags = self._parse_chord(code_of)
        self._tap: Any = None
        self._loop: Any = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="key listener", daemon=True)
        self._thread.start()
        if not self._ready.wait(_START_S) or self._tap is None:
            raise ActionError(_("macOS does not let keys be listened to: start the program again"))

    def close(self) -> None:
        """Stop listening."""
        loop, self._loop = self._loop, None
        if loop is not None:
            self._quartz.CFRunLoopStop(loop)
            self._thread.join(1.0)

    def _parse_chord(self, code_of: Callable[[str], int | None]) -> tuple[int | None, int]:
        """Return the code of the chord's key, and the flags of its modifiers."""
        if self._heard.chord is None:
            return None, 0
        flags, code = 0, None
        for key in self._heard.chord.keys:
            mask = self._masks().get(key.removeprefix("right_"))
            if mask is not None:
                flags |= mask
            else:
                code = code_of(key)
        if code is None:
            raise ActionError(
                _("there is no key for {chord} on this keyboard").format(chord=self._heard.chord)
            )
        return code, flags

    def _masks(self) -> dict[str, int]:
        quartz = self._quartz
        return {
            "shift": quartz.kCGEventFlagMaskShift,
            "ctrl": quartz.kCGEventFlagMaskControl,
            "alt": quartz.kCGEventFlagMaskAlternate,
            "cmd": quartz.kCGEventFlagMaskCommand,
        }

    def _listen(self) -> None:
        quartz = self._quartz
        self._tap = quartz.CGEventTapCreate(
            quartz.kCGSessionEventTap,
            quartz.kCGHeadInsertEventTap,
            quartz.kCGEventTapOptionListenOnly,
            quartz.CGEventMaskBit(quartz.kCGEventKeyDown),
            self._hear,
            None,
        )
        if self._tap is not None:
            source = quartz.CFMachPortCreateRunLoopSource(None, self._tap, 0)
            self._loop = quartz.CFRunLoopGetCurrent()
            quartz.CFRunLoopAddSource(self._loop, source, quartz.kCFRunLoopDefaultMode)
            quartz.CGEventTapEnable(self._tap, True)
        self._ready.set()
        if self._tap is not None:
            quartz.CFRunLoopRun()

    def _hear(self, proxy: Any, kind: int, event: Any, context: Any) -> Any:
        """Be told of one event; what is returned does not matter to a tap that only listens."""
        quartz = self._quartz
        if kind in (quartz.kCGEventTapDisabledByTimeout, quartz.kCGEventTapDisabledByUserInput):
            quartz.CGEventTapEnable(self._tap, True)  # macOS puts taps to sleep that seem slow
        elif kind == quartz.kCGEventKeyDown:
            self._heard.typed()
            if self._is_chord(event):
                self._heard.pressed()
        return event

    def _is_chord(self, event: Any) -> bool:
        quartz = self._quartz
        number = quartz.CGEventGetIntegerValueField
        if self._code is None or number(event, quartz.kCGKeyboardEventAutorepeat):
            return False
        held = int(quartz.CGEventGetFlags(event)) & sum(self._masks().values())
        code = int(number(event, quartz.kCGKeyboardEventKeycode))
        return code == self._code and held == self._flags


def _quartz() -> Any:
    try:
        import Quartz
    except ImportError as error:
        raise ActionError(
            _("keys cannot be listened to here ({error})").format(error=error)
        ) from None
    return Quartz
