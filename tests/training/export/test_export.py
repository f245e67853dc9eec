"""Export: every net becomes a model and a card that the program takes."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.training.rigs.drawn_hands import LABELS, save_checkpoint, small_net, write_folder
from training.errors import TrainingError
from training.export import export as exporting
from training.export.export import main
from training.models.small import DetectorShape, HandDetector
from vcam.cli.main import main as vcam
from vcam.core.labels import LABELS as HAGRID
from vcam.system.image_files import write_image
from vcam.vision.models.card import ModelCard
from vcam.vision.models.session import ModelSession

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a prepared folder."""
    return write_folder(tmp_path_factory.mktemp("drawn"))


class TutorialNet(torch.nn.Module):
    """Stands in for a backbone: 224 pixels, a mean and a standard deviation, and two heads only."""

    size = 224

    def __init__(self) -> None:
        super().__init__()
        self.body = torch.nn.Sequential(torch.nn.Conv2d(3, 32, 7, 4), torch.nn.ReLU())
        self.gesture, self.hand = torch.nn.Linear(32, len(HAGRID)), torch.nn.Linear(32, 2)

    def forward(self, crops: torch.Tensor) -> dict[str, torch.Tensor]:
        """Give hand before gesture, which must not matter."""
        pixels = (crops.permute(0, 3, 1, 2).float() / 255 - 0.45) / 0.225
        features = self.body(pixels).mean((2, 3))
        return {"hand": self.hand(features), "gesture": self.gesture(features)}

    def describe(self) -> dict[str, Any]:
        """Return nothing: the test builds the net itself."""
        return {}


@pytest.fixture
def shown_hand(tmp_path: Path) -> Path:
    """Return a picture out of the demo clip with a hand in it."""

    from vcam.diagnostics.benchmark import frame_with_a_hand
    from vcam.vision.recognizer import open_recognizer
    from vcam.vision.settings import RecognitionSettings

    path = tmp_path / "hand.png"
    write_image(path, frame_with_a_hand(open_recognizer(RecognitionSettings())))
    return path


