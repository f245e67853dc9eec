"""Keys by X11, in the layout that is active when they are pressed.

They go by XTEST, as those of a keyboard do, and reach global hotkeys as well as the focused window.
"""

import contextlib
import threading
from collections.abc import Sequence
from typing import Final

from vcam.actions.chord import MODIFIERS, RIGHT_MODIFIERS, Chord
from vcam.actions.keyboard.keymap import Keymap
from vcam.actions.keyboard.listener import Heard
from vcam.actions.x11 import X11
from vcam.core.texts import _
from vcam.errors import ActionError

_BUTTONS: Final = {
    "mouse_left": 1,
    "mouse_middle": 2,
    "mouse_right": 3,
    "mouse_back": 8,
    "mouse_forward": 9,
}
_BUTTON: Final = "button"
_START_S: Final = 3.0
"""A display that does not begin to report keys within this time does not do so at all."""


class X11Sender:
    """Sends keys to the X11 display. The layout is asked for again with each key."""

    def __init__(self) -> None:
        """Connect; raises `ActionError` without a display."""
        self._x11 = X11()

    def code(self, key: str) -> str:
        """Return the key's code in the active layout, or the number of a button."""
        if key in _BUTTONS:
            return f"{_BUTTON}{_BUTTONS[key]}"
        return str(Keymap(*self._x11.layouts()).code(key))

    def check_together(self, keys: Sequence[str]) -> None:
        """Raise `ActionError` when these together would change the layout."""
        Keymap(*self._x11.layouts()).check_together(keys)

    def modifiers_down(self) -> frozenset[str]:
        """Return the modifiers that are down now."""
        down, keymap = self._x11.keys_down(), Keymap(*self._x11.layouts())
        names = (*MODIFIERS, *RIGHT_MODIFIERS)
        return frozenset(name for name in names if keymap.codes_in_any_layout(name) & down)

    def prepare(self) -> None:
        """Nothing is to be done."""

    def send(self, code: str, *, down: bool) -> None:
        """Put the key or button down, or let it up."""
        if code.startswith(_BUTTON):
            self._x11.send_button(int(code.removeprefix(_BUTTON)), down=down)
        else:
            self._x11.send_key(int(code), down=down)

    def close(self) -> None:
        """Close the connection."""
        self._x11.close()


class X11Listener:
    """Hears keys on the X11 display, on a thread of its own.

    A chord is compared by key codes, so that it is heard in whatever layout is active.
    """

    def __init__(self, heard: Heard) -> None:
        """Begin to listen; raises `ActionError` without a display, or when no key is like that."""
        self._heard, self._asks, self._listens = heard, X11(), X11()
        self._down: set[int] = set()
        self._complete = False
        self._last_up = (0, 0)
        if heard.chord:
            self._check(heard.chord)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="keys heard", daemon=True)
        self._thread.start()
        if not self._ready.wait(_START_S):
            raise ActionError(_("this X11 display lets no program hear keys"))

    def close(self) -> None:
        """Stop listening."""
        with contextlib.suppress(ActionError), contextlib.closing(X11()) as other:
            other.stop(self._listens)
        self._thread.join(1.0)
        self._asks.close()
        self._listens.close()

    def _check(self, chord: Chord) -> None:
        keymap = Keymap(*self._asks.layouts())
        for key in chord.keys:
            if not keymap.codes_in_any_layout(key):
                raise ActionError(
                    _("panic_key: the keyboard of this desktop has no key {key!r}").format(key=key)
                )

    def _listen(self) -> None:
        with contextlib.suppress(ActionError):  # the display is gone, and its keys with it
            self._listens.listen(self._hear, self._ready.set)

    def _hear(self, code: int, down: bool, time: int) -> None:
        if not down:
            self._down.discard(code)
            self._last_up = code, time
            self._complete = self._complete and self._is_complete()
            return
        self._down.add(code)
        self._heard.typed()
        # A key that repeats itself goes up and down in the same millisecond.
        if self._is_complete() and not self._complete:
            self._complete = True
            if self._last_up != (code, time):
                self._heard.pressed()

    def _is_complete(self) -> bool:
        chord = self._heard.chord
        if chord is None or len(self._down) < len(chord.keys):
            return False
        with contextlib.suppress(ActionError):
            keymap = Keymap(*self._asks.layouts())
            return all(keymap.codes_in_any_layout(key) & self._down for key in chord.keys)
        return False
