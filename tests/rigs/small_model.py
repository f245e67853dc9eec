"""A classifier that a test makes: what it says depends on the colour of the crop alone."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIZE = 32
WIDTHS = {"gesture": 3, "hand": 2, "orientation": 4, "embedding": 3}
LABELS = ["fist", "palm", "no_gesture"]


def small_model(folder: Path, outputs: Sequence[str], widths: dict[str, int] | None = None) -> Path:
    """Write a model and its card.

    Output `i` of each head is the mean of colour `i % 3`, times 20; `embedding` is the mean colour
    at length 1.
    """
    nodes = [
        helper.make_node("Cast", ["input"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["float"], ["mean"], axes=[1, 2], keepdims=0),
    ]
    weights, ends = [], []
    for name in outputs:
        width = (widths or WIDTHS)[name]
        weight = np.zeros((3, width), np.float32)
        weight[np.arange(width) % 3, np.arange(width)] = 20 / 255
        weights.append(numpy_helper.from_array(weight, f"{name}_weight"))
        last = "raw" if name == "embedding" else name
        nodes.append(helper.make_node("MatMul", ["mean", f"{name}_weight"], [last]))
        if name == "embedding":
            nodes.append(helper.make_node("LpNormalization", ["raw"], [name], axis=1, p=2))
        ends.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", width]))
    takes = helper.make_tensor_value_info("input", TensorProto.UINT8, ["N", SIZE, SIZE, 3])
    graph = helper.make_graph(nodes, "small", [takes], ends, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path = folder / "small.onnx"
    onnx.save(model, str(path))
    path.with_suffix(".json").write_text(json.dumps(_card(path)), "utf-8")
    return path


def _card(path: Path) -> dict[str, Any]:
    return {
        "name": "small",
        "task": "classify",
        "format_version": 1,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "input": {"height": SIZE, "width": SIZE, "layout": "NHWC", "dtype": "uint8"},
        "labels": LABELS,
        "hands": ["right", "left"],
        "crop": {"scale": 1.0, "square": True, "pad": "black"},
        "thresholds": {"default": 0.5},
    }
