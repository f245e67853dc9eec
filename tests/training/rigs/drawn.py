"""Prepared shards of drawn hands, and checkpoints with chance weights."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch

from training.datasets.shards import Dataset, ShardWriter
from training.models.small import ClassifierShape, CropClassifier, DetectorShape, HandDetector
from vcam.core.labels import LABELS

CLASSES = ("palm", "fist", "no_gesture")


def write_shards(folder: Path, hands: int = 24, frames: int = 6) -> Path:
    """Write a split `val` of three classes, every hand with a brightness and size of its own."""
    Dataset(LABELS, 160, 416).write(folder)
    random = np.random.default_rng(0)
    if hands:
        with ShardWriter(folder / "val" / "hands-00000.tar") as shard:
            for place in range(hands):
                image = random.integers(20, 60 + 8 * place, (160, 160, 3), dtype=np.uint8)
                shard.add({"jpg": _jpg(image)}, _hand_row(place))
    if frames:
        with ShardWriter(folder / "val" / "frames-00000.tar") as shard:
            for place in range(frames):
                image = random.integers(0, 255, (90, 120, 3), dtype=np.uint8)
                row = {"width": 120, "height": 90, "boxes": [[10, 10, 60, 60]], "ignore": []}
                row["gestures"] = [CLASSES[place % 3]]
                shard.add({"jpg": _jpg(image)}, {**row, "picture": str(place)})
    return folder


def _hand_row(place: int) -> dict[str, Any]:
    return {
        "gesture": CLASSES[place % 3],
        "side": ("left", "right", None)[place % 3],
        "side_confidence": 0.9 if place % 2 else 0.5,
        "source": "drawn",
        "picture": f"{place // 2}.jpg",
        "tight": False,
        "cut": False,
        "seen": [0, 0, 160, 160],
        "share": (0.05, 0.2, 0.5)[place % 3],
    }


def _jpg(image: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", image)[1].tobytes()


def write_run(folder: Path, task: str = "classify", log: Sequence[str] = ()) -> Path:
    """Write a run whose net has chance weights; return its `model.pt`."""
    torch.manual_seed(0)
    folder.mkdir(parents=True, exist_ok=True)
    net: CropClassifier | HandDetector
    if task == "classify":
        net = CropClassifier(ClassifierShape(size=96), len(LABELS))
    else:
        net = HandDetector(DetectorShape())
    content = {
        "task": task,
        "arch": "small",
        "labels": list(LABELS),
        "shape": net.describe(),
        "margin": 1.25,
        "area": 288 * 288,
        "recipe": {"seed": 42, "lr": 0.004},
        "commit": "abc1234",
        "weights": net.state_dict(),
    }
    torch.save(content, folder / "model.pt")
    if log:
        (folder / "log.jsonl").write_text("\n".join(log) + "\n")
    return folder / "model.pt"
