"""ONNX files: written from torch, compared with it, made smaller, put in place with their card."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from vcam.system.atomic_write import write_atomic

OPSET = 17
"""Old enough for every ONNX Runtime since 1.13; nothing in our nets needs a newer one."""
FLOAT16_MIN_SIZE = 1024
"""Weights with more numbers than this are stored as float16."""

Array = npt.NDArray[Any]


def write_onnx(
    net: nn.Module, images: Tensor, path: Path, names: Sequence[str], free: dict[int, str]
) -> None:
    """Export a net that takes uint8 pictures and gives one tensor for each of `names`.

    `free` names the axes of the input that stay free; axis 0 is then free in all outputs too.
    """
    axes = {"input": free} | ({name: {0: free[0]} for name in names} if 0 in free else {})
    torch.onnx.export(
        net,
        (images,),
        path,
        input_names=["input"],
        output_names=list(names),
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )


def outputs_of(path: Path, images: Tensor) -> list[Array]:
    """Return what ONNX Runtime makes of uint8 pictures."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    given: list[Array] = session.run(None, {"input": images.numpy()})
    return given


def largest_difference(wanted: Sequence[Array], given: Sequence[Array]) -> float:
    """Return the largest difference between two lists of arrays of the same shapes."""
    pairs = zip(wanted, given, strict=True)
    return max(float(np.abs(one - other).max()) for one, other in pairs if one.size)


def halve_weights(path: Path) -> None:
    """Store large weights as float16, widened again by the graph when it is loaded.

    ONNX Runtime folds the widening away at load time, so that nothing is slower; files halve.
    """
    model = onnx.load(path)
    for weight in [w for w in model.graph.initializer if _is_large(w)]:
        values = onnx.numpy_helper.to_array(weight)
        small = onnx.numpy_helper.from_array(values.astype(np.float16), f"{weight.name}_half")
        wide = onnx.helper.make_node("Cast", [small.name], [weight.name], to=onnx.TensorProto.FLOAT)
        model.graph.initializer.remove(weight)
        model.graph.initializer.append(small)
        model.graph.node.insert(0, wide)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def widen_weights(model: onnx.ModelProto) -> None:
    """Undo `halve_weights` in place: float16 weights become float32 ones under their old names.

    Quantizing needs it: a weight that a `Cast` gives is no weight to it, but an activation.
    """
    halves = {w.name: w for w in model.graph.initializer if _is_half(w)}
    for cast in [n for n in model.graph.node if n.op_type == "Cast" and n.input[0] in halves]:
        small = halves[cast.input[0]]
        values = onnx.numpy_helper.to_array(small).astype(np.float32)
        model.graph.initializer.append(onnx.numpy_helper.from_array(values, cast.output[0]))
        model.graph.initializer.remove(small)
        model.graph.node.remove(cast)


def drop_unused_domains(model: onnx.ModelProto) -> None:
    """Leave out, in place, operator sets that no node is from.

    ONNX Runtime's own tools declare all that they know, which an older version may refuse.
    """
    used = {node.domain for node in model.graph.node} | {""}
    kept = [each for each in model.opset_import if each.domain in used]
    del model.opset_import[:]
    model.opset_import.extend(kept)


def _is_large(weight: onnx.TensorProto) -> bool:
    return (
        weight.data_type == onnx.TensorProto.FLOAT and int(np.prod(weight.dims)) > FLOAT16_MIN_SIZE
    )


def _is_half(weight: onnx.TensorProto) -> bool:
    return bool(weight.data_type == onnx.TensorProto.FLOAT16)


def put_in_place(made: Path, card: dict[str, Any], path: Path) -> None:
    """Move a finished model to `path`, its card embedded in it and, with its checksum, beside it.

    Both come by renaming, the card last: a kill between leaves a pair that the runtime refuses,
    never one that it misreads.
    """
    model = onnx.load(made)
    del model.metadata_props[:]
    model.metadata_props.add(key="card", value=json.dumps(card))
    onnx.save(model, made)
    card = {**card, "sha256": hashlib.sha256(made.read_bytes()).hexdigest()}
    made.replace(path)
    write_atomic(path.with_suffix(".json"), (json.dumps(card, indent=2) + "\n").encode())
