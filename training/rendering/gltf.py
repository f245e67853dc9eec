"""Read the one mesh and one skin of a binary glTF file (JSON chunk, then a binary chunk)."""

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DTYPES: Final = {5121: "<u1", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTHS: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


@dataclass(frozen=True, slots=True)
class SkinnedMesh:
    """A mesh in its bind pose, vertices merged over texture seams.

    Attributes:
        vertices: float64 (V, 3), metres.
        faces: int64 (F, 3), indices of vertices, counter-clockwise seen from outside.
        weights: float64 (V, J), rows sum to 1.
        joint_names: J names.
        bind: float64 (J, 4, 4), joint to mesh, columns are axes (-z points along the bone).
    """

    vertices: Floats
    faces: Ints
    weights: Floats
    joint_names: tuple[str, ...]
    bind: Floats


def read_glb(path: Path) -> SkinnedMesh:
    """Parse `path` into a `SkinnedMesh`."""
    document, blob = chunks(path.read_bytes())
    primitive = document["meshes"][0]["primitives"][0]
    skin = document["skins"][0]
    attributes = {k: accessor(document, blob, v) for k, v in primitive["attributes"].items()}
    inverse = accessor(document, blob, skin["inverseBindMatrices"]).reshape(-1, 4, 4)
    joints = attributes["JOINTS_0"].astype(np.int64)
    dense = np.zeros((len(joints), len(inverse)))
    for slot in range(4):
        np.add.at(
            dense, (np.arange(len(joints)), joints[:, slot]), attributes["WEIGHTS_0"][:, slot]
        )
    faces = accessor(document, blob, primitive["indices"]).astype(np.int64).reshape(-1, 3)
    names = tuple(document["nodes"][node]["name"] for node in skin["joints"])
    bind: Floats = np.linalg.inv(inverse.transpose(0, 2, 1)).astype(np.float64)
    return merged(attributes["POSITION"], faces, dense, names, bind)


def chunks(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Split a .glb into its JSON document and its binary blob."""
    (length,) = struct.unpack_from("<I", data, 12)
    return json.loads(data[20 : 20 + length]), data[28 + length :]


def accessor(document: dict[str, Any], blob: bytes, index: int) -> Floats:
    """Return accessor `index` as float64 (count, width)."""
    entry = document["accessors"][index]
    view = document["bufferViews"][entry["bufferView"]]
    width = WIDTHS[entry["type"]]
    start = view.get("byteOffset", 0) + entry.get("byteOffset", 0)
    flat = np.frombuffer(blob, DTYPES[entry["componentType"]], entry["count"] * width, start)
    return flat.reshape(entry["count"], width).astype(np.float64)


def merged(
    points: Floats, faces: Ints, weights: Floats, names: tuple[str, ...], bind: Floats
) -> SkinnedMesh:
    """Join vertices that differ only in texture coordinates, so that the surface is closed."""
    _, first, inverse = np.unique(
        np.round(points, 6), axis=0, return_index=True, return_inverse=True
    )
    kept = weights[first] / weights[first].sum(axis=1, keepdims=True)
    return SkinnedMesh(points[first], inverse.ravel()[faces], kept, names, bind)
