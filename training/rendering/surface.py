"""The colour of every visible point: what it is made of, and the light that reaches it."""

from dataclasses import dataclass

import numpy as np

from training.rendering.gltf import Floats, Ints
from training.rendering.light import Light, developed, key_arrives, open_sky, shade
from training.rendering.raster import Fragments
from training.rendering.rig import FINGER_OF_JOINT, SLEEVE, Rig, vertex_normals
from training.rendering.scene import SUPERSAMPLE, Subject
from training.rendering.skin import Spots, skin_colour, sleeve_colour


@dataclass(frozen=True, slots=True)
class RenderedMesh:
    """A posed mesh and what of it is visible.

    Attributes:
        points: float64 (V, 3), view frame, metres.
        faces: int64 (F, 3).
        part: int64 (F,), see `rig`.
        fragments: the visible pixels, supersampled.
        size: (width, height) of the supersampled picture.
        scale: pixels of one metre before supersampling.
    """

    points: Floats
    faces: Ints
    part: Ints
    fragments: Fragments
    size: tuple[int, int]
    scale: float


def coloured(rig: Rig, subject: Subject, light: Light, drawn: RenderedMesh) -> Floats:
    """Return sRGB 0..1 (P, 3) for each fragment."""
    found, faces = drawn.fragments, drawn.faces
    corner, share = faces[found.faces], found.corners[:, :, None]
    normals = (vertex_normals(drawn.points, faces)[corner] * share).sum(axis=1)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    place = (drawn.points[corner] * share).sum(axis=1)
    albedo, gloss = material(rig, subject, drawn)
    sky = sky_at(found.pixels, place[:, 2], drawn.size[0], drawn.scale)
    side = int(np.clip(min(drawn.size), 96, 512))
    lit = key_arrives(place, (drawn.points, faces), light, side)
    return developed(shade(normals, albedo, gloss, light, (lit, sky)), light.exposure)


def material(rig: Rig, subject: Subject, drawn: RenderedMesh) -> tuple[Floats, Floats]:
    """Return albedo (P, 3), linear RGB, and gloss (P,) of skin, nails and cloth."""
    found = drawn.fragments
    corner = drawn.faces[found.faces]
    rest = (rig.vertices[corner] * found.corners[:, :, None]).sum(axis=1)
    cloth = drawn.part[found.faces] == SLEEVE
    bare, share = ~cloth, found.corners[~cloth]
    albedo, gloss = np.empty_like(rest), np.full(len(rest), 0.03)
    side = (palmar(rig)[corner[bare]] * share).sum(axis=1)
    spots = Spots(rest[bare], side, finger_of(rig)[corner[bare, 0]])
    albedo[bare], gloss[bare] = skin_colour(rig, subject.skin, spots)
    if subject.sleeve is not None:
        worn = subject.sleeve
        albedo[cloth] = sleeve_colour(rest[cloth], subject.skin.grid, worn.colours, worn.stripe)
    return albedo, gloss


def sky_at(pixels: Ints, depth: Floats, width: int, scale: float) -> Floats:
    """Return how open (P,) each covered pixel is, working on the covered part only."""
    row, column = pixels // width, pixels % width
    row, column = row - row.min(), column - column.min()
    grid = np.full((row.max() + 1, column.max() + 1), -10.0)
    grid[row, column] = depth
    return np.asarray(open_sky(grid, scale * SUPERSAMPLE)[row, column])


def palmar(rig: Rig) -> Floats:
    """Return (V,): 1 where the rest surface faces the palm side of its joint, 0 at its back."""
    up = np.einsum("vj,jr->vr", rig.weights, rig.bind[:, :3, 1])
    return np.asarray(0.5 - 0.5 * (rig.normals * up).sum(axis=1))


def finger_of(rig: Rig) -> Ints:
    """Return (V,): the finger that each vertex belongs to, -1 for palm and arm."""
    return np.asarray(FINGER_OF_JOINT[rig.weights.argmax(axis=1)])
