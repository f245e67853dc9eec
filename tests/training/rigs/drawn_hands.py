"""Prepared folders of hands drawn on the spot, and nets that learnt them in a second or two."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import nn

from training.datasets.shards import Dataset, ShardWriter
from training.models.small import ClassifierShape, CropClassifier

LABELS = ("palm", "vulcan", "no_gesture")
COLOURS = {"palm": (60, 160, 240), "vulcan": (240, 120, 60), "no_gesture": (90, 200, 90)}
SIDE = 64


def write_folder(folder: Path, count: int = 24) -> Path:
    """Write a prepared folder: hands of three gestures, right ones wide and left ones high."""
    random = np.random.default_rng(0)
    Dataset(LABELS, SIDE, 96).write(folder)
    for split in ("train", "val"):
        with ShardWriter(folder / split / "hands-00000.tar") as hands:
            for number in range(count):
                hands.add(*_hand(LABELS[number % 3], number % 2, random))
        with ShardWriter(folder / split / "frames-00000.tar") as frames:
            for _ in range(4):
                image = random.integers(0, 60, (72, 96, 3), np.uint8)
                cv2.ellipse(image, (48, 36), (14, 20), 0, 0, 360, COLOURS["palm"], -1)
                row = {"source": "drawn", "boxes": [[34.0, 16.0, 62.0, 56.0]], "ignore": []}
                frames.add({"jpg": _jpg(image)}, row)
    return folder


def _hand(gesture: str, left: int, random: np.random.Generator) -> tuple[dict[str, bytes], Any]:
    image = random.integers(0, 60, (SIDE, SIDE, 3), np.uint8)
    axes = (9, 16) if left else (16, 9)
    cv2.ellipse(image, (SIDE // 2, SIDE // 2), axes, 0, 0, 360, COLOURS[gesture], -1)
    row = {
        "gesture": gesture,
        "side": "left" if left else "right",
        "side_confidence": 1.0,
        "source": "drawn",
        "tight": False,
        "cut": False,
        "seen": [0, 0, SIDE, SIDE],
    }
    return {"jpg": _jpg(image)}, row


def _jpg(image: Any) -> bytes:
    return bytes(cv2.imencode(".jpg", image)[1].tobytes())


def small_net(labels: Sequence[str] = LABELS) -> CropClassifier:
    """Return a net of ours, as small as it goes."""
    torch.manual_seed(0)
    return CropClassifier(ClassifierShape(size=32, stem=8, widths=(16, 16)), len(labels))


def teach(net: nn.Module, crops: torch.Tensor, gesture: torch.Tensor, hand: torch.Tensor) -> None:
    """Let a net learn a handful of crops by heart."""
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
    net.train()
    for _ in range(40):
        given = net(crops)
        loss = nn.functional.cross_entropy(given["gesture"], gesture)
        loss = loss + nn.functional.cross_entropy(given["hand"], hand)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it unannotated
        optimizer.step()
    net.eval()


def save_checkpoint(net: Any, arch: str, path: Path, labels: Sequence[str] = LABELS) -> Path:
    """Write a checkpoint as training does."""
    content = {
        "task": "classify",
        "arch": arch,
        "shape": net.describe(),
        "labels": list(labels),
        "margin": 1.25,
        "recipe": {"seed": 0},
        "commit": "abc1234",
        "weights": net.state_dict(),
    }
    torch.save(content, path)
    return path
