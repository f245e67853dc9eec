"""Keys go only to the window that they are meant for."""

from collections.abc import Callable, Sequence
from contextlib import closing

from vcam.actions.window.focus import Desktop
from vcam.actions.window.open import open_desktop
from vcam.core.texts import _
from vcam.errors import ActionError


class FocusGuard:
    """Holds an action back unless a window that it is meant for has the focus; for any thread.

    The desktop is asked over a connection of its own each time: a few milliseconds, and nothing
    that can be stale or shared.
    """

    def __init__(self, opens: Callable[[], Desktop] = open_desktop) -> None:
        self._opens = opens

    def check(self, wanted: Sequence[str]) -> None:
        """Raise `ActionError` when the focus is elsewhere, or when that cannot be known.

        `wanted` is a binding's `focus`; an empty one lets everything pass. What has the focus
        instead is not said: it may be drawn into the call.
        """
        if not wanted:
            return
        with closing(self._opens()) as desktop:
            window = desktop.focused()
        if not window.fits(wanted):
            raise ActionError(_("the focus is not on {wanted}").format(wanted=" or ".join(wanted)))
