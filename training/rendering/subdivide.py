"""Loop subdivision: four smooth triangles for one."""

import numpy as np

from training.rendering.gltf import Bools, Floats, Ints


def edges_of(faces: Ints) -> tuple[Ints, Ints, Ints]:
    """Return unique edges (E, 2), the edge of each face side (F, 3), and faces per edge (E,).

    Side k of a face joins its corners k and k+1.
    """
    sides = np.stack([faces, np.roll(faces, -1, axis=1)], axis=2).reshape(-1, 2)
    edges, inverse, counts = np.unique(
        np.sort(sides, axis=1), axis=0, return_inverse=True, return_counts=True
    )
    return edges, inverse.reshape(-1, 3), counts


def subdivide(values: Floats, faces: Ints) -> tuple[Floats, Ints]:
    """Subdivide once; `values` (V, K) are smoothed with Loop's weights (positions, skin weights).

    Open edges keep their place, so a boundary stays a boundary.
    """
    edges, side, counts = edges_of(faces)
    middle = values[edges].mean(axis=1)
    opposite = np.zeros_like(middle)
    np.add.at(
        opposite, side.ravel(), values[np.roll(faces, -2, axis=1)].reshape(-1, values.shape[1])
    )
    inner = counts == 2
    middle[inner] = 0.75 * middle[inner] + 0.125 * opposite[inner]
    corners = smoothed_corners(values, edges, inner)
    mids = side + len(values)
    a, b, c = faces.T
    ab, bc, ca = mids.T
    finer = np.stack([(a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca)])  # (4, 3, F)
    return np.vstack([corners, middle]), finer.transpose(0, 2, 1).reshape(-1, 3)


def smoothed_corners(values: Floats, edges: Ints, inner: Bools) -> Floats:
    """Move old corners towards the mean of their neighbours, except on an open boundary."""
    total = np.zeros_like(values)
    count = np.bincount(edges.ravel(), minlength=len(values))[:, None]
    np.add.at(total, edges[:, 0], values[edges[:, 1]])
    np.add.at(total, edges[:, 1], values[edges[:, 0]])
    pull = np.full((len(values), 1), 0.375)
    pull[np.unique(edges[~inner])] = 0.0
    return (1.0 - pull) * values + pull * total / np.maximum(count, 1)
