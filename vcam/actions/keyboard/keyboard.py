"""What presses keys for the program: the contract of every keyboard backend."""

from collections.abc import Sequence
from typing import Protocol


class Keyboard(Protocol):
    """Presses keys, named as in `vcam.actions.chord`, for the whole desktop.

    Calls come from one thread at a time, though not always the same one. Every method but `close`
    raises `ActionError` when this keyboard cannot do what is asked.
    """

    @property
    def way(self) -> str:
        """How keys get to the desktop, as it stands behind "keys can be pressed"; may be empty."""

    def check(self, key: str) -> None:
        """Raise `ActionError` when `key` cannot be pressed here; press nothing."""

    def check_together(self, keys: Sequence[str]) -> None:
        """Raise `ActionError` when these keys are another chord here; press nothing."""

    def prepare(self) -> None:
        """Let the desktop ask the person, if it does so, before the first key is needed."""

    def modifiers_down(self) -> frozenset[str]:
        """Return the modifiers that are down now, ours and the person's; none where that is not
        known."""

    def press(self, key: str) -> None:
        """Put `key` down; for a key that `check` refuses, press nothing and raise."""

    def release(self, key: str) -> None:
        """Let `key` up; harmless when it is up already."""

    def beat(self) -> None:
        """Hear that the program is alive, several times a second while keys are down; never waits.

        Keys come up when this is not heard for a while.
        """

    def close(self) -> None:
        """Give the device back; may be called more than once and always succeeds."""
