"""The first convolution, made cheap for ONNX Runtime's INT8 kernels: the same numbers, sooner.

Its fast kernels take the channels of bytes in fours, so that a convolution over three colours goes
a slower way; and a quantized graph turns pixels into floats and back into the same bytes before it
begins. Both are fixed in the graph, without touching what it computes.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

GROUP = 4
"""Pixels of a row that are read as one."""
COLOURS = 3

Kernel = npt.NDArray[np.float32]


def group_pixels(model: ModelProto) -> bool:
    """Let the first convolution read four pixels of a row as one with twelve channels, in place.

    The bytes stay where they are, (N, H, W, 3) is read as (N, H, W / 4, 12); the weights change
    places. Return False, and change nothing, unless the float graph begins with a convolution whose
    step along the row is four pixels: then columns of the output are columns of the groups.
    """
    path = _path_to_conv(model.graph)
    if path is None:
        return False
    conv = path[-1]
    places = {attribute.name: attribute for attribute in conv.attribute}
    weights = _initializer(model.graph, conv.input[1])
    top, left, bottom, right = places["pads"].ints
    if weights is None or places["strides"].ints[1] != GROUP or left > GROUP:
        return False
    kernel = grouped(weights, left)
    one_each = 1 <= weights.shape[3] - left - right <= GROUP  # an output column for every group
    if kernel.shape[3] != 2 or not one_each:  # a group to the left, and its own
        return False
    name = f"{conv.input[1]}_grouped"
    model.graph.initializer.append(numpy_helper.from_array(kernel, name))
    model.graph.initializer.remove(_named(model.graph, conv.input[1]))
    conv.input[1] = name
    places["kernel_shape"].ints[:] = kernel.shape[2:]
    places["pads"].ints[:] = (top, 1, bottom, 0)
    places["strides"].ints[1] = 1
    _read_in_groups(model.graph, path[0])
    return True


def grouped(kernel: Kernel, left: int) -> Kernel:
    """Turn a kernel (O, 3, KH, KW) over pixels into (O, 12, KH, groups) over groups of four.

    `left` pixels of it lie left of the pixel that it belongs to, which begins a group.
    """
    outputs, colours, high, wide = kernel.shape
    before = -(-left // GROUP)
    after = (wide - 1 - left) // GROUP
    out = np.zeros((outputs, GROUP * colours, high, before + 1 + after), kernel.dtype)
    for column, group, channels in _columns(wide, left):
        out[:, channels, :, group] = kernel[:, :, :, column]
    return out


def ungrouped(kernel: Kernel, size: tuple[int, int], left: int) -> Kernel:
    """Turn a kernel over groups of four back into one over pixels: what `grouped` was given.

    `size` is the height and width of that kernel.
    """
    high, wide = size
    out = np.zeros((len(kernel), COLOURS, high, wide), kernel.dtype)
    for column, group, channels in _columns(wide, left):
        out[..., column] = kernel[:, channels, :, group]
    return out


def _columns(wide: int, left: int) -> Iterator[tuple[int, int, slice]]:
    """Yield each column of a kernel over pixels with its group and its channels there."""
    before = -(-left // GROUP)
    for column in range(wide):
        group, pixel = divmod(column - left, GROUP)
        yield column, group + before, slice(pixel * COLOURS, (pixel + 1) * COLOURS)


def read_bytes(model: ModelProto) -> bool:
    """Let a quantized graph take its pixels as they come, in place.

    What is left out is a cast to float and the way back to bytes at a scale of 1, which changes
    nothing. Return False, and change nothing, where the graph does not begin like that.
    """
    path = _path_to_conv(model.graph)
    kinds = [node.op_type for node in path or ()][-4:]
    if path is None or kinds != ["Cast", "QuantizeLinear", "DequantizeLinear", "Conv"]:
        return False
    cast, to_bytes, back, _ = path[-4:]
    scale, zero = (_initializer(model.graph, name) for name in to_bytes.input[1:3])
    if scale is None or zero is None or scale != 1 or zero != 0 or zero.dtype != np.uint8:
        return False
    back.input[0] = cast.input[0]
    model.graph.node.remove(cast)
    model.graph.node.remove(to_bytes)
    return True


def _path_to_conv(graph: GraphProto) -> list[NodeProto] | None:
    """Return the nodes from the input to the first convolution; None where the way forks."""
    path: list[NodeProto] = []
    name = graph.input[0].name
    while not path or path[-1].op_type != "Conv":
        readers = [node for node in graph.node if name in node.input]
        if len(readers) != 1 or not readers[0].output:
            return None
        path += readers
        name = readers[0].output[0]
    return path


def _read_in_groups(graph: GraphProto, first: NodeProto) -> None:
    """Put a reshape before the first node: free of cost, since no byte moves."""
    shape = numpy_helper.from_array(np.array([0, 0, -1, GROUP * COLOURS], np.int64), "in_groups")
    graph.initializer.append(shape)
    reshape = helper.make_node("Reshape", [first.input[0], shape.name], ["grouped_pixels"])
    first.input[0] = reshape.output[0]
    graph.node.insert(0, reshape)
    del graph.value_info[:]  # shapes between here and the convolution are others now


def _named(graph: GraphProto, name: str) -> TensorProto | None:
    return next((each for each in graph.initializer if each.name == name), None)


def _initializer(graph: GraphProto, name: str) -> Kernel | None:
    found = _named(graph, name)
    return None if found is None else numpy_helper.to_array(found)
