"""Models to evaluate, all alike: checkpoints, exported files with cards, the baseline's.

`open_model` tells them apart by what is in the file, never by its name.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.datasets.auto_label import find_hands
from training.datasets.dataset import RgbImage
from training.datasets.shards import replace_text
from training.errors import TrainingError
from training.evaluation.protocols import (
    MIN_SCORE,
    EvaluatedClassifier,
    EvaluatedDetector,
    Scores,
    name_of,
)
from training.models.load import load_net, read_checkpoint
from vcam.core.frame import Image
from vcam.core.hand import Detection
from vcam.core.labels import LABELS
from vcam.errors import ModelError
from vcam.vision.models.session import ModelSession
from vcam.vision.softmax import softmax_rows

FLOAT_CLASSIFIER = Path(__file__).parents[2] / "models" / "float" / "gesture_classifier.pt"
"""The weights of the classifier that ships, before they were rounded…"""
FLOAT_FACTS = Path(__file__).parents[1] / "export" / "cards" / "gesture_classifier.json"
"""…and what it was exported with."""


class CheckpointClassifier:
    """A `model.pt` of the classifier, with the temperature and thresholds of its `facts.json`."""

    def __init__(self, path: Path, checkpoint: Mapping[str, Any]) -> None:
        facts = read_facts(path)
        self.name = name_of(path)
        self._net = load_net(checkpoint)
        self.labels: Sequence[str] = tuple(checkpoint.get("labels") or LABELS)
        self.size = int(checkpoint["shape"].get("size") or checkpoint["size"])
        self.margin = float(checkpoint["margin"])
        self.temperature: float | None = float(facts.get("temperature", 1.0))
        self.thresholds: Mapping[str, float] = facts.get("thresholds", {"default": 0.5})

    def classify(self, crops: RgbImage) -> tuple[Scores, Scores | None]:
        """Map uint8 (N, S, S, 3) RGB to gesture (N, C) and hand (N, 2) probabilities."""
        import torch

        with torch.no_grad():
            given = self._net(torch.from_numpy(crops))
        gesture = given["gesture"].numpy() / (self.temperature or 1.0)
        return softmax_rows(gesture), softmax_rows(given["hand"].numpy())


class CheckpointDetector:
    """A `model.pt` of the detector."""

    def __init__(self, path: Path, checkpoint: Mapping[str, Any]) -> None:
        self.name = name_of(path)
        self._net, self._area = load_net(checkpoint), int(checkpoint["area"])
        self.threshold = float(read_facts(path).get("thresholds", {}).get("detection", 0.5))

    def detect(self, image: Image) -> list[Detection]:
        """Return the hands in uint8 (H, W, 3) BGR, best first."""
        import torch

        from training.models.inference import detect

        with torch.no_grad():
            return detect(self._net, image, MIN_SCORE, self._area)


class ExportedClassifier:
    """An ONNX file that `export` wrote, with its card."""

    def __init__(self, path: Path) -> None:
        self._session = ModelSession(path, "classify")
        card = self._session.card
        self.name = name_of(path)
        self.labels: Sequence[str] = tuple(card.content["labels"])
        self.size, self.margin = card.height, card.margin
        self.thresholds: Mapping[str, float] = card.thresholds
        known = card.content.get("temperature")
        self.temperature: float | None = None if known is None else float(known)

    def classify(self, crops: RgbImage) -> tuple[Scores, Scores | None]:
        """Map uint8 (N, S, S, 3) RGB to gesture (N, C) and hand (N, 2) probabilities."""
        gesture, hand = self._session.run(crops)
        return softmax_rows(gesture), softmax_rows(hand)


class ExportedDetector:
    """An ONNX file that `export` wrote, with its card."""

    def __init__(self, path: Path) -> None:
        self._session = ModelSession(path, "detect")
        self.name = name_of(path)
        self.threshold = self._session.card.threshold("detection")

    def detect(self, image: Image) -> list[Detection]:
        """Return the hands in uint8 (H, W, 3) BGR, best first."""
        return find_hands(self._session, image, MIN_SCORE)


def open_model(path: Path) -> EvaluatedClassifier | EvaluatedDetector:
    """Open a checkpoint, an exported model or one of the baseline's. Raises `TrainingError`."""
    if not path.is_file():
        raise TrainingError(f"There is no model at {path}: train one first, or name another.")
    if path.suffix != ".onnx":
        checkpoint = read_checkpoint(path)
        if checkpoint["task"] == "detect":
            return CheckpointDetector(path, checkpoint)
        return CheckpointClassifier(path, checkpoint)
    try:
        if not path.with_suffix(".json").exists():
            return _open_baseline(path)
        card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        detects = isinstance(card, dict) and card.get("task") == "detect"
        return ExportedDetector(path) if detects else ExportedClassifier(path)
    except (ModelError, OSError, ValueError) as error:
        raise TrainingError(f"{path} cannot be evaluated: {error}") from None


def _open_baseline(path: Path) -> EvaluatedClassifier | EvaluatedDetector:
    from training.evaluation.dynamic_gestures import open_baseline

    return open_baseline(path)


def read_facts(checkpoint: Path) -> dict[str, Any]:
    """Return what `calibrate` wrote beside a checkpoint, or nothing."""
    path = checkpoint.with_name("facts.json")
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path} cannot be read ({error}): delete it and calibrate.") from None
    return facts


def facts_of_start(start: Path) -> dict[str, Any]:
    """Return temperature and thresholds of a classifier that is fine-tuned.

    Its own `facts.json` or card says them; the float weights in the repository act as the file that
    ships. Without any of these nothing is known.
    """
    path = start.with_suffix(".json") if start.suffix == ".onnx" else None
    if start.resolve() == FLOAT_CLASSIFIER.resolve():
        path = FLOAT_FACTS
    known = read_facts(start)
    if path is not None and path.exists():
        known = json.loads(path.read_text(encoding="utf-8"))
    return {name: known[name] for name in ("temperature", "thresholds") if name in known}


def write_facts(model: Path, facts: Mapping[str, Any]) -> None:
    """Add facts to `facts.json` beside a checkpoint, or to the card of an exported model.

    A model without a card, such as a baseline's, keeps nothing.
    """
    if model.suffix != ".onnx":
        path, before = model.with_name("facts.json"), read_facts(model)
    elif (path := model.with_suffix(".json")).exists():
        before = json.loads(path.read_text(encoding="utf-8"))
    else:
        return
    replace_text(path, json.dumps({**before, **facts}, indent=2) + "\n")
