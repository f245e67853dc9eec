"""The seam through which the program hears that keys are pressed: when, and one chord; never which.

Nothing listens unless the person asks for it (`guards.typing`, `panic_key`). It works on X11,
Windows and macOS (which asks for the Input Monitoring permission). Wayland lets no program hear
the keys of others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from vcam.act.chord import Chord
from vcam.act.keyboard import on_wayland
from vcam.errors import ActionError


@dataclass(frozen=True, slots=True)
class Heard:
    """Whom to tell. Called from a thread of the listener's, and must not wait."""

    typed: Callable[[], None]
    """Some key went down."""
    chord: Chord | None = None
    """A chord to listen for; None: none."""
    pressed: Callable[[], None] = lambda: None
    """That chord went down."""


class KeyListener(Protocol):
    """Listens from when it is made until it is closed."""

    def close(self) -> None:
        """Stop listening; may be called more than once."""


def open_listener(heard: Heard) -> KeyListener:
    """Return a listener that listens already; raises `ActionError` where none can."""
    if on_wayland():
        raise ActionError(
            "Wayland lets no program hear keys: leave typing and panic_key out, and bind a panic "
            "gesture instead"
        )
    from vcam.act.keyboard_pynput import PynputListener

    return PynputListener(heard)
