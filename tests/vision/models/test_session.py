"""Models are refused in one sentence when they are not what they should be."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import onnx
import pytest

from tests.rigs.small_model import small_model
from vcam.errors import ModelError
from vcam.vision.models.bundled import check_models, shipped_model
from vcam.vision.models.card import read_card
from vcam.vision.models.session import ModelSession, _check_heads, _check_shape


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return a copy of the shipped classifier, with its card beside it."""
    source = shipped_model("classify")
    shutil.copy(source.with_suffix(".json"), tmp_path)
    return Path(shutil.copy(source, tmp_path))


def _change_card(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    card_path = path.with_suffix(".json")
    card = json.loads(card_path.read_text())
    change(card)
    card_path.write_text(json.dumps(card))


def test_shipped_models_are_whole() -> None:
    """Both shipped models load and are what their cards say."""
    assert [finding.status for finding in check_models()] == ["ok", "ok"]


def test_shipped_models_are_small() -> None:
    """Both model files together stay under 5 MB."""
    sizes = [shipped_model(task).stat().st_size for task in ("detect", "classify")]
    assert sum(sizes) < 5_000_000


def test_classifier_takes_any_number_of_crops(copied: Path) -> None:
    """One call names several hands."""
    session = ModelSession(copied, "classify")
    size = session.card.height
    gesture, hand = session.run(np.zeros((3, size, size, 3), np.uint8))
    assert gesture.shape == (3, 19)
    assert hand.shape == (3, 2)


def test_missing_model(tmp_path: Path) -> None:
    """A model that is not there is named with its path."""
    with pytest.raises(ModelError, match=r"no model at .*nowhere\.onnx"):
        ModelSession(tmp_path / "nowhere.onnx", "classify")


def test_missing_card(copied: Path) -> None:
    """A model without a card is refused."""
    copied.with_suffix(".json").unlink()
    with pytest.raises(ModelError, match="has no card"):
        ModelSession(copied, "classify")


def test_changed_model(copied: Path) -> None:
    """A model that was changed after its card was written is refused."""
    copied.write_bytes(copied.read_bytes() + b"\0")
    with pytest.raises(ModelError, match="checksum differs"):
        ModelSession(copied, "classify")


def test_garbage_with_a_fitting_checksum(copied: Path) -> None:
    """A file that is no model is refused even when its card's checksum fits."""
    copied.write_bytes(b"no model")
    checksum = hashlib.sha256(b"no model").hexdigest()
    _change_card(copied, lambda card: card.update(sha256=checksum))
    with pytest.raises(ModelError, match="damaged or no ONNX model"):
        ModelSession(copied, "classify")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(lambda c: c["labels"].__setitem__(0, "fist"), "labels twice", id="twice"),
        pytest.param(lambda c: c["labels"].__setitem__(0, "Wave!"), "snake_case", id="name"),
        pytest.param(lambda c: c["labels"].__setitem__(0, "swipe_up"), "snake_case", id="swipe"),
        pytest.param(lambda c: c["labels"].__setitem__(-1, "wave"), "no_gesture", id="no_gesture"),
        pytest.param(lambda c: c.update(labels=["no_gesture"]), "at least one", id="only none"),
        pytest.param(lambda c: c.update(labels=7), "list of labels", id="no list"),
        pytest.param(lambda c: c.update(labels=None), "list of labels", id="null"),
        pytest.param(lambda c: c["labels"].pop(0), "19 numbers for gesture", id="fewer"),
        pytest.param(lambda c: c.update(hands=["right"]), "names the hands", id="hands"),
        pytest.param(lambda c: c.update(format_version=99), "format 99", id="version"),
        pytest.param(lambda c: c.update(task="detect"), "made to detect", id="task"),
        pytest.param(lambda c: c["input"].update(dtype="float32"), "not complete", id="input"),
        pytest.param(lambda c: c.pop("thresholds"), "not complete", id="thresholds"),
    ],
)
def test_wrong_card(copied: Path, change: Callable[[dict[str, Any]], None], message: str) -> None:
    """A card that does not fit is refused, and the sentence says what does not."""
    _change_card(copied, change)
    with pytest.raises(ModelError, match=message):
        ModelSession(copied, "classify")


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '"card"'])
def test_card_that_is_no_card(copied: Path, text: str) -> None:
    """A card file with anything else in it is refused without a traceback."""
    copied.with_suffix(".json").write_text(text)
    with pytest.raises(ModelError):
        ModelSession(copied, "classify")


def _shapeless(folder: Path, part: str) -> Path:
    """Return a small model whose inputs or outputs say nothing of their shape."""
    path = small_model(folder, ("gesture", "hand"))
    model = onnx.load(str(path))
    for value in getattr(model.graph, part):
        value.type.tensor_type.ClearField("shape")
    onnx.save(model, str(path))
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    _change_card(path, lambda card: card.update(sha256=checksum))
    return path


def test_heads_of_unknown_shape(tmp_path: Path) -> None:
    """A model that does not say how wide its heads are is let pass."""
    path = _shapeless(tmp_path, "output")
    assert ModelSession(path, "classify").card.name == "small"


def test_images_of_unknown_shape(tmp_path: Path) -> None:
    """A model that does not say what pictures it takes is refused."""
    with pytest.raises(ModelError, match="uint8 RGB pictures"):
        ModelSession(_shapeless(tmp_path, "input"), "classify")


def test_scalar_heads() -> None:
    """A head of no width at all, as in a damaged file, is no reason to crash."""
    nothing = SimpleNamespace(name="gesture", shape=[], type="tensor(float)")
    session = SimpleNamespace(get_outputs=lambda: [nothing], get_inputs=list)
    _check_heads(Path("own.onnx"), session, read_card(shipped_model("classify"), "classify"))
    with pytest.raises(ModelError, match="uint8 RGB pictures"):
        _check_shape(Path("own.onnx"), session, ("gesture",))


def test_names_that_are_no_text(tmp_path: Path) -> None:
    """A model whose sides have names that are no text is refused."""
    path = small_model(tmp_path, ("gesture", "hand"))
    path.write_bytes(path.read_bytes().replace(b"\x12\x01N", b"\x12\x01\x80"))
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    _change_card(path, lambda card: card.update(sha256=checksum))
    with pytest.raises(ModelError, match="damaged"):
        ModelSession(path, "classify")


def test_a_damaged_name_is_reported_by_us_alone(
    copied: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """ONNX Runtime prints nothing of its own about an operator whose name is no text."""
    damaged = copied.read_bytes().replace(b"QuantizeLinear", b"QuantizeLinea\xff")
    _refused_in_silence(copied, damaged, capfd)


def test_a_shortened_weight_is_reported_by_us_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nor about a weight in which numbers are missing."""
    path = small_model(tmp_path, ("gesture", "hand"))
    model = onnx.load(path)
    (weight,) = [w for w in model.graph.initializer if w.name == "hand_weight"]
    weight.raw_data = weight.raw_data[:-4]
    _refused_in_silence(path, bytes(model.SerializeToString()), capfd)


def _refused_in_silence(path: Path, damaged: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    path.write_bytes(damaged)
    checksum = hashlib.sha256(damaged).hexdigest()
    _change_card(path, lambda card: card.update(sha256=checksum))
    with pytest.raises(ModelError, match="damaged"):
        ModelSession(path, "classify")
    assert capfd.readouterr() == ("", "")
