"""Weights that HaGRID's authors published: read as a checkpoint of ours, with the same answers."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from training.__main__ import main
from training.errors import TrainingError
from training.models.backbone import BackboneClassifier, create, pixel_statistics
from training.models.hagrid_v1 import PARTS
from training.models.load import load_net, read_checkpoint
from vcam.core.labels import LABELS

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
HEADS = (("classifier", "leading_hand"), ("gesture_classifier", "leading_hand_classifier"))
"""What the two heads are called in the two states of their code."""


class Published(nn.Module):
    """Their net, put together as they do: a sequence of ResNet's parts and two heads."""

    def __init__(self, heads: tuple[str, str]) -> None:
        super().__init__()
        net: Any = create("resnet18", None)
        parts = [net.conv1, net.bn1, nn.ReLU(), net.maxpool]
        parts += [net.layer1, net.layer2, net.layer3, net.layer4, nn.AdaptiveAvgPool2d(1)]
        self.backbone = nn.Sequential(*parts)
        self.heads = heads
        for name, rows in zip(heads, (len(LABELS), 2), strict=True):
            self.add_module(name, nn.Sequential(nn.Linear(512, rows)))

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Map RGB (N, 3, H, W) of 0..1 to logits of both heads."""
        features = torch.flatten(self.backbone(pixels), 1)
        first, second = (getattr(self, name)(features) for name in self.heads)
        return first, second


def _write(path: Path, heads: tuple[str, str], change: dict[str, Any] | None = None) -> Published:
    torch.manual_seed(1)
    net = Published(heads).eval()
    torch.save({"state_dict": net.state_dict() | (change or {}), "epoch": 7, "config": {}}, path)
    return net


@pytest.mark.parametrize("heads", HEADS)
def test_the_same_answers(tmp_path: Path, heads: tuple[str, str]) -> None:
    """What their code says of a crop, ours says too, for both heads."""
    theirs = _write(tmp_path / "ResNet18.pth", heads)
    checkpoint = read_checkpoint(tmp_path / "ResNet18.pth")
    assert checkpoint["labels"] == list(LABELS)
    assert checkpoint["margin"] == 1.0
    crops = torch.randint(0, 256, (2, 224, 224, 3), dtype=torch.uint8)
    with torch.no_grad():
        gesture, hand = theirs(crops.permute(0, 3, 1, 2).float() / 255)
        ours = load_net(checkpoint)(crops)
    assert torch.allclose(ours["gesture"], gesture, atol=1e-5)
    assert torch.allclose(ours["hand"], hand, atol=1e-5)
    assert "orientation" not in ours


def test_exported_and_learnt_on_from(tmp_path: Path, cache: Path) -> None:
    """The file is exported as it is, and fine-tuned, orientation and all."""
    path = tmp_path / "ResNet18.pth"
    _write(path, HEADS[0])
    assert main(["export", str(path), "--name", "hagrid", "--out", str(tmp_path)]) == 0
    run = ["train", "classifier", "--cache", str(cache), "--out", str(tmp_path / "run")]
    run += ["--start", str(path), "--recipe", "tutorial", "--weights", "none", "--size", "32"]
    run += ["--epochs", "1", "--pictures", "16", "--batch", "8", "--workers", "0"]
    assert main(run) == 0
    learnt = read_checkpoint(tmp_path / "run" / "model.pt")
    assert "heads.orientation.weight" in learnt["weights"]


def test_another_net_is_refused(tmp_path: Path) -> None:
    """A net that was not published, or one with other heads, ends in a sentence."""
    path = tmp_path / "other.pth"
    _write(path, HEADS[0], {"backbone.7.2.conv1.weight": torch.zeros(1)})
    with pytest.raises(TrainingError, match="no ResNet that HaGRID published"):
        read_checkpoint(path)
    _write(path, HEADS[0], {"classifier.0.weight": torch.zeros(34, 512)})
    with pytest.raises(TrainingError, match="no head of 19 gestures"):
        read_checkpoint(path)


def test_parts_are_all_of_a_resnet() -> None:
    """Every part of timm's net that has weights has a place in their sequence."""
    names = {name.partition(".")[0] for name in create("resnet18", None).state_dict()}
    assert names == set(PARTS.values())


def test_pretrained_pixels_are_normalised() -> None:
    """A backbone gets pixels as its weights expect them: the mean becomes 0."""
    said = pixel_statistics("resnet18.tv_in1k")
    assert said["mean"] == pytest.approx([0.485, 0.456, 0.406])
    net = BackboneClassifier({"name": "resnet18", "size": 32, **said}, 19).eval()
    seen: list[Tensor] = []
    net.backbone.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    net(torch.tensor(said["mean"]).mul(255).expand(1, 32, 32, 3))
    assert seen[0].abs().max() < 1e-5
