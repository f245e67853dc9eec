"""A z-buffer without a GPU: every (triangle, pixel) pair is tested at once in numpy."""

from dataclasses import dataclass

import numpy as np

from training.rendering.gltf import Floats, Ints


@dataclass(frozen=True, slots=True)
class Fragments:
    """The front-most surface of each covered pixel.

    Attributes:
        pixels: int64 (P,), row * width + column, ascending.
        faces: int64 (P,), which triangle is seen.
        corners: float64 (P, 3), barycentric weights of its three corners.
        depth: float64 (P,), larger is nearer to the camera.
    """

    pixels: Ints
    faces: Ints
    corners: Floats
    depth: Floats


def rasterise(points: Floats, faces: Ints, width: int, height: int) -> Fragments:
    """Draw triangles that face the camera.

    Args:
        points: float64 (V, 3): x right, y down in pixels (pixel centres at .5), z nearer = larger.
        faces: int64 (F, 3), counter-clockwise in a y-up view.
        width: of the picture in pixels.
        height: of the picture in pixels.
    """
    corner = points[faces]  # (F, 3, 3)
    area = cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    shown = np.flatnonzero(area < -1e-9)  # y points down, so outside faces turn clockwise
    corner = corner[shown]
    owner, column, row = pairs(corner, width, height)
    slopes = weight_slopes(corner, area[shown])
    first, second = (
        (slope[owner, 0] * column + slope[owner, 1] * row) + slope[owner, 2] for slope in slopes
    )
    third = 1.0 - first - second
    inside = np.flatnonzero((first >= 0) & (second >= 0) & (third >= 0))
    owner, pixel = owner[inside], row[inside] * width + column[inside]
    share = np.stack([first[inside], second[inside], third[inside]], axis=1)
    depth = (share * corner[owner, :, 2]).sum(axis=1)
    order = np.lexsort((depth, pixel))
    last = np.flatnonzero(np.diff(pixel[order], append=-1))  # the nearest of each pixel
    keep = order[last]
    return Fragments(pixel[keep], shown[owner[keep]], share[keep], depth[keep])


def weight_slopes(corner: Floats, area: Floats) -> tuple[Floats, Floats]:
    """Return (F, 3) each: first and second barycentric weight as a * column + b * row + c."""
    (x0, y0), (x1, y1), (x2, y2) = (corner[:, k, :2].T for k in range(3))
    slopes = []
    for xa, ya, xb, yb in ((x1, y1, x2, y2), (x2, y2, x0, y0)):
        across, down = (ya - yb) / area, (xb - xa) / area
        start = (xa * yb - xb * ya) / area + 0.5 * (across + down)  # pixel centres
        slopes.append(np.stack([across, down, start], axis=1))
    return slopes[0], slopes[1]


def cross(a: Floats, b: Floats) -> Floats:
    """Return the z part of the cross product of 2-D (or the xy of 3-D) vectors, row by row."""
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]


def pairs(corner: Floats, width: int, height: int) -> tuple[Ints, Ints, Ints]:
    """List each pixel of each triangle's bounding box: triangle, column, row, all (N,)."""
    size = np.array([width, height])
    low = np.clip(np.floor(corner[:, :, :2].min(axis=1)), 0, size).astype(np.int64)
    high = np.clip(np.ceil(corner[:, :, :2].max(axis=1)), 0, size).astype(np.int64)
    span = np.maximum(high - low, 0)
    count = span.prod(axis=1)
    owner = np.repeat(np.arange(len(corner)), count)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    wide = span[owner, 0]
    return owner, low[owner, 0] + step % wide, low[owner, 1] + step // wide
