"""Keys by the desktop's portal: GNOME and KDE Plasma on Wayland.

A key goes by its place in the layout that is active, as a person would press it. Where the desktop
does not tell which of several layouts that is, a letter goes by its symbol, and the desktop finds
its place.
"""

from collections.abc import Callable

from vcam.actions.chord import DIGITS, LETTERS, PUNCTUATION
from vcam.actions.keyboard.keymap import Keymap, SeveralLayoutsError
from vcam.actions.keyboard.keysyms import KEYSYMS
from vcam.actions.keyboard.places import (
    BUTTON_CODES,
    DIFFERENT_EVERYWHERE,
    EVDEV_CODES,
    EVDEV_TO_XKB,
)
from vcam.actions.keyboard.portal_events import BUTTON, KEYCODE, KEYSYM, portal_code, read_code
from vcam.actions.keyboard.portal_session import POINTER, PortalSession
from vcam.core.texts import _
from vcam.errors import ActionError


class PortalSender:
    """Presses keys for the person, who gave the desktop leave for it."""

    def __init__(self, session: PortalSession, keymap: Callable[[], Keymap]) -> None:
        """`keymap` returns the layouts of the desktop, or raises `ActionError`."""
        self._session, self._keymap = session, keymap

    @property
    def fileno(self) -> int:
        """The number of the open connection, for the guardian to speak over."""
        return self._session.fileno

    def code(self, key: str) -> str:
        """Return how the portal is told of `key` in the layout of this moment; asks nobody."""
        if key in BUTTON_CODES:
            if not self._session.devices & POINTER:
                raise ActionError(
                    _("the desktop's portal has no mouse to lend: bind a key instead")
                )
            return portal_code(BUTTON, BUTTON_CODES[key], self._session.handle)
        if key not in EVDEV_CODES:
            raise ActionError(_("there is no key {key!r}").format(key=key))
        return portal_code(*self._place_or_symbol(key), self._session.handle)

    def prepare(self) -> None:
        """Ask the person through the desktop, once; raises `ActionError` until there is leave."""
        self._session.open()

    def send(self, code: str, *, down: bool) -> None:
        """Put the key down or let it up, and wait for the portal to have done so."""
        method, number, session = read_code(code)
        self._session.notify(method, session, number, down=down)

    def close(self) -> None:
        """Give the leave back; what is down comes up."""
        self._session.close()

    def _place_or_symbol(self, key: str) -> tuple[str, int]:
        try:
            keymap = self._keymap()
        except ActionError:
            if key in (*DIGITS, *PUNCTUATION, *DIFFERENT_EVERYWHERE):
                raise  # they may need Shift, or not be there
            return (KEYSYM, KEYSYMS[key][0]) if key in LETTERS else (KEYCODE, EVDEV_CODES[key])
        try:
            return KEYCODE, keymap.code(key) - EVDEV_TO_XKB
        except SeveralLayoutsError:
            if key not in LETTERS:
                raise
            return KEYSYM, KEYSYMS[key][0]
