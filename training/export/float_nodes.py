"""Which nodes of a graph stay float when the rest becomes INT8."""

from collections.abc import Sequence

import onnx

WEIGHTED_OPS = ("Conv", "Gemm", "MatMul")


def float_nodes(graph: onnx.GraphProto) -> list[str]:
    """Return the names of the nodes that stay float: tails, and what is measured in places.

    A softmax inside a net reads a place off a map. What makes the map and what is made of places
    are few numbers, of which eight bits would be too few.
    """
    inner = [node for node in graph.node if node.op_type == "Softmax"]
    measured = {name for node in inner for name in node.output}
    names = [node.name for node in inner]
    for node in graph.node:  # in the order that they run in
        if measured & set(node.input):
            measured |= set(node.output)
            names.append(node.name)
    asked = [name for node in inner for name in node.input]
    return list(dict.fromkeys([*float_tail(graph), *names, *float_tail(graph, asked)]))


def float_tail(graph: onnx.GraphProto, ends: Sequence[str] | None = None) -> list[str]:
    """Return the names of the last weighted node before each end, and of what follows it.

    `ends` are the outputs unless given. An `embedding` is a by-product and asks for nothing, and
    neither does whoever asks for a shape.
    """
    maker = {name: node for node in graph.node for name in node.output}
    outputs = [output.name for output in graph.output if output.name != "embedding"]
    todo = list(outputs if ends is None else ends)
    tail: list[str] = []
    while todo:
        node = maker.get(todo.pop())
        if node is None or node.name in tail or node.op_type == "Shape":
            continue
        tail.append(node.name)
        if node.op_type not in WEIGHTED_OPS:
            todo += node.input
    return tail
