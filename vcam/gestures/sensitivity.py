"""Calm, usual, quick: how willingly gestures fire, in one word for several settings."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final


@dataclass(frozen=True, slots=True)
class Preset:
    """What one word stands for; the names are those of `GestureSettings`."""

    hold_ms: int
    release_ms: int
    cooldown_ms: int
    purpose: float

    def settings(self) -> dict[str, float]:
        """Return the values by the name of their setting."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


PRESETS: Final[Mapping[str, Preset]] = {
    "calm": Preset(hold_ms=900, release_ms=400, cooldown_ms=1200, purpose=1.5),
    "usual": Preset(hold_ms=600, release_ms=300, cooldown_ms=800, purpose=1.0),
    "quick": Preset(hold_ms=350, release_ms=250, cooldown_ms=500, purpose=0.5),
}
"""The words of `[gestures] sensitivity`; what the file sets by itself goes before them."""
USUAL: Final = "usual"
