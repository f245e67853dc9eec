"""The person of the demo clip: nobody in particular, out of focus behind the hands.

Metres, origin at the chin: x right, y up, z to the camera. A body is a stack of rings, each
(y, half width, half depth, z of its middle).
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from training.rendering.bend import rotation
from training.rendering.gltf import Floats, Ints
from training.rendering.light import Light, key_arrives, open_sky, shade
from training.rendering.noise import lattice, value_noise
from training.rendering.raster import rasterise
from training.rendering.rig import tube, vertex_normals
from training.rendering.room import HEIGHT, WIDTH, lens
from training.rendering.skin import back_colour

PX_PER_M: Final = 940.0
CHIN_PX: Final = (640.0, 322.0)
BLUR_PX: Final = 6
MARGIN_PX: Final = 220
HAIR_COLOUR: Final = (0.030, 0.018, 0.012)

Ring = tuple[float, float, float, float]

TORSO: Final[tuple[Ring, ...]] = (
    (-0.57, 0.200, 0.130, 0.0),
    (-0.40, 0.195, 0.125, 0.0),
    (-0.25, 0.205, 0.120, 0.0),
    (-0.190, 0.216, 0.110, -0.005),
    (-0.148, 0.208, 0.095, -0.01),
    (-0.112, 0.160, 0.080, -0.015),
    (-0.085, 0.095, 0.072, -0.018),
    (-0.060, 0.064, 0.066, -0.020),
    (-0.045, 0.060, 0.062, -0.020),
)
NECK: Final[tuple[Ring, ...]] = (
    (-0.10, 0.056, 0.056, -0.025),
    (-0.03, 0.049, 0.052, -0.028),
    (0.05, 0.050, 0.050, -0.028),
)
HEAD: Final[tuple[Ring, ...]] = (
    (-0.008, 0.010, 0.012, 0.055),
    (-0.004, 0.032, 0.028, 0.046),
    (0.006, 0.047, 0.048, 0.030),
    (0.025, 0.058, 0.070, 0.012),
    (0.055, 0.066, 0.088, 0.002),
    (0.090, 0.071, 0.094, 0.0),
    (0.130, 0.074, 0.097, 0.0),
    (0.165, 0.074, 0.095, 0.0),
    (0.200, 0.060, 0.080, 0.0),
    (0.222, 0.034, 0.050, 0.0),
    (0.230, 0.004, 0.006, 0.0),
)
HAIR: Final[tuple[Ring, ...]] = (
    (0.040, 0.045, 0.045, -0.060),
    (0.060, 0.068, 0.065, -0.050),
    (0.100, 0.080, 0.082, -0.036),
    (0.140, 0.085, 0.094, -0.024),
    (0.180, 0.087, 0.102, -0.008),
    (0.215, 0.078, 0.096, 0.002),
    (0.245, 0.054, 0.068, 0.004),
    (0.258, 0.020, 0.024, 0.004),
    (0.261, 0.003, 0.004, 0.004),
)
FEATURES: Final = (
    (0.032, 0.1465, 0.0160, 0.0042, -8.0, (0.30, 0.26, 0.24)),
    (0.030, 0.1150, 0.0105, 0.0052, -10.0, (0.14, 0.11, 0.10)),
    (0.009, 0.0720, 0.0052, 0.0036, 0.0, (0.60, 0.45, 0.42)),
    (0.000, 0.0410, 0.0300, 0.0056, 11.0, (0.66, 0.34, 0.34)),
)
"""Brow, eye, nostril and mouth: x (both sides), y, half width, half height, upward bend of the ends
in 1/m, factor on the skin."""

GLASSES: Final = (0.031, 0.114, 0.0235, 0.0030)
"""x (both sides), y, radius and half thickness of the rims."""


@dataclass(frozen=True, slots=True)
class Body:
    """A painted mesh: vertices (V, 3), faces (F, 3), albedo (V, 3) linear RGB."""

    points: Floats
    faces: Ints
    albedo: Floats


def paint_figure(light: Light, tone: float, cloth: Floats) -> Floats:
    """Return the blurred figure, float64 (720, 1280, 4): linear RGB times alpha, and alpha."""
    body = assembled(tone, cloth)
    screen = np.column_stack(
        [
            2 * (CHIN_PX[0] + body.points[:, 0] * PX_PER_M),
            2 * (CHIN_PX[1] - body.points[:, 1] * PX_PER_M),
            body.points[:, 2],
        ]
    )
    found = rasterise(screen, body.faces, 2 * WIDTH, 2 * HEIGHT)
    corner, share = body.faces[found.faces], found.corners[:, :, None]
    normals = (vertex_normals(body.points, body.faces)[corner] * share).sum(axis=1)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    place = (body.points[corner] * share).sum(axis=1)
    albedo = (body.albedo[corner] * share).sum(axis=1)
    depth = np.full(4 * WIDTH * HEIGHT, -10.0)
    depth[found.pixels] = found.depth
    sky = open_sky(depth.reshape(2 * HEIGHT, 2 * WIDTH), PX_PER_M * 4).ravel()[found.pixels]
    lit = key_arrives(place, (body.points, body.faces), light, 700)
    image = np.zeros((4 * WIDTH * HEIGHT, 4))
    image[found.pixels, :3] = shade(normals, albedo, np.full(len(place), 0.12), light, (lit, sky))
    image[found.pixels, 3] = 1.0
    small = cv2.resize(
        image.reshape(2 * HEIGHT, 2 * WIDTH, 4), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA
    )
    return lens(np.asarray(small, np.float64), BLUR_PX)


def assembled(tone: float, cloth: Floats) -> Body:
    """Return torso, upper arms, neck, head with features, ears and hair as one painted mesh."""
    skin = back_colour(tone) * np.array([1.0, 0.93, 0.92])
    head = with_nose(stack(HEAD, 2.2))
    parts = [
        (stack(TORSO, 2.7), np.tile(cloth, (1, 1))),
        (stack(NECK, 2.0), skin[None]),
        (head, face_colour(head[0], skin)),
        (tousled(stack(HAIR, 2.1)), np.array([HAIR_COLOUR])),
    ]
    for side in (-1.0, 1.0):
        parts.append((limb(side), np.tile(cloth, (1, 1))))
        parts.append((ear(side), skin[None] * (1.0, 0.85, 0.82)))
    parts[2:4] = [(nodding(shape), colour) for shape, colour in parts[2:4]]
    points, faces, colours, first = [], [], [], 0
    grid = lattice(5)
    for (place, sides), colour in parts:
        points.append(place)
        faces.append(sides + first)
        mottle = 1 + 0.10 * value_noise(grid, place, 0.05)
        colours.append(np.broadcast_to(colour, place.shape) * mottle[:, None])
        first += len(place)
    return Body(np.vstack(points), np.vstack(faces), np.vstack(colours))


def stack(rings: tuple[Ring, ...], power: float) -> tuple[Floats, Ints]:
    """Return a smooth closed-round surface through rings, from the top ring down."""
    table = np.array(rings[::-1])
    steps = np.linspace(0, len(rings) - 1, 16 * len(rings))
    fine = np.stack(
        [np.interp(steps, np.arange(len(rings)), table[:, k]) for k in range(4)], axis=1
    )
    for _ in range(6):
        fine[1:-1] = (fine[:-2] + 2 * fine[1:-1] + fine[2:]) / 4
    angle = np.arange(MARGIN_PX) * 2 * np.pi / MARGIN_PX
    round_x = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** (2 / power)
    round_z = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** (2 / power)
    y, wide, deep, middle = fine.T[:, :, None]
    points = np.stack(
        [wide * round_x, np.broadcast_to(y, (len(fine), MARGIN_PX)), middle + deep * round_z]
    )
    return points.reshape(3, -1).T, tube(MARGIN_PX, np.arange(MARGIN_PX), len(fine) - 1)


def with_nose(head: tuple[Floats, Ints]) -> tuple[Floats, Ints]:
    """Return the head with a nose."""
    points, faces = head[0].copy(), head[1]
    front = points[:, 2] > 0.03
    tip = np.exp(-((points[:, 0] / 0.0105) ** 2) - ((points[:, 1] - 0.076) / 0.011) ** 2)
    ridge = np.exp(-((points[:, 0] / 0.0085) ** 2) - ((points[:, 1] - 0.098) / 0.018) ** 2)
    points[:, 2] += front * (0.020 * tip + 0.010 * ridge)
    return points, faces


def nodding(shape: tuple[Floats, Ints]) -> tuple[Floats, Ints]:
    """Return the head turned a little to the window and tilted, as nobody sits quite straight."""
    turn = (rotation(2, 2.5) @ rotation(1, -7.0))[:3, :3]
    return shape[0] @ turn.T, shape[1]


def tousled(hair: tuple[Floats, Ints]) -> tuple[Floats, Ints]:
    """Return hair that is not a helmet: pushed in and out by soft noise."""
    points, faces = hair
    grid = lattice(8)
    push = 0.0045 * value_noise(grid, points * (1.0, 0.6, 1.0), 0.022)
    return points + vertex_normals(points, faces) * push[:, None], faces


def limb(side: float) -> tuple[Floats, Ints]:
    """Return an upper arm from the shoulder to below the picture."""
    rings = tuple(
        (y, r, r, 0.0)
        for y, r in (
            (0.062, 0.002),
            (0.058, 0.026),
            (0.04, 0.046),
            (0.0, 0.060),
            (-0.2, 0.056),
            (-0.46, 0.052),
        )
    )
    points, faces = stack(rings[::-1], 2.0)
    lean = np.radians(13.0) * side
    turned = points.copy()
    turned[:, 0] = points[:, 0] * np.cos(lean) - points[:, 1] * np.sin(lean) + side * 0.175
    turned[:, 1] = points[:, 1] * np.cos(lean) + points[:, 0] * np.sin(lean) - 0.185
    return turned, faces


def ear(side: float) -> tuple[Floats, Ints]:
    """Return one ear."""
    rings = (
        (-0.030, 0.002, 0.002, 0.0),
        (-0.018, 0.010, 0.014, 0.0),
        (0.010, 0.013, 0.018, 0.0),
        (0.028, 0.003, 0.004, 0.0),
    )
    points, faces = stack(rings, 2.0)
    return points + np.array([side * 0.073, 0.098, -0.012]), faces


def face_colour(points: Floats, skin: Floats) -> Floats:
    """Return the head's albedo (V, 3) with the features that survive the blur."""
    front = np.clip((points[:, 2] - 0.02) / 0.03, 0, 1)
    colour = np.tile(skin, (len(points), 1))
    for x, y, wide, tall, bend, factor in FEATURES:
        bow = bend * (np.abs(points[:, 0]) - x) ** 2
        off = ((np.abs(points[:, 0]) - x) / wide) ** 2 + ((points[:, 1] - y - bow) / tall) ** 2
        share = (np.exp(-(off**1.5)) * front)[:, None]
        colour *= 1 - share * (1 - np.array(factor))
    x, y, radius, thick = GLASSES
    away = np.hypot(np.abs(points[:, 0]) - x, points[:, 1] - y) - radius
    bridge = np.hypot(np.clip(np.abs(points[:, 0]) - 0.007, 0, 1), points[:, 1] - y - 0.006)
    rim = np.exp(-((np.minimum(np.abs(away), bridge) / thick) ** 4)) * front
    colour = colour * (1 - rim[:, None]) + 0.02 * rim[:, None]
    line = 0.170 + 0.012 * np.cos((points[:, 0] - 0.022) / 0.05 * np.pi)
    fringe = np.clip((points[:, 1] - line) / 0.006 + 0.5, 0, 1)[:, None]
    colour = colour * (1 - fringe) + np.array(HAIR_COLOUR) * fringe
    cheek = np.exp(
        -(((np.abs(points[:, 0]) - 0.042) / 0.02) ** 2) - ((points[:, 1] - 0.08) / 0.022) ** 2
    )
    colour *= 1 - 0.16 * (cheek * front)[:, None] * np.array([0.0, 1.0, 0.9])
    return colour
