"""Light a hand as a room would: key light with soft shadow, fill, sky; skin glows red."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from training.rendering.gltf import Floats, Ints
from training.rendering.raster import rasterise

WRAP: Final = np.array([0.38, 0.20, 0.15])
"""How far light creeps round the edge of the shadow, per colour: red goes furthest in skin."""


@dataclass(frozen=True, slots=True)
class Light:
    """The light of one room. Directions point to the light: x right, y up, z to the camera.

    Attributes:
        key, fill: (3,) unit directions.
        key_colour, fill_colour, ambient: (3,) linear RGB.
        hardness: 0 (overcast window) to 1 (bare bulb): how dark cast shadows are.
        exposure: factor before the camera's tone curve.
    """

    key: Floats
    fill: Floats
    key_colour: Floats
    fill_colour: Floats
    ambient: Floats
    hardness: float
    exposure: float


def shade(
    normals: Floats, albedo: Floats, gloss: Floats, light: Light, dim: tuple[Floats, Floats]
) -> Floats:
    """Return linear RGB (P, 3).

    Args:
        normals: (P, 3), unit.
        albedo: (P, 3), linear RGB.
        gloss: (P,), strength of the highlight.
        light: the room's light.
        dim: key light that arrives (P,) and open sky (P,), both 0..1.
    """
    lit, sky = dim
    key = wrapped(normals @ light.key) * soft_red(lit)
    fill = wrapped(normals @ light.fill)
    up = (0.65 + 0.35 * normals[:, 1])[:, None]
    deep = sky[:, None] ** np.array([0.8, 1.15, 1.25])  # light between fingers comes back red
    diffuse = key * light.key_colour * (0.4 + 0.6 * deep)
    diffuse = diffuse + (fill * light.fill_colour + up * light.ambient) * deep
    half = light.key + np.array([0.0, 0.0, 1.0])
    facing = np.clip(normals @ (half / np.linalg.norm(half)), 0, 1)
    shine = gloss * lit * sky * (0.10 * facing**18 + 0.10 * facing**60)
    rim = 0.10 * (1 - np.clip(normals[:, 2], 0, 1)) ** 3 * sky
    glow = shine[:, None] * light.key_colour + rim[:, None] * light.ambient
    return np.asarray(albedo * diffuse + glow)


def wrapped(facing: Floats) -> Floats:
    """Return Lambert's cosine (P,) wrapped a little round the edge, per colour (P, 3)."""
    return np.asarray(np.clip((facing[:, None] + WRAP) / (1 + WRAP), 0, None) ** 1.15)


def soft_red(lit: Floats) -> Floats:
    """Return the key light (P, 3) with a shadow edge that is a little red."""
    return np.asarray(lit[:, None] ** np.array([0.85, 1.0, 1.05]))


def key_arrives(points: Floats, mesh: tuple[Floats, Ints], light: Light, size: int) -> Floats:
    """Return how much key light reaches `points` (P, 3), 0..1, with a shadow map of `size`.

    Args:
        points: where light is wanted, metres, view frame.
        mesh: what throws the shadow: vertices (V, 3) and faces (F, 3).
        light: the room's light.
        size: side of the shadow map in pixels.
    """
    side = np.cross([0.0, 1.0, 0.05], light.key)
    side /= np.linalg.norm(side)
    axes = np.stack([side, np.cross(light.key, side), light.key])
    vertices, faces = mesh
    low, high = points.min(axis=0), points.max(axis=0)
    box = np.array([low, high])[np.indices((2, 2, 2)).reshape(3, -1), [[0], [1], [2]]].T @ axes.T
    start, scale = box.min(axis=0), size / np.ptp(box[:, :2], axis=0).max()
    cast = (vertices @ axes.T - start) * scale
    cast[:, 1] = size - cast[:, 1]
    fragments = rasterise(cast, faces, size, size)
    depth = np.full(size * size, -1e9)
    depth[fragments.pixels] = fragments.depth
    here = (points @ axes.T - start) * scale
    here[:, 1] = size - here[:, 1]
    return 1 - light.hardness * shadow(depth.reshape(size, size), here, 0.004 * scale)


def shadow(depth: Floats, here: Floats, bias: float) -> Floats:
    """Return the share of near samples in the map that lie before each point, softly, (P,)."""
    size = len(depth)
    reach = max(1.0, size / 90)
    total = np.zeros(len(here))
    steps = [(x, y) for x in (-1.5, -0.5, 0.5, 1.5) for y in (-1.5, -0.5, 0.5, 1.5)]
    for x, y in steps:
        column = np.clip(here[:, 0] + x * reach, 0, size - 1).astype(np.int64)
        row = np.clip(here[:, 1] + y * reach, 0, size - 1).astype(np.int64)
        total += np.clip((depth[row, column] - here[:, 2] - bias) / bias, 0, 1)
    return total / len(steps)


def open_sky(depth: Floats, scale: float) -> Floats:
    """Return how open each pixel is, 0..1, from how much nearer its surroundings are.

    Args:
        depth: float64 (H, W), metres, larger is nearer; very small where nothing is.
        scale: pixels of one metre.
    """
    blocked = np.zeros_like(depth)
    rings = ((0.004, 8), (0.010, 8), (0.020, 8))
    for reach, count in rings:
        for turn in np.arange(count) * 2 * np.pi / count + reach * 99:
            step = np.rint(np.array([np.sin(turn), np.cos(turn)]) * reach * scale).astype(int)
            rise = shifted(depth, int(step[0]), int(step[1])) - depth
            slope = (rise - 0.15 * reach) / reach
            blocked += np.clip(slope, 0, 1.2) * np.clip(2.5 - rise / reach * 0.5, 0, 1)
    return np.asarray(np.exp(-1.6 * blocked / sum(count for _, count in rings)))


def shifted(image: Floats, down: int, right: int) -> Floats:
    """Return the image moved by whole pixels; edges repeat."""
    rows = np.clip(np.arange(image.shape[0]) + down, 0, image.shape[0] - 1)
    columns = np.clip(np.arange(image.shape[1]) + right, 0, image.shape[1] - 1)
    return np.asarray(image[rows][:, columns])


def developed(linear: Floats, exposure: float) -> Floats:
    """Return sRGB 0..1 after a webcam's tone curve."""
    bright = linear * exposure
    toned = bright * (1 + bright / 4.0) / (1 + bright)  # soft shoulder, white at about 2
    toned = np.clip(toned * 1.18, 0, 1)
    return np.asarray(
        np.where(toned <= 0.0031308, 12.92 * toned, 1.055 * toned ** (1 / 2.4) - 0.055)
    )
