"""The interface that tells which window has the focus, and the guard that holds actions back by it.

Ctrl+D mutes in a Meet tab and adds a bookmark in every other: a binding with `focus` acts only
where it is meant to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from vcam.core.unicode_names import composed


@dataclass(frozen=True, slots=True)
class FocusedWindow:
    """The window that gets the keys now."""

    app: tuple[str, ...]
    """What the system calls its program, in one word or a few; may be empty."""
    title: str
    """What stands in its title bar; may be empty."""

    def fits(self, wanted: Sequence[str]) -> bool:
        """Tell whether one of the texts is in its title or in a name of its program.

        Upper and lower case are the same, and so are all dashes, kinds of blanks and ways to store
        an accent.
        """
        names = [_plain(name) for name in (*self.app, self.title)]
        return any(_plain(text) in name for text in wanted for name in names)


class Desktop(Protocol):
    """Knows which window has the focus. Used by one thread, for one question or a few."""

    def focused(self) -> FocusedWindow:
        """Return it, as it is now; raises `ActionError` when none has it or nobody can tell."""

    def close(self) -> None:
        """Give back whatever connection there is."""


def _plain(text: str) -> str:
    folded = composed(text).casefold()
    for dash in "\u2010\u2011\u2012\u2013\u2014\u2015":
        folded = folded.replace(dash, "-")
    return " ".join(folded.split())
