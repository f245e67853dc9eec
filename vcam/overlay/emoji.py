"""The signs of reactions, drawn from simple shapes."""

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from vcam.overlay.shape import Point, disc, heart, polygon, rounded_box, soft, stroke
from vcam.overlay.sprite import Colour, Layers, Mask, Sprite

SHAPES: Final = {
    "👍": "thumb_up",
    "thumbs up": "thumb_up",
    "like": "thumb_up",
    "👎": "thumb_down",
    "❤": "heart",
    "heart": "heart",
    "✋": "hand",
    "🖐": "hand",
    "🙋": "hand",
    "hand": "hand",
    "👏": "clap",
    "clap": "clap",
    "🎉": "party",
    "party": "party",
    "😂": "laugh",
    "😀": "laugh",
}
"""Which drawing stands for which emoji or word."""

SKIN: Final[Colour] = (72, 200, 255)
CUFF: Final[Colour] = (214, 122, 60)
DARK: Final[Colour] = (38, 52, 96)
RED: Final[Colour] = (86, 62, 236)
PAPER: Final[tuple[Colour, ...]] = ((86, 62, 236), (151, 220, 61), (102, 209, 255), (240, 150, 70))


def emoji_sprite(shape: str, size: int) -> Sprite:
    """Return one of the drawings that `SHAPES` names, `size` pixels square and its shadow."""
    drawings: dict[str, Callable[[int], list[tuple[Mask, Colour]]]] = {
        "thumb_up": _thumb,
        "thumb_down": lambda s: [(mask[::-1], colour) for mask, colour in _thumb(s)],
        "heart": _heart,
        "hand": _hand,
        "clap": _clap,
        "party": _party,
        "laugh": _laugh,
    }
    parts = drawings[shape](size)
    pad = round(size * 0.1)
    layers = Layers(size + 2 * pad, size + 2 * pad)
    whole = np.pad(np.maximum.reduce([mask for mask, _ in parts]), pad)
    layers.add(soft(whole, max(1.0, size * 0.035)), (0, 0, 0), 0.5)
    for mask, colour in parts:
        layers.add(mask, colour, 1.0, (pad, pad))
    return layers.sprite()


def _thumb(size: int) -> list[tuple[Mask, Colour]]:
    thumb = stroke(size, [(0.42, 0.5), (0.5, 0.36), (0.53, 0.2)], 0.17)
    palm = polygon(size, [(0.34, 0.46), (0.62, 0.42), (0.66, 0.84), (0.34, 0.84)])
    rows = (0.46, 0.58, 0.7, 0.81)
    fingers = [stroke(size, [(0.5, y), (0.8 - 0.03 * i, y)], 0.125) for i, y in enumerate(rows)]
    lines = [stroke(size, [(0.62, y + 0.06), (0.82, y + 0.06)], 0.014) for y in rows[:3]]
    hand = np.maximum.reduce([thumb, palm, *fingers])
    cuff = polygon(size, [(0.14, 0.46), (0.32, 0.46), (0.32, 0.86), (0.14, 0.86)])
    return [(hand, SKIN), (np.maximum.reduce(lines), DARK), (cuff, CUFF)]


def _heart(size: int) -> list[tuple[Mask, Colour]]:
    shine = stroke(size, [(0.27, 0.36), (0.33, 0.27)], 0.06)
    return [(heart(size), RED), (shine, (190, 180, 255))]


FINGERS: Final[tuple[tuple[Point, Point], ...]] = (
    ((0.36, 0.56), (0.29, 0.2)),
    ((0.46, 0.52), (0.45, 0.1)),
    ((0.57, 0.52), (0.61, 0.13)),
    ((0.66, 0.56), (0.76, 0.24)),
)


def _hand(size: int) -> list[tuple[Mask, Colour]]:
    fingers = [stroke(size, ends, 0.105) for ends in FINGERS]
    thumb = stroke(size, [(0.38, 0.76), (0.25, 0.64), (0.15, 0.5)], 0.11)
    palm = stroke(size, [(0.47, 0.64), (0.55, 0.64), (0.5, 0.76)], 0.32)
    return [(np.maximum.reduce([*fingers, thumb, palm]), SKIN)]


def _clap(size: int) -> list[tuple[Mask, Colour]]:
    """Return a hand with strokes of sound around it."""
    small = round(size * 0.8)
    hand = np.zeros((size, size), np.uint8)
    hand[size - small :, (size - small) // 2 : (size - small) // 2 + small] = _hand(small)[0][0]
    rays = []
    for angle in (-150, -120, -90, -60, -30):
        dx, dy = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        rays.append(
            stroke(
                size, [(0.5 + 0.4 * dx, 0.5 + 0.4 * dy), (0.5 + 0.47 * dx, 0.5 + 0.47 * dy)], 0.04
            )
        )
    return [(hand, SKIN), (np.maximum.reduce(rays), (102, 209, 255))]


def _party(size: int) -> list[tuple[Mask, Colour]]:
    """Return a cone that throws confetti."""
    parts = [(polygon(size, [(0.1, 0.92), (0.26, 0.42), (0.6, 0.76)]), SKIN)]
    stripe = polygon(size, [(0.16, 0.73), (0.2, 0.6), (0.42, 0.82), (0.3, 0.86)])
    parts.append((stripe, RED))
    chance = np.random.default_rng(5)
    for index in range(16):
        angle, far = chance.uniform(-1.5, 0.1), chance.uniform(0.18, 0.46)
        x, y = 0.44 + far * math.cos(angle), 0.56 + far * math.sin(angle)
        turn = chance.uniform(0, 3)
        ends = [(x, y), (x + 0.05 * math.cos(turn), y + 0.05 * math.sin(turn))]
        parts.append((stroke(size, ends, 0.05), PAPER[index % len(PAPER)]))
    return parts


def _laugh(size: int) -> list[tuple[Mask, Colour]]:
    """Return a laughing face."""
    face = np.zeros((size, size), np.uint8)
    round_face = disc(round(size * 0.84))
    edge = (size - round_face.shape[0]) // 2
    face[edge : edge + round_face.shape[0], edge : edge + round_face.shape[1]] = round_face
    eyes = [
        stroke(size, [(x - 0.07, 0.42), (x, 0.35), (x + 0.07, 0.42)], 0.05) for x in (0.34, 0.66)
    ]
    turns = [math.pi * step / 20 for step in range(21)]
    mouth = polygon(size, [(0.5 + 0.25 * math.cos(t), 0.54 + 0.26 * math.sin(t)) for t in turns])
    teeth = np.zeros((size, size), np.uint8)
    strip = rounded_box(round(size * 0.4), round(size * 0.07), size * 0.02)
    y, x = round(size * 0.55), round(size * 0.3)
    teeth[y : y + strip.shape[0], x : x + strip.shape[1]] = strip
    return [
        (face, SKIN),
        (np.maximum.reduce(eyes), DARK),
        (mouth, DARK),
        (np.minimum(teeth, mouth), (255, 255, 255)),
    ]
