"""The seam that tells which window has the focus, and the guard that holds actions back by it.

Ctrl+D mutes in a Meet tab and adds a bookmark in every other: a binding with `focus` acts only
where it is meant to.
"""

import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from vcam.act.keyboard import on_wayland
from vcam.errors import ActionError


@dataclass(frozen=True, slots=True)
class FocusedWindow:
    """The window that gets the keys now."""

    app: tuple[str, ...]
    """What the system calls its program, in one word or a few; may be empty."""
    title: str
    """What stands in its title bar; may be empty."""

    def fits(self, wanted: Sequence[str]) -> bool:
        """Tell whether one of the texts is in its title or in a name of its program.

        Upper and lower case are the same, and so are all dashes and kinds of blanks.
        """
        names = [_plain(name) for name in (*self.app, self.title)]
        return any(_plain(text) in name for text in wanted for name in names)


class Desktop(Protocol):
    """Knows which window has the focus. Used by one thread, for one question or a few."""

    def focused(self) -> FocusedWindow:
        """Return it, as it is now; raises `ActionError` when none has it or nobody can tell."""

    def close(self) -> None:
        """Give back whatever connection there is."""


def open_desktop() -> Desktop:
    """Return what knows this desktop's windows; raises `ActionError` where nothing does."""
    if sys.platform == "win32":
        from vcam.act.focus_windows import WindowsDesktop

        return WindowsDesktop()
    if sys.platform == "darwin":
        from vcam.act.focus_mac import MacDesktop

        return MacDesktop()
    if on_wayland():
        raise ActionError(
            "Wayland tells no program which window has the focus: log in to an X11 session, or "
            "take `focus` out of the binding"
        )
    from vcam.act.focus_x11 import X11Desktop

    return X11Desktop()


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
            raise ActionError(f"the focus is not on {' or '.join(wanted)}")


def _plain(text: str) -> str:
    folded = text.casefold()
    for dash in "\u2010\u2011\u2012\u2013\u2014\u2015":
        folded = folded.replace(dash, "-")
    return " ".join(folded.split())
