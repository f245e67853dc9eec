"""What the person asked for: this gesture, by this hand, does that."""

from dataclasses import dataclass
from typing import Final

from vcam.core.labels import BoundHand
from vcam.core.texts import _, marked

HANDS: Final[dict[BoundHand, str]] = {
    "any": marked("either hand"),
    "both": marked("both hands at once"),
    "left": marked("the left hand"),
    "right": marked("the right hand"),
}


@dataclass(frozen=True, slots=True)
class Binding:
    """One line of a profile. Text fields were checked when the settings were read."""

    gesture: str
    """One of `labels.BINDABLE`, a gesture of the classifier's own, or two: `fist>palm`."""
    action: str
    """As written, `mic.mute` or `key:alt+y`; `vcam.actions.action` knows the grammar."""
    hand: BoundHand = "any"
    hold_ms: int | None = None
    """How long to hold before it fires; None: the default of `[gestures]`."""
    focus: tuple[str, ...] = ()
    """Act only while a window has the focus that has one of these in its title or its program's
    name; empty: wherever the focus is."""

    @property
    def by(self) -> str:
        """By whose hand, in words."""
        return _(HANDS[self.hand])
