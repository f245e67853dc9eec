"""The `guards` table of `[gestures]`: each rule can be switched off by itself."""

from dataclasses import dataclass
from typing import Final

from vcam.core.setting import Number, Whole, setting


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """Which moments are not believed, however confident the models are."""

    cut: bool = setting(True, "flag", "Ignore hands that an edge of the picture cuts")
    clasped: bool = setting(True, "flag", "Ignore hands that touch another hand")
    face: bool = setting(
        True,
        "flag",
        "Ignore hands in front of a face",
        "But for the gestures that belong there.",
    )
    find_score: float = setting(
        0.45,
        Number(0, 1, 0.05),
        "Ignore what the detector was less confident of lately than this",
    )
    still: bool = setting(
        True, "flag", "Ignore things that did not move before they seemed to show a gesture"
    )
    low: bool = setting(True, "flag", "Ignore hands at the lower edge, as in a lap")
    both: bool = setting(
        True, "flag", "Ignore hands whose fellow moves at the same height, or shows the same"
    )
    arrival_ms: int = setting(
        1000,
        Whole(0, 10_000, 100),
        "Fire nothing for so long after a hand came in motion (milliseconds)",
    )
    picture: bool = setting(
        True, "flag", "Ignore pictures that are black, too dark, or frozen for a while"
    )
    typing: bool = setting(
        False,
        "flag",
        "Ignore gestures while I type",
        "Only when keys are pressed is noted, never which.",
    )
    talking: bool = setting(
        False,
        "flag",
        "Ignore gestures while I talk",
        "Unmuting still works. Only loudness is measured, no sound is kept. On Windows and macOS "
        "it needs the extra `talking`.",
    )


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
