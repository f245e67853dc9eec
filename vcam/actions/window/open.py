"""Find the way to ask this desktop for its focused window."""

import sys

from vcam.actions.window.focus import Desktop
from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.system.desktop import on_wayland


def open_desktop() -> Desktop:
    """Return what knows this desktop's windows; raises `ActionError` where nothing does."""
    if sys.platform == "win32":
        from vcam.actions.window.windows import WindowsDesktop

        return WindowsDesktop()
    if sys.platform == "darwin":
        from vcam.actions.window.mac import MacDesktop

        return MacDesktop()
    if on_wayland():
        raise ActionError(
            _(
                "Wayland tells no program which window has the focus: log in to an X11 "
                "session, or take `focus` out of the binding"
            )
        )
    from vcam.actions.window.x11 import X11Desktop

    return X11Desktop()
