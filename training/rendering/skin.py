"""The colour of skin, nail and sleeve at each visible point. Colours are linear RGB in 0..1."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from training.rendering.gltf import Bools, Floats, Ints
from training.rendering.noise import value_noise
from training.rendering.rig import Rig

TONES: Final = np.array(
    [
        (244, 214, 196),
        (236, 196, 172),
        (224, 177, 147),
        (205, 154, 120),
        (178, 125, 92),
        (145, 97, 69),
        (112, 73, 52),
        (82, 53, 40),
        (60, 41, 33),
    ]
)
"""Skin of the back of the hand from very light to very dark, sRGB 0..255."""

DISTAL_JOINTS: Final = (3, 8, 13, 18, 23)
MIDDLE_JOINTS: Final = (2, 7, 12, 17, 22)
PALM_LINES: Final = (
    ((0.038, 0.072), (0.022, 0.068), (0.008, 0.052), (0.006, 0.030), (0.010, 0.012)),
    ((0.038, 0.074), (0.018, 0.070), (-0.004, 0.062), (-0.026, 0.050)),
    ((-0.034, 0.072), (-0.014, 0.074), (0.004, 0.083), (0.010, 0.094)),
)
"""Life, head and heart line in the hand frame (x, y), metres."""


@dataclass(frozen=True, slots=True)
class Skin:
    """How one person's hand is coloured.

    Attributes:
        tone: 0 (very light) to 8 (very dark).
        flush: how red knuckles, tips and palm are, about 0.5 to 1.5.
        lines: how dark creases are, about 0.4 to 1.2.
        polish: (3,) linear RGB of nail varnish, or None.
        grid: noise lattice.
    """

    tone: float
    flush: float
    lines: float
    polish: Floats | None
    grid: Floats


@dataclass(frozen=True, slots=True)
class Spots:
    """The visible points of the hand, at rest.

    Attributes:
        points: float64 (P, 3), rest position, hand frame, metres.
        palmar: float64 (P,), 1 on the palm side, 0 on the back.
        finger: int64 (P,), 0 thumb to 4 little finger, -1 elsewhere.
    """

    points: Floats
    palmar: Floats
    finger: Ints


def to_linear(srgb: Floats) -> Floats:
    """Decode sRGB 0..1 to linear light."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def back_colour(tone: float) -> Floats:
    """Return linear RGB (3,) of the back of the hand."""
    mixed = np.array([np.interp(tone, np.arange(len(TONES)), TONES[:, k]) for k in range(3)])
    grey = mixed.mean()
    return np.asarray(to_linear((grey + (mixed - grey) * 0.88) / 255.0))


def palm_colour(tone: float) -> Floats:
    """Return linear RGB (3,) of the palm: always lighter than the back, and pinker."""
    lighter = back_colour(tone * 0.72)
    return np.asarray(lighter * np.array([1.02, 0.88, 0.86]))


def skin_colour(rig: Rig, skin: Skin, spots: Spots) -> tuple[Floats, Floats]:
    """Return albedo (P, 3) and gloss (P,)."""
    palmar = smooth(0.25, 0.75, spots.palmar)[:, None]
    albedo = back_colour(skin.tone) * (1 - palmar) + palm_colour(skin.tone) * palmar
    albedo = albedo * blush(rig, skin, spots)
    shade = 1 - skin.lines * creases(rig, spots)
    albedo = albedo * np.stack([shade**0.75, shade, shade], axis=1)
    gloss = 0.35 + 0.1 * value_noise(skin.grid, spots.points, 0.003)
    return with_nails(rig, skin, spots, (albedo, np.clip(gloss, 0.05, 1.0)))


