"""The `[overlay]` section."""

from dataclasses import dataclass, field
from typing import Literal

CallShows = Literal["gestures", "reactions", "everything"]
"""What the people in the call see: boxes while a bound gesture is held; or only reactions and a
muted microphone; or all that the person sees, but for failures and news."""


@dataclass(frozen=True, slots=True)
class Colours:
    """What the overlay draws with, each as `#rrggbb`."""

    accent: str = "#3ddc97"
    """Boxes and names of hands."""
    hold: str = "#ffd166"
    """The ring that fills while a gesture is held."""
    warn: str = "#ef476f"
    """Badges and warnings."""


@dataclass(frozen=True, slots=True)
class OverlaySettings:
    """What is drawn over the picture, and for whom."""

    in_call: bool = True
    """Whether the people in the call see it."""
    call_shows: CallShows = "gestures"
    """What they see of it."""
    in_preview: bool = True
    """Whether the person's own window shows it."""
    boxes: bool = True
    labels: bool = True
    progress: bool = True
    """The ring that shows how far a gesture is on the way to firing."""
    badge: bool = True
    """States such as `MIC MUTED` in a corner."""
    colours: Colours = field(default_factory=Colours)
