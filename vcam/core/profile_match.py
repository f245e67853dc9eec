"""Why a profile is in force that nobody chose just now."""

from dataclasses import dataclass
from typing import Literal

By = Literal["camera", "focus"]
"""Its app shows our camera, or has the focus."""


@dataclass(frozen=True, slots=True)
class Match:
    """A profile whose app is there."""

    profile: str
    by: By
    readers: tuple[str, ...] = ()
    """The programs that show our camera."""
