"""Evaluate, calibrate and report on drawn hands, with every kind of model, and bad input."""

import json
import re
import shutil
from pathlib import Path

import pytest
import torch

from tests.training.rigs.drawn import write_run, write_shards
from training.errors import TrainingError
from training.evaluation import calibrate, evaluate, report
from training.evaluation.load_model import open_model
from training.evaluation.protocols import EvaluatedClassifier, EvaluatedDetector

MODELS = Path(__file__).parents[3] / "models"
BASELINE = Path(__file__).parents[4] / "shared" / "peers"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return prepared shards."""
    return write_shards(tmp_path_factory.mktemp("cache"))


def test_classifiers_side_by_side(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A checkpoint and an exported model are evaluated on the same hands, in one table and file."""
    out = tmp_path / "scores.json"
    models = [str(write_run(tmp_path / "mine")), str(MODELS / "gesture_classifier.onnx")]
    assert evaluate.main(["--cache", str(cache), "--model", *models, "--json", str(out)]) == 0
    scores = json.loads(out.read_text())["classifiers"]
    assert set(scores) == {"mine", "gesture_classifier"}
    for one in scores.values():
        assert one["hands"] == 24
        assert sum(map(sum, one["gesture"]["confusion"])) == 24
        assert one["gesture"]["classes"]["palm"]["support"] == 8
        assert one["gesture"]["classes"]["ok"]["f1"] is None
        assert sum(sum(row) for row in one["hand"]["confusion"]) == 8
        assert {k: v["hands"] for k, v in one["by_size"].items()} == {
            "far": 8,
            "mid": 8,
            "near": 8,
            "unknown": 0,
        }
    said = capsys.readouterr().out
    assert "no_gesture (8)" in said
    assert "dislike" not in said  # no picture shows it


def test_detectors_side_by_side(cache: Path, tmp_path: Path) -> None:
    """A checkpoint and an exported detector are evaluated on the same pictures."""
    out = tmp_path / "scores.json"
    models = [str(write_run(tmp_path / "mine", "detect")), str(MODELS / "hand_detector.onnx")]
    assert evaluate.main(["--cache", str(cache), "--model", *models, "--json", str(out)]) == 0
    scores = json.loads(out.read_text())["detectors"]
    assert {one["pictures"] for one in scores.values()} == {6}
    assert {one["hands"] for one in scores.values()} == {6}


@pytest.mark.parametrize("name", ["crops_classifier", "hand_detector"])
def test_the_baseline_is_evaluated(cache: Path, name: str) -> None:
    """The baseline's files are told apart by what they give, and evaluated like ours."""
    path = BASELINE / f"dynamic_gestures_{name}.onnx"
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    model = open_model(path)
    assert isinstance(model, EvaluatedDetector if name == "hand_detector" else EvaluatedClassifier)
    scores = evaluate.evaluate_models([cache], "val", [path])
    task = "detectors" if name == "hand_detector" else "classifiers"
    assert set(scores[task]) == {path.stem}


