"""How the program hears that keys are pressed: when, and one chord; never which.

Nothing listens unless the person asks for it (`guards.typing`, `panic_key`). It works on X11,
Windows and macOS (which asks for the Input Monitoring permission). Wayland lets no program hear
the keys of others; there the desktop itself may listen for the one chord.
"""

import sys
from typing import Final

from vcam.actions.keyboard.listener import Heard, KeyListener
from vcam.core.texts import _, marked
from vcam.errors import ActionError
from vcam.system.desktop import on_wayland

NO_TYPING: Final = marked(
    "Wayland lets no program hear keys: [gestures.guards] typing does nothing there, leave it out"
)


def open_listener(heard: Heard) -> KeyListener:
    """Return a listener that listens already; raises `ActionError` where none can."""
    if on_wayland():
        return _open_on_wayland(heard)
    if sys.platform == "linux":
        from vcam.actions.keyboard.x11_backend import X11Listener

        return X11Listener(heard)
    if sys.platform == "darwin":
        from vcam.actions.keyboard.mac_listener import MacKeyListener
        from vcam.actions.keyboard.pynput_backend import mac_code_of

        return MacKeyListener(heard, mac_code_of)
    from vcam.actions.keyboard.pynput_backend import PynputListener

    return PynputListener(heard)


def _open_on_wayland(heard: Heard) -> KeyListener:
    from vcam.actions.keyboard.portal_shortcut import PortalShortcut

    if heard.chord is None:
        raise ActionError(_(NO_TYPING))
    listener = PortalShortcut(heard)
    if heard.typing:
        heard.failed(_(NO_TYPING))
    return listener
