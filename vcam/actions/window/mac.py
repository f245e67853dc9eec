"""The focused window of macOS, by its accessibility interface. The only file that imports it.

The interface comes with pynput, and asks for the very permission that pressing keys needs.
"""

from typing import Any

from vcam.actions.window.focus import FocusedWindow
from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.system.mac_permissions import may_press_keys

_PATIENCE_S = 0.5
"""An app that does not answer for longer than this has no title."""


class MacDesktop:
    """Asks which app has the focus, and for its focused window's title."""

    def __init__(self) -> None:
        """Connect; raises `ActionError` without the interface."""
        try:
            import HIServices
        except ImportError as error:
            raise ActionError(
                _("macOS's accessibility interface is missing ({error})").format(error=error)
            ) from None
        self._library: Any = HIServices
        self._system = HIServices.AXUIElementCreateSystemWide()
        HIServices.AXUIElementSetMessagingTimeout(self._system, _PATIENCE_S)

    def focused(self) -> FocusedWindow:
        """Return the app that has the focus, with its window's title as far as it tells one."""
        app = self._ask(self._system, "AXFocusedApplication")
        if app is None and may_press_keys():
            raise ActionError(_("the app that has the focus does not say which it is"))
        if app is None:
            raise ActionError(
                _(
                    "macOS does not tell which app has the focus: allow the terminal or app "
                    "that starts this program in System Settings > Privacy & Security > "
                    "Accessibility"
                )
            )
        window = self._ask(app, "AXFocusedWindow")
        title = None if window is None else self._ask(window, "AXTitle")
        name = self._ask(app, "AXTitle")
        return FocusedWindow((str(name),) if name else (), str(title or ""))

    def close(self) -> None:
        """Nothing to give back."""

    def _ask(self, element: Any, attribute: str) -> Any:
        """Return an attribute, None where there is none or the app does not answer."""
        error, value = self._library.AXUIElementCopyAttributeValue(element, attribute, None)
        return None if error else value
