"""The focused window of X11."""

from typing import Any

from vcam.actions.window.focus import FocusedWindow
from vcam.actions.x11 import ANY_PROPERTY_TYPE, X11
from vcam.core.texts import _
from vcam.errors import ActionError

_DEEPEST = 32
"""Windows in windows; a program that nests deeper is passed over."""


class X11Desktop:
    """Asks the window manager, or the X server where there is none that tells."""

    def __init__(self) -> None:
        """Connect; raises `ActionError` without a display."""
        self._x11 = X11()
        self._display = self._x11.display
        self._root = self._display.screen().root

    def focused(self) -> FocusedWindow:
        """Return the window that the window manager calls active, or else the input focus."""
        with self._x11.asking():
            window = self._named(self._active() or self._display.get_input_focus().focus)
            if window is None:
                raise ActionError(_("no window has the focus"))
            return FocusedWindow(tuple(window.get_wm_class() or ()), self._title(window))

    def close(self) -> None:
        """Close the connection."""
        self._x11.close()

    def _active(self) -> Any:
        """Return the active window that the window manager names, None where it names none."""
        answer = self._property(self._root, "_NET_ACTIVE_WINDOW")
        number = int(answer[0]) if answer is not None and len(answer) else 0
        return self._display.create_resource_object("window", number) if number else None

    def _named(self, window: Any) -> Any:
        """Return the window or the nearest one around it that says which program it is."""
        for _step in range(_DEEPEST):
            if not hasattr(window, "get_wm_class"):  # 0 and 1 stand for none and the pointer's
                return None
            if window.get_wm_class() or self._title(window):
                return window
            window = window.query_tree().parent
        return None

    def _title(self, window: Any) -> str:
        for name in ("_NET_WM_NAME", "WM_NAME"):
            value = self._property(window, name)
            if value:
                return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        return ""

    def _property(self, window: Any, name: str) -> Any:
        atom = self._display.intern_atom(name)
        answer = window.get_full_property(atom, ANY_PROPERTY_TYPE)
        return None if answer is None else answer.value
