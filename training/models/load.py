"""Nets by name, and from checkpoints."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from training.errors import TrainingError
from training.models.backbone import PREFIX, BackboneClassifier
from training.models.hagrid_v1 import checkpoint_of_v1, is_hagrid_v1
from training.models.joint_map import JointMapClassifier, JointMapShape
from training.models.small import ClassifierShape, CropClassifier, DetectorShape, HandDetector

SMALL = "small"
JOINT_MAP = "joint_map"
SHORT_NAMES = {"resnet18": f"{PREFIX}resnet18.tv_in1k"}
"""The tutorial's ResNet-18 begins with torchvision's weights, not with timm's own."""

Classifier = CropClassifier | JointMapClassifier | BackboneClassifier


def build_classifier(arch: str, shape: Mapping[str, Any], labels: int) -> Classifier:
    """Return a new classifier: `small`, `joint_map`, `resnet18` or `timm:NAME`.

    Raises `TrainingError` when there is no such net.
    """
    arch = SHORT_NAMES.get(arch, arch)
    if arch == SMALL:
        return CropClassifier(ClassifierShape(**_tuples(shape)), labels)
    if arch == JOINT_MAP:
        return JointMapClassifier(JointMapShape(**_tuples(shape)), labels)
    if arch.startswith(PREFIX):
        return BackboneClassifier({**shape, "name": arch.removeprefix(PREFIX)}, labels)
    raise TrainingError(
        f"There is no net {arch!r}: say small, joint_map, resnet18, or timm:NAME with a name that "
        "timm knows."
    )


def load_net(checkpoint: Mapping[str, Any]) -> nn.Module:
    """Build the net that a checkpoint describes, with its weights, ready to be run.

    Raises `TrainingError` when the weights are of another net than it says.
    """
    try:
        net: nn.Module
        if checkpoint["task"] == "detect":
            net = HandDetector(DetectorShape(**_tuples(checkpoint["shape"])))
        else:
            net = build_classifier(
                checkpoint["arch"], checkpoint["shape"], len(checkpoint["labels"])
            )
        net.load_state_dict(checkpoint["weights"])
    except (KeyError, TypeError, RuntimeError) as error:
        first = str(error).splitlines()[0]
        raise TrainingError(
            f"The checkpoint is of another net than this version builds ({first}): train it again."
        ) from None
    return net.eval()


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read `model.pt`, or a `.pth` of HaGRID's first release as if it were one.

    Raises `TrainingError` when there is none or it is damaged.
    """
    try:
        content: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
    except FileNotFoundError:
        raise TrainingError(
            f"There is no checkpoint at {path}: train one first, or name another."
        ) from None
    except OSError as error:
        raise TrainingError(
            f"{path} is no checkpoint ({error.strerror}): name a model.pt that `train` wrote."
        ) from None
    except Exception:  # noqa: BLE001  # unpickling raises many kinds, whose words mislead
        raise TrainingError(
            f"{path} is damaged or no checkpoint: name a model.pt that `train` wrote, or train it "
            "again."
        ) from None
    if isinstance(content, dict) and is_hagrid_v1(content):
        return checkpoint_of_v1(content)
    if not isinstance(content, dict) or "task" not in content or "weights" not in content:
        raise TrainingError(
            f"{path} is neither a model.pt that `train` wrote nor weights of HaGRID's first "
            "release: name such a file."
        )
    return content


def _tuples(shape: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(v) if isinstance(v, list) else v for name, v in shape.items()}
