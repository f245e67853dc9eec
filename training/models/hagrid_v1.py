"""Classifiers that HaGRID's authors published with its first release: two heads on a ResNet.

Their `.pth` files hold the weights of torchvision's ResNet as a sequence of its parts
(`backbone.0` is its first convolution, `backbone.4` its first stage), and a linear head each for
the 19 labels and for the leading hand, in the order that is also ours. They were trained on square
crops of RGB 0..1 that end where the annotated box ends (hukenovs/hagrid, `classifier/`).
"""

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from training.errors import TrainingError
from vcam.core.labels import LABELS, LEADING_HANDS

CROP_PX = 224
MARGIN = 1.0
"""Side of the crop by the longer side of the box, as they are tested."""
PARTS = {"0": "conv1", "1": "bn1", "4": "layer1", "5": "layer2", "6": "layer3", "7": "layer4"}
"""torchvision's names of the parts by their place in the sequence; the others have no weights."""
FIRST_CONVOLUTION = "backbone.0.weight"
WIDTH = "backbone.4.0.conv1.weight"
NETS: Mapping[tuple[int, ...], str] = {
    (2, 2, 2, 2, 64): "resnet18",
    (3, 4, 6, 3, 64): "resnet50",
    (3, 8, 36, 3, 64): "resnet152",
    (3, 4, 6, 3, 128): "resnext50_32x4d",
    (3, 4, 23, 3, 256): "resnext101_32x8d",
}
"""timm's names by the number of blocks in each stage and by the width of the first block."""


def is_hagrid_v1(content: Mapping[str, Any]) -> bool:
    """Tell whether a file's content is such a checkpoint."""
    return FIRST_CONVOLUTION in _weights(content)


def checkpoint_of_v1(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of a `.pth` as that of a `model.pt`.

    Raises `TrainingError` when the net or its heads are none of those that were published.
    """
    found = _weights(content)
    stages = [_blocks(found, place) for place in "4567"]
    name = NETS.get((*stages, len(found[WIDTH]) if WIDTH in found else 0))
    if name is None:
        raise TrainingError(
            "These weights are of no ResNet that HaGRID published: give ResNet18.pth, "
            "ResNet152.pth or one of their kind."
        )
    weights = {
        f"backbone.{PARTS[place]}.{rest}": value
        for key, value in found.items()
        if key.startswith("backbone.")
        for _, place, rest in [key.split(".", 2)]
        if place in PARTS
    }
    heads = {key: value for key, value in found.items() if not key.startswith("backbone.")}
    weights |= _head(heads, len(LABELS), "gesture") | _head(heads, len(LEADING_HANDS), "hand")
    return {
        "task": "classify",
        "arch": f"timm:{name}",
        "shape": {"size": CROP_PX, "name": name, "dropout": 0.0, "orientation": False},
        "labels": list(LABELS),
        "margin": MARGIN,
        "hands_known": 1.0,
        "recipe": {"source": "HaGRID v1, published by its authors", "epochs": content.get("epoch")},
        "commit": "not trained here",
        "weights": weights,
    }


def _weights(content: Mapping[str, Any]) -> Mapping[str, Tensor]:
    found = content.get("state_dict", content)
    return found if isinstance(found, Mapping) else {}


def _blocks(weights: Mapping[str, Tensor], stage: str) -> int:
    start = f"backbone.{stage}."
    return len({key.split(".")[2] for key in weights if key.startswith(start)})


def _head(heads: Mapping[str, Tensor], rows: int, name: str) -> dict[str, Tensor]:
    """Return weight and bias of the head with so many rows, under our name for it."""
    fitting = [key for key, value in heads.items() if value.ndim == 2 and len(value) == rows]
    if len(fitting) != 1:
        raise TrainingError(
            f"These weights have no head of {rows} {name}s: they are of another release of HaGRID."
        )
    key = fitting[0]
    bias = heads[key.removesuffix("weight") + "bias"]
    return {f"heads.{name}.weight": heads[key], f"heads.{name}.bias": bias}
