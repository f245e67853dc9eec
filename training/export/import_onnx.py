"""Learn on from a file that runs: its weights become a net again that can learn.

In an exported file every batch norm is folded into its convolution, and INT8 rounds weights to a
few bits. Here weights are taken out of their bytes, and batch norms are made again so that they
give back what they take away: the net computes what the file computes, but for what INT8 rounds.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from training.errors import TrainingError
from training.export.optimize_first_conv import COLOURS, GROUP, ungrouped
from training.models.small import CropClassifier, HandDetector
from vcam.errors import ModelError
from vcam.vision.models.session import Array, ModelSession


class _NotOfThisNetError(Exception):
    """The graph has not what the net needs; the text says what."""


def import_onnx(
    net: nn.Module, path: Path, labels: Sequence[str], images: Tensor
) -> tuple[str, ...]:
    """Give `net` the weights of the ONNX file at `path`, in place; return the file's labels.

    `labels` are those of the net, empty for a detector; gestures that the file does not know keep
    the weights that they have. `images` (N, H, W, 3), RGB of 0..255, are training pictures by
    which batch norms are set. Raises `TrainingError` when the file is not one of this net.
    """
    if not isinstance(net, CropClassifier | HandDetector):
        raise TrainingError(
            "Only the small nets learn on from an ONNX file: name a model.pt, such as "
            "models/float/gesture_classifier.pt, the shipped classifier's."
        )
    try:
        card = ModelSession(path, "classify" if labels else "detect").card
        stored = _Stored(onnx.load(path))
        _take_convolutions(net, stored)
        if isinstance(net, HandDetector):
            _take_cells(net, stored)
        else:
            _take_heads(net, stored, card.labels, labels)
    except ModelError as error:
        raise TrainingError(str(error)) from None
    except _NotOfThisNetError as error:
        raise TrainingError(f"{path} is no model of this net ({error}): name another.") from None
    _make_norms(net, images)
    return tuple(card.labels or ())


class _Stored:
    """The weights in a graph, by the names that torch gave them."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self._tensors = {each.name: each for each in model.graph.initializer}
        self._makers = {name: node for node in model.graph.node for name in node.output}
        self._nodes = list(model.graph.node)

    def convolution(self, module: str) -> tuple[Array, Array]:
        """Return weight (O, I, KH, KW) and bias (O,) of a module, batch norm folded in."""
        ends = f"{_scope(module)}/Conv"
        for node in self._nodes:
            if node.op_type == "Conv" and node.name.endswith(ends):
                return self.array(node.input[1]), self.array(node.input[2])
        raise _NotOfThisNetError(f"it has no convolution {module}")

    def beside(self, bias: str) -> Array:
        """Return the weight (O, F) of the product that a bias is added to."""
        for node in self._nodes:
            if node.op_type == "Gemm" and bias in node.input:
                return self.array(node.input[1])
        raise _NotOfThisNetError(f"it has no {bias}")

    def array(self, name: str) -> Array:
        """Return what is stored under a name, or made of what is stored, as float32."""
        if name in self._tensors:
            return numpy_helper.to_array(self._tensors[name]).astype(np.float32)
        node = self._makers.get(name)
        if node is None or node.op_type not in ("Cast", "Flatten", "DequantizeLinear"):
            raise _NotOfThisNetError(f"it has no weights {name}")
        given = [self.array(each) for each in node.input]
        if len(given) == 1:
            return given[0].reshape(len(given[0]), -1) if node.op_type == "Flatten" else given[0]
        stored, scale, zero = given
        along = [-1 if place == 0 else 1 for place in range(stored.ndim if scale.ndim else 0)]
        return (stored - zero.reshape(along)) * scale.reshape(along)


def _take_convolutions(net: CropClassifier | HandDetector, stored: _Stored) -> None:
    """Put every convolution and what was folded into it where they were, batch norms at rest."""
    modules = list(net.named_modules())
    norms = [module for _, module in modules if isinstance(module, nn.BatchNorm2d)]
    folded = [(n, m) for n, m in modules if isinstance(m, nn.Conv2d) and m.bias is None]
    for place, ((name, convolution), norm) in enumerate(zip(folded, norms, strict=True)):
        weight, bias = stored.convolution(name)
        if weight.shape[1] == GROUP * COLOURS != convolution.in_channels:
            high, wide = convolution.kernel_size
            weight = ungrouped(weight, (high, wide), int(convolution.padding[1]))
        _put(convolution.weight, weight * (net.scale if place == 0 else 1.0), name)
        _put(norm.bias, bias, name)
        nn.init.ones_(norm.weight)
        norm.reset_running_stats()


def _take_cells(net: HandDetector, stored: _Stored) -> None:
    """Put the two last layers back, which are exported as products over chosen cells."""
    for name, head in (("score", net.score), ("sides", net.sides)):
        bias = f"net.{name}.bias"
        _put(head.weight, stored.beside(bias)[..., None, None], name)
        _put(head.bias, stored.array(bias), name)


def _take_heads(
    net: CropClassifier, stored: _Stored, known: Sequence[str], labels: Sequence[str]
) -> None:
    """Put the heads back; rows of the gesture head go by name."""
    for name in ("hand", "orientation"):
        head = getattr(net.heads, name)
        _put(head.weight, stored.array(f"net.heads.{name}.weight"), name)
        _put(head.bias, stored.array(f"net.heads.{name}.bias"), name)
    head = net.heads.gesture
    theirs = {label: place for place, label in enumerate(known)}
    places = [place for place, label in enumerate(labels) if label in theirs]
    rows = [theirs[labels[place]] for place in places]
    for target, name in ((head.weight, "weight"), (head.bias, "bias")):
        values = target.detach().numpy().copy()
        values[places] = stored.array(f"net.heads.gesture.{name}")[rows]
        _put(target, values, "gesture")


def _put(target: Tensor | None, values: Array, name: str) -> None:
    if target is None or tuple(target.shape) != values.shape:
        raise _NotOfThisNetError(f"its {name} has another shape")
    with torch.no_grad():
        target.copy_(torch.from_numpy(np.ascontiguousarray(values)))


def _scope(name: str) -> str:
    """Return the path under which torch exports a module: `a.0.b.1` becomes `/a/a.0/b/b.1`."""
    parts: list[str] = []
    for word in name.split("."):
        parts.append(f"{parts[-1]}.{word}" if word.isdigit() and parts else word)
    return "".join(f"/{part}" for part in parts)


@torch.no_grad()
def _make_norms(net: nn.Module, images: Tensor) -> None:
    """Let each batch norm take away mean and spread of what it is given, and give them back."""

    def set_by(norm: nn.Module, given: tuple[Tensor, ...]) -> None:
        spread, mean = torch.var_mean(given[0], (0, 2, 3), correction=0)
        norm.running_mean.copy_(mean)  # type: ignore[operator]  # a BatchNorm2d's
        norm.running_var.copy_(spread)  # type: ignore[operator]
        norm.weight.copy_((spread + norm.eps).sqrt())  # type: ignore[operator]
        norm.bias.add_(mean)  # type: ignore[operator]

    norms = [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
    hooks = [norm.register_forward_pre_hook(set_by) for norm in norms]
    was_training = net.training
    net.eval()(images)
    net.train(was_training)
    for hook in hooks:
        hook.remove()
