"""The `guards` table of `[gestures]`: each rule can be switched off by itself."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """Which moments are not believed, however sure the models are."""

    cut: bool = True
    """Hands that an edge of the picture cuts."""
    clasped: bool = True
    """Hands that touch another hand."""
    face: bool = True
    """Hands in front of a face, but for the gestures that belong there."""
    find_score: float = 0.45
    """Detections that a detector has been less sure of lately, 0..1; 0: none."""
    still: bool = True
    """Things that have not moved for a while before they seem to show a gesture."""
    low: bool = True
    """Hands that lie at the lower edge of the picture, as they do in a lap."""
    both: bool = True
    """Hands whose fellow moves at the same height, or shows the same gesture."""
    arrival_ms: int = 1000
    """A hand that comes into sight in motion fires nothing for this long; 0: it may at once."""
    picture: bool = True
    """Pictures that are black, too dark, or have been frozen for a while."""
    typing: bool = False
    """Everything, while the person types. Only when keys are pressed is noted, never which."""
    talking: bool = False
    """Everything, while the microphone hears somebody. Only its level is read, nothing is kept."""


ALL_OFF: Final = GuardSettings(
    cut=False,
    clasped=False,
    face=False,
    find_score=0.0,
    still=False,
    low=False,
    both=False,
    arrival_ms=0,
    picture=False,
)
"""Every moment is believed, to compare."""
