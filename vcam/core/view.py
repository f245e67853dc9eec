"""What the overlay shows: everything that drawing needs, and nothing it could wait for."""

from dataclasses import dataclass

from vcam.core.hand import TrackedHand


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


@dataclass(frozen=True, slots=True)
class View:
    """The newest word of recognition; replaced as a whole, never changed."""

    hands: tuple[HandView, ...] = ()
    frame_size: tuple[int, int] = (0, 0)
    """Width and height of the frame that boxes refer to."""
    badges: tuple[str, ...] = ()
    """Short states to keep in sight, such as `MIC MUTED` or `PAUSED`."""
    toast: str | None = None
    """What has just been done, such as `stop: mic.mute`."""
    warning: str | None = None
    """One sentence when something is wrong; the video continues."""
