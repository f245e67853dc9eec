"""The first convolution reads four pixels at once, and gives the same numbers."""

from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from training.export.optimize_first_conv import group_pixels, grouped, read_bytes


def _model(kernel: int, stride: int, pad: int, *, quantized: bool = False) -> onnx.ModelProto:
    """Pixels (1, H, W, 3), turned, made float, and a convolution over them."""
    random = np.random.default_rng(0)
    weights = random.normal(0, 0.1, (8, 3, kernel, kernel)).astype(np.float32)
    nodes = [
        helper.make_node("Transpose", ["input"], ["turned"], perm=[0, 3, 1, 2]),
        helper.make_node("Cast", ["turned"], ["float"], to=TensorProto.FLOAT),
    ]
    constants, last = [numpy_helper.from_array(weights, "weights")], "float"
    if quantized:
        constants += [
            numpy_helper.from_array(np.array(1, np.float32), "scale"),
            numpy_helper.from_array(np.array(0, np.uint8), "zero"),
        ]
        nodes.append(helper.make_node("QuantizeLinear", ["float", "scale", "zero"], ["bytes"]))
        nodes.append(helper.make_node("DequantizeLinear", ["bytes", "scale", "zero"], ["back"]))
        last = "back"
    nodes.append(
        helper.make_node(
            "Conv",
            [last, "weights"],
            ["output"],
            kernel_shape=[kernel, kernel],
            strides=[stride, stride],
            pads=[pad, pad, pad, pad],
        )
    )
    takes = helper.make_tensor_value_info("input", TensorProto.UINT8, [1, "h", "w", 3])
    gives = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 8, "y", "x"])
    graph = helper.make_graph(nodes, "first", [takes], [gives], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _run(model: onnx.ModelProto, height: int = 64, width: int = 96) -> np.ndarray[Any, Any]:
    image = np.random.default_rng(1).integers(0, 256, (1, height, width, 3), np.uint8)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return np.asarray(session.run(None, {"input": image})[0])


@pytest.mark.parametrize(("kernel", "pad"), [(6, 2), (5, 1), (7, 3)])
def test_grouped_pixels_give_the_same(kernel: int, pad: int) -> None:
    """Whatever the kernel, the output is that of the plain convolution, in shape and in value."""
    plain = _run(_model(kernel, 4, pad))
    model = _model(kernel, 4, pad)
    assert group_pixels(model)
    onnx.checker.check_model(model)
    assert "Reshape" in [node.op_type for node in model.graph.node]
    np.testing.assert_allclose(_run(model), plain, rtol=1e-4, atol=1e-3)


def test_other_steps_are_left_alone() -> None:
    """A convolution with another step, reach or number of columns stays as it is."""
    for kernel, stride, pad in ((3, 2, 1), (4, 4, 0), (8, 4, 4)):
        model = _model(kernel, stride, pad)
        before = model.SerializeToString()
        assert not group_pixels(model)
        assert model.SerializeToString() == before


def test_bytes_stay_bytes() -> None:
    """The way to floats and back is left out, and nothing changes."""
    model = _model(6, 4, 2, quantized=True)
    before = _run(model)
    assert read_bytes(model)
    kinds = [node.op_type for node in model.graph.node]
    assert kinds == ["Transpose", "DequantizeLinear", "Conv"]
    np.testing.assert_array_equal(_run(model), before)
    assert not read_bytes(model)


def test_every_weight_gets_its_place() -> None:
    """All weights are there once, and the rest is zero."""
    kernel = np.random.default_rng(0).normal(0, 1, (2, 3, 6, 6)).astype(np.float32)
    wide = grouped(kernel, 2)
    assert wide.shape == (2, 12, 6, 2)
    assert np.sort(wide[wide != 0]).tolist() == np.sort(kernel.ravel()).tolist()
