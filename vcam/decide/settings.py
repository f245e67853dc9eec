"""The `[gestures]` section."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class GestureSettings:
    """When a gesture counts."""

    hold_ms: int = 600
    """How long a gesture must be shown before it fires."""
    release_ms: int = 300
    """How long it must be gone before it can fire again."""
    min_score: float | None = None
    """Least smoothed score of a gesture; None: the thresholds on the classifier's card."""
    min_scores: Mapping[str, float] = field(default_factory=dict)
    """The same for single gestures by name; goes before `min_score`."""
    cooldown_ms: int = 800
    """After a fire, the same hand fires nothing else for this long."""
    arm: str | None = None
    """A gesture that must fire first; then others count for ten seconds. None: always armed."""
    max_people: int = 1
    """With more hands in view than these people have, only the largest count."""
    min_hand_px: int = 24
    """Hands whose longer box side is below this, in a picture 720 pixels high, are not judged."""
