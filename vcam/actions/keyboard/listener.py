"""What hears keys for the program: the contract of every key listener."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from vcam.actions.chord import Chord


@dataclass(frozen=True, slots=True)
class Heard:
    """Whom to tell. Called from a thread of the listener's, and must not wait."""

    typed: Callable[[], None]
    """Some key went down."""
    chord: Chord | None = None
    """A chord to listen for; None: none."""
    pressed: Callable[[], None] = lambda: None
    """That chord went down."""
    failed: Callable[[str], None] = lambda why: None
    """What was asked for is not heard, or no longer; in one sentence."""
    typing: bool = True
    """Whether `typed` is wanted."""


class KeyListener(Protocol):
    """Listens from when it is made until it is closed."""

    def close(self) -> None:
        """Stop listening; may be called more than once."""
