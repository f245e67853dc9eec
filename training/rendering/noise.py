"""Smooth random values in space, for skin, cloth and rooms."""

import numpy as np

from training.rendering.gltf import Floats

GRID = 32


def lattice(seed: int) -> Floats:
    """Return a periodic grid of normal values (32, 32, 32)."""
    return np.random.default_rng(seed).standard_normal((GRID, GRID, GRID))


def value_noise(grid: Floats, points: Floats, size: float) -> Floats:
    """Sample `grid` smoothly at `points` (P, 3) in metres; `size` is the metres of one bump.

    Returns: float64 (P,), about -2..2.
    """
    place = points / size
    whole = np.floor(place)
    part = place - whole
    x, y, z = (part * part * (3 - 2 * part)).T
    i, j, k = (whole.astype(np.int64) % GRID).T
    flat = grid.ravel()
    total = np.zeros(len(points))
    for right, ahead, up in np.ndindex(2, 2, 2):
        share = (x if right else 1 - x) * (y if ahead else 1 - y) * (z if up else 1 - z)
        index = ((i + right) % GRID * GRID + (j + ahead) % GRID) * GRID + (k + up) % GRID
        total += share * flat[index]
    return total
