"""Thresholds are chosen on what a detector finds in whole pictures."""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from tests.training.rigs.drawn import write_run, write_shards
from training.datasets.dataset import RgbImage, SampleSet
from training.errors import TrainingError
from training.evaluation import calibrate
from training.evaluation.classifier_scores import min_scores
from training.evaluation.end_to_end import (
    Detections,
    acted,
    false_boxes_per_image,
    fit_fusion,
    recall_at,
    run_end_to_end,
)
from training.evaluation.load_model import open_model
from training.evaluation.protocols import Scores
from vcam.core.frame import Image
from vcam.core.hand import Detection
from vcam.core.labels import LABELS
from vcam.vision.models.bundled import shipped_model
from vcam.vision.models.session import ModelSession

LAMP, FACE, HAND = (70.0, 5.0, 110.0, 45.0), (80.0, 50.0, 110.0, 80.0), (12.0, 8.0, 62.0, 58.0)


class StandInDetector:
    """Finds the drawn hand, and a lamp and a face that it is less confident of."""

    name, threshold = "stand-in", 0.3

    def __init__(self) -> None:
        self._calls = 0

    def detect(self, image: Image) -> list[Detection]:
        """Return the same boxes; in every second picture, which is the first one's mirror image,
        where they are there.
        """
        self._calls += 1
        wide = image.shape[1]
        boxes = [HAND, LAMP, FACE]
        if self._calls % 2 == 0:
            boxes = [(wide - x1, y0, wide - x0, y1) for x0, y0, x1, y1 in boxes]
        scores = (0.8, 0.24, 0.24)
        return [Detection(box, score) for box, score in zip(boxes, scores, strict=True)]


class ConfidentOfPalms:
    """Takes everything for a palm."""

    name, size, margin = "palms", 32, 1.25
    labels: Sequence[str] = LABELS
    temperature: float | None = 1.0
    thresholds: Mapping[str, float] = MappingProxyType({"default": 0.5})

    def classify(self, crops: RgbImage) -> tuple[Scores, Scores | None]:
        """Return 0.9 for palm, and the rest for no gesture."""
        said = np.zeros((len(crops), len(LABELS)))
        said[:, LABELS.index("palm")], said[:, LABELS.index("no_gesture")] = 0.9, 0.1
        return said, None


def test_what_is_found_and_acted_on(tmp_path: Path) -> None:
    """Two of six drawn pictures show a palm; the lamp and the face count where they are shown."""
    frames = SampleSet([write_shards(tmp_path) / "val"], "frames")
    detections = run_end_to_end(StandInDetector(), ConfidentOfPalms(), frames)
    assert (len(detections.score), detections.hands) == (
        36,
        12,
    )
    assert recall_at(detections, 0.3) == 1.0
    assert recall_at(detections, 0.9) == 0.0
    assert (false_boxes_per_image(detections, 0.3), false_boxes_per_image(detections, 0.2)) == (
        0.0,
        2.0,
    )
    half = min_scores(detections.labels, {"default": 0.5})
    assert acted(detections, detections.said, half, 0.3) == (2 / 4, 4 / 6)
    assert acted(detections, detections.said, half, 0.9) == (0.0, 0.0)
    strict = min_scores(detections.labels, {"default": 0.95})
    assert acted(detections, detections.said, strict, 0.3) == (0.0, 0.0)


def test_the_detector_gets_the_score_that_it_is_believed_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both thresholds stand beside the detector; boxes on lamps stay few."""
    cache, path = write_shards(tmp_path / "cache"), write_run(tmp_path / "classifier")
    finder = write_run(tmp_path / "detector", "detect")
    opened = {finder: StandInDetector(), path: open_model(path)}
    monkeypatch.setattr(calibrate, "open_model", opened.__getitem__)
    options = [str(path), "--cache", str(cache), "--detector", str(finder)]
    assert calibrate.main([*options, "--max-wrong", "1"]) == 0
    thresholds = json.loads((tmp_path / "detector" / "facts.json").read_text())["thresholds"]
    assert thresholds["detection"] == 0.26
    assert 0.26 <= thresholds["acting"] <= 0.6
    assert "100.0% of hands found" in capsys.readouterr().out


def test_models_that_ship_are_calibrated_again_on_their_cards(tmp_path: Path) -> None:
    """Exported files need no checkpoint: their cards get thresholds and trust, the rest stays."""
    cache = write_shards(tmp_path / "cache")
    for task in ("classify", "detect"):
        for kind in (".onnx", ".json"):
            shutil.copy(shipped_model(task).with_suffix(kind), tmp_path / f"{task}{kind}")
    before = {t: json.loads((tmp_path / f"{t}.json").read_text()) for t in ("classify", "detect")}
    classifier, detector = tmp_path / "classify.onnx", tmp_path / "detect.onnx"
    said = calibrate.main([str(classifier), "--cache", str(cache), "--detector", str(detector)])
    assert said == 0
    for task, fresh in (("classify", {"thresholds"}), ("detect", {"thresholds", "trust"})):
        after = json.loads((tmp_path / f"{task}.json").read_text())
        changed = {name for name in after if after[name] != before[task].get(name)}
        assert changed <= fresh
        assert task == "classify" or changed  # what no detection shows leaves thresholds alone
        if task == "classify":  # gestures that no picture shows keep their thresholds
            old, new = before[task]["thresholds"], after["thresholds"]
            silent = set(old) - {"palm", "fist", "no_gesture"}
            assert {name: new[name] for name in silent} == {name: old[name] for name in silent}
        ModelSession(tmp_path / f"{task}.onnx", task)


def test_a_classifier_detects_nothing(tmp_path: Path) -> None:
    """A classifier given as the detector is refused in one sentence."""
    path = write_run(tmp_path / "one")
    cache = write_shards(tmp_path / "cache")
    with pytest.raises(TrainingError, match="is no detector"):
        calibrate.main([str(path), "--cache", str(cache), "--detector", str(path)])


def test_fusion_is_fitted_where_nearly_all_is_confident() -> None:
    """Scores next to 0 and 1 do not send the regression astray: it stays near what is true."""
    random = np.random.default_rng(0)
    count = 2000
    said = np.zeros((count, len(LABELS)))
    confidence = np.where(random.random(count) < 0.95, 1 - 1e-12, 0.6)
    said[:, LABELS.index("palm")], said[:, LABELS.index("no_gesture")] = confidence, 1 - confidence
    shows = random.random(count) < np.where(confidence > 0.9, 0.98, 0.5)
    shown = tuple(frozenset({"palm"}) if one else frozenset({"fist"}) for one in shows)
    numbers = np.arange(count)
    detections = Detections(
        tuple(LABELS), np.full(count, 0.6), said, numbers, numbers, shown, count
    )
    fusion = fit_fusion(detections, said)
    assert fusion.score(1 - 1e-12, 0.6) == pytest.approx(0.98, abs=0.02)
    assert fusion.score(0.6, 0.6) == pytest.approx(0.5, abs=0.15)
