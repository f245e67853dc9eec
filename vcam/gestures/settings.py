"""The `[gestures]` section."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vcam.core.setting import Choice, Number, Table, Whole, setting, setting_made
from vcam.gestures.guards.settings import GuardSettings
from vcam.gestures.sensitivity import PRESETS, USUAL

THRESHOLD_STEP: Final = 0.05
"""How much a false alarm raises a gesture's minimum score…"""
MAX_THRESHOLD: Final = 0.94
"""…and to where at most: what nothing reaches would be no gesture any more."""


def raised_threshold(min_score: float) -> float:
    """Return a gesture's minimum score after a false alarm, which may be at its end already."""
    return round(max(min_score, min(MAX_THRESHOLD, min_score + THRESHOLD_STEP)), 2)


@dataclass(frozen=True, slots=True)
class GestureSettings:
    """When a gesture counts."""

    sensitivity: str = setting(
        USUAL,
        Choice(tuple(PRESETS)),
        "How readily gestures fire",
        "Sets hold, release, cooldown and purpose at once; what you set yourself goes first.",
    )
    hold_ms: int = setting(600, Whole(0, 10_000, 50), "Hold a gesture for (milliseconds)")
    release_ms: int = setting(
        300, Whole(0, 10_000, 50), "Let go for (milliseconds) before it can fire again"
    )
    min_score: float | None = setting(
        None,
        Number(0, 1, 0.05),
        "Minimum smoothed score of a gesture",
        "Without it, the thresholds on the classifier's card.",
        example=0.8,
    )
    min_scores: Mapping[str, float] = setting_made(
        dict,
        "gesture_scores",
        "The same for single gestures",
        "Goes before `min_score`.",
        example={"stop": 0.9},
    )
    cooldown_ms: int = setting(
        800, Whole(0, 60_000, 100), "Pause after a gesture has fired (milliseconds)"
    )
    purpose: float = setting(
        1.0,
        Number(0, 3, 0.5),
        "How plainly a gesture must be meant",
        "0: every moment counts alike; 1: usual; more is calmer.",
    )
    arm: str | None = setting(
        None,
        "gesture",
        "Gesture that must come first",
        "Others then count for a while; without it, they always do.",
        example="rock",
    )
    armed_s: float = setting(10.0, Number(1, 3_600), "Then others count for (seconds)")
    panic: str | None = setting(
        None,
        "gesture",
        "Gesture that stops everything",
        "It pauses, whatever is bound or armed, and later resumes.",
        example="rock",
    )
    panic_key: str | None = setting(
        None,
        "chord",
        "Keys that pause and resume gestures",
        "On Wayland only where the desktop listens for them: GNOME 48, KDE Plasma. It asks first.",
        example="ctrl+alt+p",
    )
    practice: bool = setting(False, "flag", "Practice: show what gestures would do, and do nothing")
    remember: bool = setting(
        False,
        "flag",
        "Keep a small picture of what fired, on this machine",
        "`vcam last` lists them.",
    )
    remember_missed: bool = setting(
        False,
        "flag",
        "Keep the last three seconds in memory, for gestures that were missed",
        "Small pictures are written to this machine's disk only when you say which gesture you "
        "showed: *Live*, or `vcam last --missed stop`.",
    )
    max_people: int = setting(
        1,
        Whole(1, 10),
        "How many people may gesture",
        "With more hands in view than these have, only the largest count.",
    )
    min_hand_px: int = setting(
        32,
        Whole(0, 2_000, 8),
        "Smallest hand that counts (pixels)",
        "Its longer side, in a picture 720 pixels high.",
    )
    guards: GuardSettings = setting_made(
        GuardSettings,
        Table(GuardSettings),
        "What is not believed",
        "`false` or 0 switches a rule off.",
        example={"face": False, "arrival_ms": 500, "typing": True},
    )
