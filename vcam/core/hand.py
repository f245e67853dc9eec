"""What recognition says about hands: found, named, followed."""

from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt

from vcam.core.frame import Box
from vcam.core.labels import NO_GESTURE, Side


@dataclass(frozen=True, slots=True)
class Detection:
    """A place where a detector sees a hand."""

    box_xyxy: Box
    """Pixels of the frame; may reach a little beyond its edges."""
    score: float
    """0..1."""


@dataclass(frozen=True, slots=True)
class Hand:
    """A detected hand and what the classifier makes of it."""

    box_xyxy: Box
    score: float
    """The detector's, 0..1."""
    gesture: str = NO_GESTURE
    """The classifier's likeliest label, whatever its score: thresholds are decided later."""
    gesture_score: float = 0.0
    """Probability of `gesture`, 0..1."""
    leading_hand: Side | None = None
    """The person's own hand (anatomical); None where the model does not say."""
    leading_hand_score: float = 0.0
    """Probability of `leading_hand`, 0.5..1."""
    orientation: tuple[float, ...] | None = None
    """Probability of each of `vcam.core.labels.ORIENTATIONS`; None where the model does not say."""
    embedding: npt.NDArray[Any] | None = field(default=None, compare=False, repr=False)
    """float32 (F,) of length 1: hands that show the same are near each other; None: not given."""
    before_face: bool = False
    """Whether a face seems to be behind the hand."""
    motion: float | None = None
    """Gray levels by which the pixels in the box changed lately, beyond noise; None: not known."""

    @property
    def size(self) -> float:
        """The longer side of the box in pixels."""
        left, top, right, bottom = self.box_xyxy
        width, height = right - left, bottom - top
        return width if width > height else height  # noqa: FURB136 - half the cost, asked often

    @property
    def center(self) -> tuple[float, float]:
        """The middle of the box in pixels."""
        left, top, right, bottom = self.box_xyxy
        return (left + right) / 2, (top + bottom) / 2


@dataclass(frozen=True, slots=True)
class TrackedHand:
    """A hand with an identity that lasts from frame to frame."""

    track: int
    """Counts up from 1 and is never used again in one run."""
    hand: Hand
    """What was seen at `seen`; its box is smoothed by the tracker."""
    seen: float
    """Frame time in seconds at which a detector last saw this hand."""
    born: float
    """Frame time in seconds at which it was first seen."""
