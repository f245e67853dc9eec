"""Quantize: INT8 beside float, on a net that has learnt something."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch

from tests.training.rigs.drawn_hands import LABELS, save_checkpoint, small_net, teach, write_folder
from training.errors import TrainingError
from training.export import export, quantize
from training.export.calibration_data import crop_batches, open_hands
from training.export.onnx_file import halve_weights, widen_weights
from vcam.core.hand import Detection
from vcam.vision.onnx_classifier import OnnxClassifier

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a prepared folder."""
    return write_folder(tmp_path_factory.mktemp("drawn"))


@pytest.fixture(scope="module")
def model(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an exported net that has learnt the drawn hands, its weights stored as float16."""
    folder = tmp_path_factory.mktemp("model")
    hands = open_hands(cache, "train", LABELS)
    crops = np.concatenate(list(crop_batches(hands, range(len(hands)), 32, 1.25)))
    net = small_net()
    teach(
        net, torch.from_numpy(crops), torch.from_numpy(hands.gesture), torch.from_numpy(hands.hand)
    )
    checkpoint = save_checkpoint(net, "small", folder / "model.pt")
    assert export.main([str(checkpoint), "--name", "own", "--out", str(folder)]) == 0
    return folder / "own.onnx"


@pytest.fixture(scope="module")
def made(model: Path, cache: Path) -> Path:
    """Return the INT8 model."""
    scores = model.with_name("scores.json")
    said = {"pictures": 3, "found": 0.9, "hit": 0.8, "wrong": 0.1, "hand": None}
    scores.write_text(json.dumps({"all": said, "gesture:palm": said}))
    options = ["--cache", str(cache), "--scores", str(scores)]
    assert quantize.main([str(model), *options]) == 0
    return model.with_name("own_int8.onnx")


def _comparison(made: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(made.with_name("own_int8.comparison.json").read_text())
    return content


def test_as_right_as_float(made: Path) -> None:
    """The float net knows the drawn hands, and INT8 knows them about as well."""
    found = _comparison(made)
    assert found["float"]["scores"]["f1_macro"] > 0.9
    for metric in ("f1_weighted", "f1_macro", "hand_accuracy"):
        assert found["int8"]["scores"][metric] >= found["float"]["scores"][metric] - 0.05
    assert found["times_as_fast"] > 0
    assert found["int8"]["scores"]["images"] == 24


def test_card_of_its_own(model: Path, made: Path) -> None:
    """The new card says what it is, where it came from, and its own scores; the old one stays."""
    card = json.loads(made.with_suffix(".json").read_text("utf-8"))
    before = json.loads(model.with_suffix(".json").read_text("utf-8"))
    assert card["name"] == "own_int8"
    assert card["quantization"].startswith("int8: 7-bit weights per channel")
    assert card["quantized_from"]["sha256"] == before["sha256"] != card["sha256"]
    assert {row["metric"] for row in card["scores"]} >= {"f1_macro", "hand_accuracy"}
    assert before["quantization"].startswith("none")
    whole = {row["metric"]: row["value"] for row in card["scores"] if row["dataset"] == "all"}
    assert whole == {"found": 0.9, "hit": 0.8, "wrong": 0.1}


def test_convolutions_are_int8_and_heads_are_not(made: Path) -> None:
    """Every convolution takes quantized weights; the heads' weights stay float."""
    model = onnx.load(made)
    graph = model.graph
    assert [(each.domain, each.version) for each in model.opset_import] == [("", 17)]
    maker = {name: node.op_type for node in graph.node for name in node.output}
    weights = {
        kind: {maker.get(n.input[1]) for n in graph.node if n.op_type == kind}
        for kind in ("Conv", "Gemm")
    }
    assert weights == {"Conv": {"DequantizeLinear"}, "Gemm": {None}}
    kinds = {w.data_type for w in graph.initializer}
    assert onnx.TensorProto.INT8 in kinds


def test_runs_in_the_program(made: Path, cache: Path) -> None:
    """The program's classifier names drawn hands with the INT8 model, uint8 pictures going in."""
    hands = open_hands(cache, "val", LABELS)
    canvas, row = hands.canvas(1)
    classifier = OnnxClassifier(made)
    image = np.ascontiguousarray(canvas[..., 2::-1])
    (hand,) = classifier.classify(image, [Detection((16.0, 16.0, 48.0, 48.0), 1.0)])
    assert (hand.gesture, hand.leading_hand) == (row["gesture"], row["side"])


def test_widening_undoes_halving(tmp_path: Path) -> None:
    """Weights that were stored as float16 are plain float weights again."""
    values = np.random.default_rng(0).random((40, 40), np.float32)
    node = onnx.helper.make_node("MatMul", ["input", "weight"], ["output"])
    ends = [
        onnx.helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, [1, 40])
        for n in ("input", "output")
    ]
    weight = onnx.numpy_helper.from_array(values, "weight")
    graph = onnx.helper.make_graph([node], "g", ends[:1], ends[1:], [weight])
    opset = [onnx.helper.make_opsetid("", 17)]
    path = tmp_path / "one.onnx"
    onnx.save(onnx.helper.make_model(graph, opset_imports=opset, ir_version=8), path)
    halve_weights(path)
    halved = onnx.load(path)
    assert [n.op_type for n in halved.graph.node] == ["Cast", "MatMul"]
    widen_weights(halved)
    assert [n.op_type for n in halved.graph.node] == ["MatMul"]
    (found,) = halved.graph.initializer
    assert np.allclose(onnx.numpy_helper.to_array(found), values, atol=1e-3)


def test_mistakes(model: Path, made: Path, cache: Path, tmp_path: Path) -> None:
    """A model that is missing, INT8 already, or would be overwritten; a folder that holds none."""
    where = ["--cache", str(cache)]
    with pytest.raises(TrainingError, match="no model at"):
        quantize.main([str(tmp_path / "gone.onnx"), *where])
    with pytest.raises(TrainingError, match="quantized already"):
        quantize.main([str(made), *where])
    with pytest.raises(TrainingError, match="give another --name"):
        quantize.main([str(model), *where, "--name", "own"])
    with pytest.raises(TrainingError, match="holds no hands"):
        quantize.main([str(model), "--cache", str(tmp_path), "--name", "other"])
    assert not model.with_name("other.onnx").exists()
