"""Smooth random values in space, for skin, cloth and rooms."""

import numpy as np

from training.synthesize.gltf import Floats

GRID = 32


def lattice(seed: int) -> Floats:
    """Return a periodic grid of normal values (32, 32, 32)."""
    return np.random.default_rng(seed).standard_normal((GRID, GRID, GRID))


def value_noise(grid: Floats, points: Floats, size: float) -> Floats:
    """Sample `grid` smoothly at `points` (P, 3) in metres; `size` is the metres of one bump.

    Returns: float64 (P,), about -2..2.
    """
    place = points / size
    whole = np.floor(place).astype(np.int64)
    part = place - whole
    part = part * part * (3 - 2 * part)
    total = np.zeros(len(points))
    for corner in range(8):
        bits = np.array([corner & 1, corner >> 1 & 1, corner >> 2 & 1])
        share = np.where(bits, part, 1 - part).prod(axis=1)
        total += share * grid[tuple(((whole + bits) % GRID).T)]
    return total