def test_calibrate_writes_what_export_reads(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Temperature and thresholds stand beside the checkpoint; other facts stay."""
    path = write_run(tmp_path)
    facts = path.with_name("facts.json")
    facts.write_text('{"licence": "mine"}')
    for _ in range(2):
        assert calibrate.main([str(path), "--cache", str(cache)]) == 0
    said = json.loads(facts.read_text())
    assert said["licence"] == "mine"
    assert said["temperature"] > 0
    assert set(said["thresholds"]) == {"default", "palm", "fist"}
    assert "no picture of call" in capsys.readouterr().out
    evaluated = evaluate.evaluate_models([cache], "val", [path])["classifiers"]
    (scores,) = evaluated.values()
    assert scores["false_gestures"]["shipped"]["wrong"] <= 0.01


@pytest.mark.parametrize("task", ["classify", "detect"])
def test_report_stands_alone(cache: Path, tmp_path: Path, task: str) -> None:
    """The page holds figures, curves, pictures and the card, and fetches nothing."""
    log = ['{"epoch": 0, "loss": 2.5}', '{"epoch": 1, "loss": 1.25, "<b>": 1}']
    write_run(tmp_path / "first", task, log)
    out = tmp_path / "page.html"
    assert report.main([str(tmp_path / "first"), "--cache", str(cache), "--out", str(out)]) == 0
    page = out.read_text()
    for part in ("Learning curves", "1.25", "Model card", "How it was made", "abc1234"):
        assert part in page
    assert "data:image/jpeg;base64," in page
    assert "prefers-color-scheme: dark" in page
    assert "&lt;b&gt;" in page
    assert "<b>:" not in page
    assert not re.search(r"(src|href)=\"(?!data:)|url\(|@import|https?://", page)
    if task == "classify":
        for part in ("What gestures are taken for", "taken for", "no picture", "calibration"):
            assert part in page


def test_report_without_images_says_so(tmp_path: Path) -> None:
    """Without a cache the page shows the run alone, and says that nothing was evaluated."""
    write_run(tmp_path)
    assert report.main([str(tmp_path)]) == 0
    assert "Not evaluated on any pictures" in (tmp_path / "report.html").read_text()


def test_an_exported_card_is_shown(tmp_path: Path) -> None:
    """A card beside an exported model is what the report shows."""
    write_run(tmp_path)
    for suffix in (".onnx", ".json"):
        shutil.copy(MODELS / f"gesture_classifier{suffix}", tmp_path)
    assert report.main([str(tmp_path)]) == 0
    assert "format version" in (tmp_path / "report.html").read_text()


def test_a_missing_checkpoint_is_reported(cache: Path, tmp_path: Path) -> None:
    """What is not there, or is no checkpoint, is reported in one sentence by every command."""
    broken = tmp_path / "model.pt"
    for match in ("no (model|checkpoint) at", "damaged or no checkpoint"):
        with pytest.raises(TrainingError, match=match):
            evaluate.main(["--cache", str(cache), "--model", str(broken)])
        with pytest.raises(TrainingError, match=match):
            calibrate.main([str(broken), "--cache", str(cache)])
        with pytest.raises(TrainingError, match=match):
            report.main([str(tmp_path)])
        broken.write_bytes(b"nothing that torch wrote")
    torch.save({"weights": {}}, broken)
    with pytest.raises(TrainingError, match=r"neither a model\.pt"):
        open_model(broken)


def test_another_architecture_is_reported(tmp_path: Path) -> None:
    """Weights that do not fit the net are reported in one sentence."""
    path = write_run(tmp_path)
    content = torch.load(path, weights_only=True)
    content["weights"].pop(next(iter(content["weights"])))
    torch.save(content, path)
    with pytest.raises(TrainingError, match=r"architecture|another net"):
        open_model(path)


def test_a_detector_is_not_calibrated(cache: Path, tmp_path: Path) -> None:
    """Calibrating a detector is refused."""
    path = write_run(tmp_path, "detect")
    with pytest.raises(TrainingError, match="is a detector"):
        calibrate.main([str(path), "--cache", str(cache)])
    with pytest.raises(TrainingError, match="share of pictures"):
        calibrate.main([str(path), "--cache", str(cache), "--max-wrong", "5"])


def test_an_empty_split_is_reported(tmp_path: Path) -> None:
    """A split without anything, or without hands, is reported in one sentence."""
    path = write_run(tmp_path / "run")
    folder = write_shards(tmp_path / "cache", hands=0)
    with pytest.raises(TrainingError, match="nothing in the split"):
        evaluate.main(["--cache", str(folder), "--split", "test", "--model", str(path)])
    with pytest.raises(TrainingError, match="no hand in this split"):
        evaluate.main(["--cache", str(folder), "--model", str(path)])
    detector = write_run(tmp_path / "other", "detect")
    only = write_shards(tmp_path / "hands", frames=0)
    with pytest.raises(TrainingError, match="no whole picture"):
        evaluate.main(["--cache", str(only), "--model", str(detector)])


def test_a_damaged_shard_is_reported(tmp_path: Path) -> None:
    """A shard that was cut short is reported in one sentence."""
    folder = write_shards(tmp_path / "cache", frames=0)
    shard = folder / "val" / "hands-00000.tar"
    shard.write_bytes(shard.read_bytes()[:20_000])
    with pytest.raises(TrainingError, match="cannot be read"):
        evaluate.evaluate_models([folder], "val", [write_run(tmp_path / "run")])


def test_a_file_without_a_card_is_reported(tmp_path: Path) -> None:
    """A model of ours without its card, a foreign file and a damaged log are reported."""
    shutil.copy(MODELS / "gesture_classifier.onnx", tmp_path / "alone.onnx")
    with pytest.raises(TrainingError, match="has no card"):
        open_model(tmp_path / "alone.onnx")
    (tmp_path / "foreign.onnx").write_bytes(b"nothing")
    with pytest.raises(TrainingError, match="damaged or no ONNX"):
        open_model(tmp_path / "foreign.onnx")
    write_run(tmp_path, log=["{"])
    with pytest.raises(TrainingError, match="is damaged"):
        report.main([str(tmp_path)])
    with pytest.raises(TrainingError, match="Say what to evaluate"):
        evaluate.main([])
