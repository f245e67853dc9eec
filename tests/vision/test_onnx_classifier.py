"""What a classifier says beyond gesture and hand, where its model says it."""

from pathlib import Path

import numpy as np
import pytest

from tests.rigs.small_model import small_model
from vcam.core.hand import Detection
from vcam.errors import ModelError
from vcam.vision.onnx_classifier import OnnxClassifier

FOUND = [Detection((0, 0, 40, 40), 0.9), Detection((60, 0, 100, 40), 0.9)]


def blank_image() -> np.ndarray:
    """Return BGR: a green square on the left and a red one on the right."""
    image = np.zeros((40, 100, 3), np.uint8)
    image[:, :40, 1], image[:, 60:, 2] = 255, 255
    return image


def test_orientation_and_embedding_are_read(tmp_path: Path) -> None:
    """Each hand carries where it points, as chances that add up to one, and its embedding."""
    path = small_model(tmp_path, ["gesture", "hand", "orientation", "embedding"])
    green, red = OnnxClassifier(path).classify(blank_image(), FOUND)
    assert green.gesture == "palm"
    assert green.orientation is not None
    assert sum(green.orientation) == pytest.approx(1)
    assert green.orientation.index(max(green.orientation)) == 1
    assert green.embedding is not None
    assert red.embedding is not None
    assert green.embedding.tolist() == pytest.approx([0, 1, 0], abs=1e-5)
    assert red.embedding.tolist() == pytest.approx([1, 0, 0], abs=1e-5)


@pytest.mark.parametrize("more", [[], ["orientation"], ["embedding"]])
def test_a_model_without_them_works(tmp_path: Path, more: list[str]) -> None:
    """What the model does not give is None; the rest is as it was."""
    hands = OnnxClassifier(small_model(tmp_path, ["gesture", "hand", *more])).classify(
        blank_image(), FOUND
    )
    assert [hand.gesture for hand in hands] == ["palm", "fist"]
    for hand in hands:
        assert (hand.orientation is not None) == ("orientation" in more)
        assert (hand.embedding is not None) == ("embedding" in more)


def test_no_hands_need_no_model(tmp_path: Path) -> None:
    """Nothing found is nothing named."""
    path = small_model(tmp_path, ["gesture", "hand", "orientation"])
    assert OnnxClassifier(path).classify(blank_image(), []) == []


def test_an_orientation_of_another_width_is_refused(tmp_path: Path) -> None:
    """A head that gives something other than four directions is not this program's."""
    widths = {"gesture": 3, "hand": 2, "orientation": 8}
    path = small_model(tmp_path, ["gesture", "hand", "orientation"], widths)
    with pytest.raises(ModelError, match="8 numbers for orientation"):
        OnnxClassifier(path)
