"""What the overlay shows: everything that drawing needs, and nothing it could wait for."""

from dataclasses import dataclass
from typing import Literal

from vcam.core.hand import TrackedHand
from vcam.core.outcome import Outcome

Toast = Literal["info", "failed"]
"""What kind of news a toast is."""


@dataclass(frozen=True, slots=True)
class HandView:
    """One tracked hand and how far its gesture is on the way to firing."""

    tracked: TrackedHand
    label: str | None = None
    """The gesture to name beside the box; None: nothing that the program would act on."""
    progress: float = 0.0
    """0: not holding, 1: fired (and held until released)."""
    action: str | None = None
    """What holding on does; None: nothing is bound."""
    ignored: str | None = None
    """The guard that does not believe the gesture at this moment; None: it counts."""
    outcome: Outcome | None = None
    """What became of its action; None: it has not fired, or the action has not answered yet."""


@dataclass(frozen=True, slots=True)
class View:
    """The newest word of recognition; replaced as a whole, never changed."""

    hands: tuple[HandView, ...] = ()
    frame_size: tuple[int, int] = (0, 0)
    """Width and height of the frame that boxes refer to."""
    badges: tuple[str, ...] = ()
    """Short states to keep in sight, such as `MIC MUTED` or `PAUSED`."""
    toast: str | None = None
    """The newest news, such as `Pressed alt+y`; never for the people in the call."""
    warning: str | None = None
    """One sentence when something is wrong; the video continues."""
    toast_kind: Toast = "info"