def smooth(low: float, high: float, value: Floats) -> Floats:
    """Rise from 0 at `low` to 1 at `high` without corners."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def blush(rig: Rig, skin: Skin, spots: Spots) -> Floats:
    """Return a factor (P, 3): blotches, red knuckles and finger tips, paler forearm."""
    blotch = value_noise(skin.grid, spots.points, 0.012) + 0.6 * value_noise(
        skin.grid, spots.points + 1.0, 0.004
    )
    red = np.zeros(len(spots.points))
    for finger in range(5):
        on_finger = spots.finger == finger
        far = -local(rig, DISTAL_JOINTS[finger], spots.points[on_finger])[:, 2]
        red[on_finger] += 0.9 * smooth(0.004, 0.018, far)
        for joint, reach in ((MIDDLE_JOINTS[finger], 0.008), (MIDDLE_JOINTS[finger] - 1, 0.011)):
            away = np.linalg.norm(local(rig, joint, spots.points) * (1, 0.6, 1), axis=1)
            red += 0.7 * np.exp(-((away / reach) ** 2)) * (1 - 0.6 * spots.palmar)
    red += 0.35 * smooth(0.02, -0.05, -spots.points[:, 1]) * spots.palmar
    red = skin.flush * red + 0.18 * blotch
    fine = 1 + 0.025 * value_noise(skin.grid, spots.points, 0.0016)
    colour = np.exp(red[:, None] * np.array([0.015, -0.15, -0.13]))
    return np.asarray(colour * (fine * (1 + 0.035 * blotch))[:, None])


def local(rig: Rig, joint: int, points: Floats) -> Floats:
    """Return rest points in the frame of `joint`: x sideways, y to the back, -z to the tip."""
    bind = rig.bind[joint]
    return np.asarray((points - bind[:3, 3]) @ bind[:3, :3])


def creases(rig: Rig, spots: Spots) -> Floats:
    """Return how deep in a crease each point lies, 0..1: finger joints, knuckles, palm lines."""
    depth = np.zeros(len(spots.points))
    for finger in range(5):
        on_finger = np.flatnonzero(spots.finger == finger)
        for joint in (MIDDLE_JOINTS[finger], DISTAL_JOINTS[finger]):
            depth[on_finger] += joint_lines(
                local(rig, joint, spots.points[on_finger]), spots.palmar[on_finger]
            )
    palm = np.flatnonzero((spots.finger < 1) & (spots.palmar > 0.6) & (spots.points[:, 1] > -0.02))
    for line in PALM_LINES:
        depth[palm] += 0.2 * np.exp(-((line_distance(spots.points[palm, :2], line) / 0.0011) ** 2))
    wrist = np.abs(spots.points[:, 1] + 0.004 - 12 * spots.points[:, 0] ** 2)
    depth += 0.15 * np.exp(-((wrist / 0.0012) ** 2)) * spots.palmar
    return np.clip(depth, 0, 1)


def joint_lines(place: Floats, palmar: Floats) -> Floats:
    """Return the crease (palm side) or the wrinkles (back) of one finger joint."""
    z = place[:, 2]
    inside = 0.32 * (np.exp(-((z / 0.0011) ** 2)) + 0.7 * np.exp(-(((z - 0.003) / 0.001) ** 2)))
    bow = z + 60 * place[:, 0] ** 2
    outside = 0.2 * np.exp(-((z / 0.005) ** 2)) * (0.5 + 0.5 * np.cos(bow / 0.0021 * 2 * np.pi))
    return np.asarray(np.where(palmar > 0.5, inside, outside))


def line_distance(points: Floats, line: tuple[tuple[float, float], ...]) -> Floats:
    """Return the distance (P,) of points (P, 2) from a polyline."""
    best = np.full(len(points), np.inf)
    for start, end in pairwise(line):
        a, along = np.array(start), np.array(end) - np.array(start)
        t = np.clip((points - a) @ along / (along @ along), 0, 1)
        best = np.minimum(best, np.linalg.norm(points - a - t[:, None] * along, axis=1))
    return best


def with_nails(
    rig: Rig, skin: Skin, spots: Spots, surface: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Paint nails on the backs of the finger tips: paler and glossier, with a dark rim."""
    albedo, gloss = surface
    plate = back_colour(skin.tone) * np.array([1.0, 0.92, 0.9]) * 0.5 + np.array([0.32, 0.2, 0.17])
    colour = plate if skin.polish is None else skin.polish
    for finger in range(5):
        on_finger = np.flatnonzero((spots.finger == finger) & (spots.palmar < 0.5))
        inside, rim, tip = nail_shape(
            local(rig, DISTAL_JOINTS[finger], spots.points[on_finger]), finger
        )
        share = 0.85 * inside[:, None]
        white = np.clip(colour + 0.25 * tip[:, None] * (skin.polish is None), 0, 1)
        albedo[on_finger] = albedo[on_finger] * (1 - share) + white * share
        albedo[on_finger] *= 1 - 0.35 * rim[:, None]
        gloss[on_finger] += 1.2 * inside
    return albedo, gloss


def nail_shape(place: Floats, finger: int) -> tuple[Floats, Floats, Floats]:
    """Return (inside, rim, white end) of a nail, each 0..1."""
    half, centre, long = (0.0068, 0.0150, 0.0078) if finger == 0 else (0.0050, 0.0152, 0.0062)
    across, along = place[:, 0] / half, (-place[:, 2] - centre) / long
    radius = (np.abs(across) ** 2.6 + np.abs(along) ** 2.6) ** (1 / 2.6)
    inside = 1 - smooth(0.92, 1.06, radius)
    rim = np.exp(-(((radius - 1.06) / 0.12) ** 2))
    return inside, rim, inside * smooth(0.7, 0.9, along)


def sleeve_colour(points: Floats, grid: Floats, colours: Floats, stripe: float) -> Floats:
    """Return cloth albedo (P, 3): two colours (2, 3), striped every `stripe` metres (0: plain)."""
    weave = 1 + 0.06 * value_noise(grid, points, 0.0015) + 0.10 * value_noise(grid, points, 0.02)
    second: Bools = np.zeros(len(points), bool)
    if stripe > 0:
        second = (points[:, 1] / stripe) % 1.0 < 0.4
    return np.asarray(np.where(second[:, None], colours[1], colours[0]) * weave[:, None])
