"""The room of the demo clip: a home office out of focus, painted in linear light, then blurred.

All pictures here are float64 (H, W, 3), linear RGB; 1.0 is a white wall in good light.
"""

from typing import Final

import cv2
import numpy as np

from training.rendering.gltf import Floats

WIDTH, HEIGHT = 1280, 720
BLUR_PX: Final = 10
WOOD: Final = (0.20, 0.11, 0.055)
BOOKS: Final = (
    (0.30, 0.05, 0.04),
    (0.05, 0.11, 0.18),
    (0.42, 0.36, 0.26),
    (0.04, 0.13, 0.10),
    (0.45, 0.22, 0.06),
    (0.12, 0.12, 0.14),
    (0.50, 0.47, 0.42),
)
Colour = tuple[float, float, float]
Point = tuple[float, float]


def paint_room(seed: int) -> Floats:
    """Return the blurred room, (720, 1280, 3)."""
    rng = np.random.default_rng(seed)
    room = wall()
    window(room, rng)
    curtain(room)
    shelf(room, 228, (880, 1275), rng)
    shelf(room, 428, (880, 1275), rng)
    picture_frame(room)
    plant(room, (912, 428), rng)
    lamp(room)
    fairy_lights(room)
    return glow(lens(room, BLUR_PX))


def wall() -> Floats:
    """Return a plain wall, lit from the window on the left and a little by a lamp on the right."""
    x, y = np.meshgrid(np.arange(WIDTH) / WIDTH, np.arange(HEIGHT) / HEIGHT)
    day = 0.30 + 0.62 * np.exp(-2.2 * np.hypot(x - 0.1, 0.6 * (y - 0.4)))
    lamp_light = 0.42 * np.exp(-((np.hypot(x - 0.63, 0.8 * (y - 0.36)) / 0.17) ** 2))
    base = np.array([0.56, 0.475, 0.375])
    lit = day[..., None] * np.array([0.95, 1.0, 1.08]) + lamp_light[..., None] * (1.3, 0.85, 0.45)
    return np.asarray(base * lit)


def box(room: Floats, corner: Point, size: Point, colour: Colour) -> None:
    """Fill an upright rectangle."""
    x, y = (round(v) for v in corner)
    room[max(y, 0) : max(y + round(size[1]), 0), max(x, 0) : max(x + round(size[0]), 0)] = colour


def blob(room: Floats, centre: Point, axes: Point, turn: float, colour: Colour) -> None:
    """Fill an ellipse turned by `turn` degrees."""
    middle = (round(centre[0]), round(centre[1]))
    half = (max(1, round(axes[0])), max(1, round(axes[1])))
    cv2.ellipse(room, middle, half, turn, 0, 360, colour, -1, cv2.LINE_AA)


def window(room: Floats, rng: np.random.Generator) -> None:
    """Paint a window with sky and trees behind it."""
    left, top, wide, tall = 46, -20, 262, 452
    outside = np.empty((HEIGHT, WIDTH, 3))
    fade = np.linspace(0, 1, HEIGHT)[:, None, None]
    outside[:] = np.array([1.5, 1.9, 2.4]) * (1 - fade) + np.array([2.2, 2.2, 2.0]) * fade
    for _ in range(260):
        place = (rng.uniform(left, left + wide), top + tall * (1.05 - rng.beta(1.3, 2.2) * 0.75))
        tree = np.array([0.22, 0.42, 0.12]) * rng.uniform(0.5, 2.6) * rng.uniform(0.8, 1.2, 3)
        blob(outside, place, (rng.uniform(5, 20), rng.uniform(5, 16)), 0, tuple(tree))
    rows, columns = slice(max(top, 0), top + tall), slice(left, left + wide)
    room[rows, columns] = outside[rows, columns]
    frame: Colour = (0.75, 0.76, 0.76)
    for x in (left - 14, left + wide / 2 - 6, left + wide):
        box(room, (x, top), (14, tall), frame)
    for y in (top + tall * 0.42, top + tall):
        box(room, (left - 14, y), (wide + 28, 12), frame)
    box(room, (left - 30, top + tall + 12), (wide + 60, 20), (0.95, 0.95, 0.93))


def curtain(room: Floats) -> None:
    """Hang a light curtain beside the window."""
    x = np.arange(286, 392)
    folds = 0.75 + 0.16 * np.sin(x / 7.5) + 0.10 * np.sin(x / 3.1 + 1)
    cloth = folds[None, :, None] * np.array([0.98, 0.93, 0.84])
    room[:620, 286:392] = 0.12 * room[:620, 286:392] + 0.82 * cloth


