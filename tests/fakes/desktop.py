"""A desktop that tells what it was given, for tests and trying out."""

from vcam.actions.window.focus import FocusedWindow
from vcam.errors import ActionError


class FakeDesktop:
    """Tells of one window; None: no window has the focus."""

    def __init__(self, window: FocusedWindow | None = None) -> None:
        self.window = window

    def focused(self) -> FocusedWindow:
        """Return the window."""
        if self.window is None:
            raise ActionError("no window has the focus")
        return self.window

    def close(self) -> None:
        """Nothing to give back."""
