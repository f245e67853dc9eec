"""How the demo's two hands move: which gesture when, and every joint in between.

Times are seconds of the clip; places are pixels of its 1280x720 picture. A right hand is staged in
the left half of the picture (unmirrored); a left hand is staged as if it were a right hand in the
flipped picture, and flipped when it is drawn.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from training.rendering.bend import rotation
from training.rendering.gltf import Floats
from training.rendering.poses import IDLE_POSES, POSES
from vcam.core.labels import Side

LEAD_S: Final = 0.7
HOLD_S: Final = 1.45
GAP_S: Final = 0.95
MOVE_S: Final = 0.60
LOWERED_PX: Final = 620.0
ELBOW: Final = np.array([-0.30, -1.0, 0.10])
"""Where the elbow of a right arm lies from its wrist, view frame (x right, y up, z to camera)."""


@dataclass(frozen=True, slots=True)
class Stance:
    """How a gesture is staged: turns as in `poses.Facing`, degrees, and the wrist, pixels."""

    lay: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    x: float = 372.0
    y: float = 446.0


@dataclass(frozen=True, slots=True)
class Cue:
    """One gesture of the clip, held from `start` to `end`."""

    gesture: str
    side: Side
    stance: Stance
    start: float
    end: float


SCRIPT: Final[tuple[tuple[str, Side, Stance], ...]] = (
    ("stop", "right", Stance(yaw=6, roll=-3)),
    ("palm", "left", Stance(yaw=4, roll=-6)),
    ("like", "right", Stance(lay=90, yaw=112, pitch=-20, roll=24, x=392, y=470)),
    ("peace", "left", Stance(yaw=4, roll=-7, y=430)),
    ("fist", "right", Stance(yaw=12, roll=-4, y=410)),
    ("one", "left", Stance(yaw=10, roll=-5, y=430)),
    ("ok", "right", Stance(yaw=42, pitch=4, roll=-5)),
    ("rock", "left", Stance(yaw=4, roll=-6, y=430)),
    ("two_up", "right", Stance(yaw=6, roll=-5, y=430)),
    ("call", "left", Stance(lay=90, yaw=152, roll=16, y=400)),
)
"""The gestures of the clip in order."""

RELAXED_POSE: Final = IDLE_POSES[0].angles()
REST_STANCE: Final = Stance(yaw=45, pitch=-12, roll=-10, y=446 + LOWERED_PX)


@dataclass(frozen=True, slots=True)
class Moment:
    """One hand at one time: angles (21,), wrist (2,), turn (3, 3), wrist pixel (2,), speed (2,)."""

    pose: Floats
    wrist: Floats
    turn: Floats
    place: Floats
    speed: Floats


def timeline() -> tuple[Cue, ...]:
    """Return the clip's gestures with their times."""
    step = HOLD_S + GAP_S
    return tuple(
        Cue(gesture, side, stance, LEAD_S + i * step, LEAD_S + i * step + HOLD_S)
        for i, (gesture, side, stance) in enumerate(SCRIPT)
    )


def duration_s() -> float:
    """Return the clip's length in seconds."""
    return timeline()[-1].end + 0.9


def minimum_jerk(share: float) -> float:
    """Return 0..1 for 0..1: how a hand covers its way when it moves as smoothly as it can."""
    t = min(max(share, 0.0), 1.0)
    return t**3 * (10 - 15 * t + 6 * t * t)


def raised(cue: Cue, t: float) -> float:
    """Return 0 (out of the picture) to 1 (held) for the cue's hand."""
    if t < cue.start:
        return minimum_jerk((t - cue.start + MOVE_S) / MOVE_S)
    return 1 - minimum_jerk((t - cue.end - 0.04) / MOVE_S)


def formed(cue: Cue, t: float) -> float:
    """Return 0 (relaxed) to 1 (the gesture): fingers form on the way up and let go first."""
    if t < cue.start:
        return minimum_jerk((t - cue.start + 0.46) / 0.40)
    return 1 - minimum_jerk((t - cue.end - 0.02) / 0.36)


def cue_at(side: Side, t: float) -> Cue | None:
    """Return the cue for which this hand is in the picture, if any."""
    for cue in timeline():
        if cue.side == side and cue.start - MOVE_S < t < cue.end + 0.04 + MOVE_S:
            return cue
    return None


def tremor(side: Side, t: float) -> Floats:
    """Return small offsets (8,), about -1..1, as no hand is ever quite still."""
    phase = np.arange(8) * 1.7 + (0.0 if side == "right" else 4.1)
    slow = np.sin(2 * np.pi * (0.35 + 0.05 * np.arange(8)) * t + phase)
    return np.asarray(slow + 0.22 * np.sin(2 * np.pi * (3.1 + 0.4 * np.arange(8)) * t + 2 * phase))


def place_at(cue: Cue, t: float) -> Floats:
    """Return the wrist's pixel (2,)."""
    up = raised(cue, t)
    sway = tremor(cue.side, t)[:2] * (2.2, 1.8)
    start = np.array([cue.stance.x - 40, cue.stance.y + LOWERED_PX])
    arc = np.array([-34.0, 0.0]) * np.sin(np.pi * up)
    return np.asarray(start + (np.array([cue.stance.x, cue.stance.y]) - start) * up + arc + sway)


def moment(cue: Cue, t: float) -> Moment:
    """Return the cue's hand at time t."""
    form, shake = formed(cue, t), tremor(cue.side, t)
    relaxed, meant = RELAXED_POSE, POSES[cue.gesture].angles()
    pose = relaxed + (meant - relaxed) * form
    pose[5:] += 0.9 * np.tile(shake[2:6], (4, 1)).T.ravel()
    now = between(REST_STANCE, cue.stance, form)
    now = replace(now, roll=now.roll + 0.8 * shake[6], yaw=now.yaw + 1.2 * shake[7])
    wrist = wrist_for(turned(REST_STANCE)) * (1 - form) + wrist_for(turned(cue.stance)) * form
    before, after = place_at(cue, t - 1 / 60), place_at(cue, t + 1 / 60)
    return Moment(pose, wrist, turned(now), place_at(cue, t), (after - before) * 30)


def between(start: Stance, end: Stance, share: float) -> Stance:
    """Return the stance on the way; the wrist's place is not touched."""
    mixed = {
        name: getattr(start, name) + (getattr(end, name) - getattr(start, name)) * share
        for name in ("lay", "yaw", "pitch", "roll")
    }
    return replace(end, **mixed)


def turned(stance: Stance) -> Floats:
    """Return the rotation (3, 3) from the hand frame to the view."""
    steps = rotation(2, stance.roll) @ rotation(0, stance.pitch) @ rotation(1, stance.yaw)
    return np.asarray((steps @ rotation(2, stance.lay))[:3, :3])


def wrist_for(turn: Floats) -> Floats:
    """Return the wrist's bend and lean (2,), within what a wrist can do, that lowers the elbow."""
    wanted = turn.T @ (ELBOW / np.linalg.norm(ELBOW))
    bends, leans = np.meshgrid(np.arange(-50.0, 51.0, 5.0), np.arange(-35.0, 31.0, 5.0))
    options = np.stack([bends.ravel(), leans.ravel()], axis=1)
    return np.asarray(options[np.argmax([arm_direction(option) @ wanted for option in options])])


def arm_direction(wrist: Floats) -> Floats:
    """Return the unit vector (3,) from wrist to elbow in the hand frame."""
    turn = rotation(1, wrist[1]) @ rotation(0, wrist[0])
    back = turn[:3, 2]  # the joint's z axis points to the elbow
    return np.array([-back[0], -back[2], -back[1]])