def shelf(room: Floats, y: int, span: tuple[int, int], rng: np.random.Generator) -> None:
    """Put up a board with books on it; some lean, some space is left."""
    box(room, (span[0], y + 14), (span[1] - span[0], 14), (0.16, 0.15, 0.14))
    box(room, (span[0] - 8, y), (span[1] - span[0] + 16, 15), WOOD)
    x = span[0] + (96.0 if y > 300 else 18.0)
    while x < span[1] - 30:
        wide, tall = rng.uniform(13, 31), rng.uniform(74, 122)
        if rng.random() < 0.12:
            x += rng.uniform(24, 50)
            continue
        cover = np.array(BOOKS[rng.integers(len(BOOKS))]) * rng.uniform(0.7, 1.2)
        box(room, (x, y - tall), (wide, tall), tuple(cover))
        box(room, (x + 2, y - tall * 0.8), (wide - 4, 7), tuple(np.minimum(cover * 2.2, 0.8)))
        x += wide + 1.5


def picture_frame(room: Floats) -> None:
    """Hang a small abstract print on the wall."""
    box(room, (474, 66), (156, 196), (0.06, 0.06, 0.06))
    box(room, (482, 74), (140, 180), (0.72, 0.70, 0.66))
    blob(room, (552, 140), (36, 36), 0, (0.62, 0.22, 0.08))
    blob(room, (538, 206), (44, 22), -12, (0.08, 0.20, 0.24))
    blob(room, (578, 198), (26, 30), 20, (0.55, 0.42, 0.20))


def plant(room: Floats, foot: tuple[int, int], rng: np.random.Generator) -> None:
    """Set a plant in a pot on the shelf."""
    for _ in range(46):
        lean, far = rng.uniform(-1.25, 1.25), rng.uniform(36, 112)
        tip = (foot[0] + np.sin(lean) * far, foot[1] - 52 - np.cos(lean) * far)
        green = np.array([0.07, 0.20, 0.055]) * rng.uniform(0.5, 2.0)
        blob(room, tip, (rng.uniform(7, 12), rng.uniform(18, 30)), np.degrees(lean), tuple(green))
    pot = np.array([(-30, -58), (30, -58), (23, 0), (-23, 0)]) + foot
    cv2.fillPoly(room, [pot.astype(np.int32)], (0.62, 0.58, 0.53), cv2.LINE_AA)


def lamp(room: Floats) -> None:
    """Stand a lit lamp in front of the wall."""
    box(room, (803, 300), (8, 420), (0.05, 0.045, 0.04))
    shade = np.array([(762, 190), (852, 190), (878, 300), (736, 300)])
    cv2.fillPoly(room, [shade.astype(np.int32)], (2.3, 1.55, 0.80), cv2.LINE_AA)
    blob(room, (807, 262), (34, 30), 0, (3.6, 2.7, 1.6))


def fairy_lights(room: Floats) -> None:
    """Hang a string of tiny lights along the upper shelf: they become discs out of focus."""
    for x in range(872, 1280, 43):
        y = 64 + 20 * float(np.sin((x - 872) / 136 * np.pi))
        blob(room, (x, y), (3, 3), 0, (26.0, 16.0, 7.0))


def lens(room: Floats, radius: int) -> Floats:
    """Return the room seen by a lens focused in front of it: each point becomes a disc."""
    size = 2 * radius + 1
    disc = np.zeros((size, size))
    cv2.circle(disc, (radius, radius), radius - 1, 1.0, -1, cv2.LINE_AA)
    blurred = cv2.filter2D(room, -1, disc / disc.sum(), borderType=cv2.BORDER_REFLECT)
    return np.asarray(cv2.GaussianBlur(blurred, (0, 0), 1.5))


def glow(room: Floats) -> Floats:
    """Return the room with light that spills round bright things, and darker corners."""
    bright = np.clip(room - 0.8, 0, 2.0)
    spilled = room + 0.22 * cv2.GaussianBlur(bright, (0, 0), 38)
    x, y = np.meshgrid(np.linspace(-1, 1, WIDTH), np.linspace(-1, 1, HEIGHT))
    return np.asarray(spilled * (1 - 0.20 * (x**2 + y**2) / 2)[..., None])