def _recognized(model: Path, image: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert vcam(["recognize", str(image), "--json", "--classifier", str(model)]) == 0
    line = json.loads(capsys.readouterr().out)
    hand: dict[str, Any] = line["hands"][0]
    return hand


def _card(model: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(model.with_suffix(".json").read_text("utf-8"))
    return content


@pytest.mark.parametrize("weights", ["float16", "float32"])
def test_small_net_with_own_labels(
    cache: Path, tmp_path: Path, shown_hand: Path, weights: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Labels, more heads, parity on real crops and the embedded card; the program runs it."""
    checkpoint = save_checkpoint(small_net(), "small", tmp_path / "model.pt")
    options = ["--name", "own", "--out", str(tmp_path), "--weights", weights]
    assert main([str(checkpoint), *options, "--cache", str(cache)]) == 0
    assert f"weights stored as {weights}" in capsys.readouterr().out
    model = tmp_path / "own.onnx"
    card = _card(model)
    assert card["outputs"] == ["gesture", "hand", "orientation", "embedding"]
    assert card["labels"] == list(LABELS)
    assert card["parity"]["pictures"] == "real"
    assert card["parity"]["largest_difference"] < 1e-3
    assert card["trained_with"]["git commit"] == "abc1234"
    _check_embedded(model, card)
    assert _recognized(model, shown_hand, capsys)["gesture"] in LABELS
    assert not list(tmp_path.glob(".export*"))


def _check_embedded(model: Path, card: dict[str, Any]) -> None:
    import onnx

    (said,) = [p.value for p in onnx.load(model).metadata_props if p.key == "card"]
    assert {**json.loads(said), "sha256": card["sha256"]} == card
    needed = (
        "name task format_version sha256 input outputs labels hands crop thresholds opset "
        "quantization parameters trained_on trained_with scores licence"
    )
    assert set(needed.split()) <= set(card)


def test_two_heads_at_224(
    tmp_path: Path,
    shown_hand: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A net with its own size and normalisation, heads in another order and no extras drops in."""
    torch.manual_seed(0)
    net = TutorialNet().eval()
    monkeypatch.setattr(exporting, "load_net", lambda checkpoint: net)
    checkpoint = save_checkpoint(net, "resnet18", tmp_path / "model.pt", HAGRID)
    assert main([str(checkpoint), "--name", "tutorial", "--out", str(tmp_path)]) == 0
    assert "random pictures (give --cache" in capsys.readouterr().out
    model = tmp_path / "tutorial.onnx"
    assert _card(model)["outputs"] == ["gesture", "hand"]
    crops = np.random.default_rng(0).integers(0, 256, (5, 224, 224, 3), np.uint8)
    gesture, hand = ModelSession(model, "classify").run(crops)
    with torch.no_grad():
        wanted = net(torch.from_numpy(crops))
    assert np.abs(gesture - wanted["gesture"].numpy()).max() < 0.01
    assert np.abs(hand - wanted["hand"].numpy()).max() < 0.01
    assert _recognized(model, shown_hand, capsys)["gesture"] in HAGRID


def test_resnet18(tmp_path: Path, shown_hand: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The tutorial's own backbone, untrained, is exported and runs in the program."""
    if importlib.util.find_spec("timm") is None:
        pytest.skip("timm is not installed")
    from training.models.load import build_classifier

    net = build_classifier("resnet18", {"size": 224}, len(HAGRID)).eval()
    checkpoint = save_checkpoint(net, "resnet18", tmp_path / "model.pt", HAGRID)
    assert main([str(checkpoint), "--name", "resnet18", "--out", str(tmp_path)]) == 0
    model = tmp_path / "resnet18.onnx"
    assert model.stat().st_size < 24e6
    assert _recognized(model, shown_hand, capsys)["leading_hand"] in ("left", "right")


def test_detector(cache: Path, tmp_path: Path) -> None:
    """A detector is compared on real pictures and takes any size."""
    net = HandDetector(DetectorShape()).eval()
    content = {
        "task": "detect",
        "shape": net.describe(),
        "area": 96 * 96,
        "recipe": {"seed": 0},
        "weights": net.state_dict(),
    }
    torch.save(content, tmp_path / "model.pt")
    options = ["--name", "finder", "--out", str(tmp_path), "--cache", str(cache)]
    assert main([str(tmp_path / "model.pt"), *options]) == 0
    session = ModelSession(tmp_path / "finder.onnx", "detect")
    boxes, scores = session.run(np.zeros((1, 64, 160, 3), np.uint8))
    assert (boxes.shape, scores.shape) == ((32, 4), (32,))


def test_mistakes(cache: Path, tmp_path: Path) -> None:
    """A missing checkpoint, a folder in the name, and hands without a label are reported."""
    with pytest.raises(TrainingError, match="train one first"):
        main([str(tmp_path / "gone.pt"), "--name", "x"])
    checkpoint = save_checkpoint(small_net(), "small", tmp_path / "model.pt")
    with pytest.raises(TrainingError, match="give folders with --out"):
        main([str(checkpoint), "--name", "a/b"])
    fewer = ("palm", "no_gesture")
    checkpoint = save_checkpoint(small_net(fewer), "small", tmp_path / "model.pt", fewer)
    with pytest.raises(TrainingError, match="vulcan"):
        main([str(checkpoint), "--name", "x", "--out", str(tmp_path), "--cache", str(cache)])
    assert not (tmp_path / "x.onnx").exists()


def test_card_without_labels() -> None:
    """A detector's card has neither labels nor hands."""
    card = ModelCard("x", "detect", "", 1, 1, 1.0, {}, {}, {"labels": None, "hands": None})
    assert (card.labels, card.hands) == ((), ())
