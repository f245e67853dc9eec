"""A file that runs becomes a net that learns on."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from tests.training.rigs.drawn import write_run
from training.__main__ import main
from training.errors import TrainingError
from training.export.export import DetectorOutputs
from training.export.import_onnx import import_onnx
from training.models.load import build_classifier, load_net, read_checkpoint
from training.models.small import ClassifierShape, CropClassifier, DetectorShape, HandDetector
from vcam.core.labels import LABELS
from vcam.vision.models.bundled import shipped_model
from vcam.vision.models.session import ModelSession

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


def _images(side: int, count: int = 4) -> torch.Tensor:
    """Return soft random colours, uint8 (N, side, side, 3): what nets see has large patches."""
    coarse = torch.rand(count, 3, 6, 6, generator=torch.Generator().manual_seed(0))
    large = nn.functional.interpolate(coarse, (side, side), mode="bilinear")
    return (255 * large).permute(0, 2, 3, 1).to(torch.uint8).contiguous()


def _exported(folder: Path, task: str, weights: str) -> tuple[nn.Module, Path]:
    path = write_run(folder, task)
    content = torch.load(path, weights_only=True)
    for name, value in content["weights"].items():  # batch norms that do something
        if name.endswith(("running_var", "running_mean")):
            value.uniform_(0.5, 1.5)
    torch.save(content, path)
    options = ["--name", "own", "--out", str(folder), "--weights", weights]
    assert main(["export", str(path), *options]) == 0
    return load_net(read_checkpoint(path)), folder / "own.onnx"


@pytest.mark.parametrize("weights", ["float32", "float16"])
def test_a_detector_comes_back(tmp_path: Path, weights: str) -> None:
    """The imported net computes what the exported one did, learning or not."""
    net, path = _exported(tmp_path, "detect", weights)
    again, images = HandDetector(DetectorShape()), _images(96)
    import_onnx(again, path, (), images)
    slack = 1e-3 if weights == "float32" else 0.05
    with torch.no_grad():
        torch.testing.assert_close(again.eval()(images), net(images), atol=slack, rtol=slack)
        torch.testing.assert_close(again.train()(images), net(images), atol=0.05, rtol=0.05)


def test_a_classifier_comes_back_by_the_names_of_its_classes(tmp_path: Path) -> None:
    """Rows of the gesture head go where their gesture stands now; a new one has its own."""
    net, path = _exported(tmp_path, "classify", "float32")
    labels = ("vulcan", *reversed(LABELS))
    again, images = CropClassifier(ClassifierShape(size=96), len(labels)), _images(96)
    before = again.heads.gesture.weight[0].detach().clone()
    import_onnx(again, path, labels, images)
    with torch.no_grad():
        given, wanted = again.eval()(images), net(images)
    order = [labels.index(label) for label in LABELS]
    torch.testing.assert_close(given["gesture"][:, order], wanted["gesture"], atol=1e-3, rtol=1e-3)
    for name in ("hand", "orientation", "embedding"):
        torch.testing.assert_close(given[name], wanted[name], atol=1e-3, rtol=1e-3)
    torch.testing.assert_close(again.heads.gesture.weight[0].detach(), before)


def test_the_shipped_detector_is_imported() -> None:
    """INT8 loses a little: scores of the imported net are those of the file to two digits."""
    session = ModelSession(shipped_model("detect"), "detect")
    detector = HandDetector(DetectorShape())
    frames = _images(288)
    import_onnx(detector, session.path, (), frames)
    with torch.no_grad():
        _, scores = DetectorOutputs(detector.eval())(frames[:1])
    np.testing.assert_allclose(scores.numpy(), session.run(frames[:1].numpy())[1], atol=0.02)


def test_training_continues_from_an_exported_model(cache: Path, tmp_path: Path) -> None:
    """`train --start` takes a small net's file, and its first epoch begins where that stands."""
    _, path = _exported(tmp_path, "classify", "float32")
    options = ["--cache", str(cache), "--epochs", "1", "--pictures", "32", "--batch", "16"]
    options += ["--workers", "0", "--lr", "1e-9", "--size", "96", "--start", str(path)]
    out = tmp_path / "run"
    assert main(["train", "classifier", "--out", str(out), *options]) == 0
    learnt = read_checkpoint(out / "model.pt")["weights"]
    net = CropClassifier(ClassifierShape(size=96), len(LABELS))
    import_onnx(net, path, LABELS, _images(96))
    name = "body.1.first.0.weight"
    torch.testing.assert_close(learnt[name], net.state_dict()[name])


def test_the_shipped_classifier_continues_from_its_float_weights(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its joints cannot be read out of the file that ships: the sentence names what can."""
    start = ["--start", str(shipped_model("classify"))]
    command = ["train", "classifier", "--cache", str(cache), "--out", str(tmp_path)]
    assert main([*command, *start]) == 2
    assert "is no model of this net" in capsys.readouterr().err
    assert main([*command, *start, "--recipe", "joint_map"]) == 2
    assert "models/float/gesture_classifier.pt" in capsys.readouterr().err


def test_what_cannot_be_imported_is_reported(tmp_path: Path) -> None:
    """Other nets, other tasks, damaged and missing files: one sentence each."""
    detect, images = shipped_model("detect"), _images(64)
    small = HandDetector(DetectorShape(widths=(16, 32, 48)))
    with pytest.raises(TrainingError, match="is no model of this net"):
        import_onnx(small, detect, (), images)
    with pytest.raises(TrainingError, match="classify"):
        import_onnx(HandDetector(DetectorShape()), shipped_model("classify"), (), images)
    with pytest.raises(TrainingError, match="nowhere"):
        import_onnx(small, tmp_path / "nowhere.onnx", (), images)
    for path in (detect, detect.with_suffix(".json")):
        shutil.copy(path, tmp_path)
    broken = tmp_path / detect.name
    broken.write_bytes(broken.read_bytes()[:5000])
    with pytest.raises(TrainingError, match=r"hand_detector\.onnx"):
        import_onnx(small, broken, (), images)
    other = build_classifier("timm:resnet10t", {"size": 32}, len(LABELS))
    with pytest.raises(TrainingError, match=r"name a model\.pt"):
        import_onnx(other, shipped_model("classify"), LABELS, images)
