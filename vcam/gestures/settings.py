"""The `[gestures]` section."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from vcam.gestures.guards.settings import GuardSettings
from vcam.gestures.sensitivity import USUAL

THRESHOLD_STEP: Final = 0.05
"""How much a false alarm raises a gesture's minimum score…"""
MAX_THRESHOLD: Final = 0.97
"""…and to where at most: what nothing reaches would be no gesture any more."""


def raised_threshold(min_score: float) -> float:
    """Return a gesture's minimum score after a false alarm, which may be at its end already."""
    return round(min(MAX_THRESHOLD, min_score + THRESHOLD_STEP), 2)


@dataclass(frozen=True, slots=True)
class GestureSettings:
    """When a gesture counts."""

    sensitivity: str = USUAL
    """One of `PRESETS`: what stands for the settings below that nobody set by themselves."""
    hold_ms: int = 600
    """How long a gesture must be shown before it fires."""
    release_ms: int = 300
    """How long it must be gone before it can fire again."""
    min_score: float | None = None
    """Minimum smoothed score of a gesture; None: the thresholds on the classifier's card."""
    min_scores: Mapping[str, float] = field(default_factory=dict)
    """The same for single gestures by name; goes before `min_score`."""
    cooldown_ms: int = 800
    """After a fire, the same hand fires nothing else for this long."""
    purpose: float = 1.0
    """How plainly a gesture must be meant: 0 every moment counts alike, 1 usual, more is calmer."""
    arm: str | None = None
    """A gesture that must fire first; then others count for `armed_s`. None: always armed."""
    armed_s: float = 10.0
    """For how many seconds other gestures count after the arming gesture fired."""
    panic: str | None = None
    """A gesture that pauses everything, whatever is bound or armed, and later resumes it."""
    panic_key: str | None = None
    """A chord, such as `ctrl+alt+p`, that does the same from the keyboard."""
    practice: bool = False
    """Show what would be done, and do nothing."""
    remember: bool = False
    """Whether what fires is kept on disk with a small picture of the hand, for `vcam last`."""
    max_people: int = 1
    """With more hands in view than these people have, only the largest count."""
    min_hand_px: int = 32
    """Hands whose longer box side is below this, in a picture 720 pixels high, are ignored."""
    guards: GuardSettings = field(default_factory=GuardSettings)
    """Which moments are not believed."""
