"""The float weights beside the shipped classifier are those that its INT8 file was made from."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from training.models.load import load_net, read_checkpoint
from vcam.system.image_files import read_image
from vcam.vision.models.bundled import shipped_model
from vcam.vision.models.card import read_card
from vcam.vision.models.session import ModelSession

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def crops() -> np.ndarray:
    """Rendered hands of the sheet of definitions, uint8 (N, S, S, 3) RGB, shifted a little."""
    side = read_card(shipped_model("classify"), "classify").height
    sheet = read_image(REPOSITORY / "docs" / "definitions.webp")
    assert sheet is not None
    places = [(top, left) for top in range(32, 900, 170) for left in range(16, 700, 108)]
    cut = [sheet[top + 14 : top + 94, left + 14 : left + 94, ::-1] for top, left in places]
    return np.stack([cv2.resize(crop, (side, side)) for crop in cut]).astype(np.uint8)


def test_float_weights_are_those_of_the_shipped_file(crops: np.ndarray) -> None:
    """Both give nearly the same probabilities, and mostly the same names."""
    checkpoint = read_checkpoint(REPOSITORY / "models" / "float" / "gesture_classifier.pt")
    session = ModelSession(shipped_model("classify"), "classify")
    assert tuple(checkpoint["labels"]) == tuple(session.card.labels)
    assert session.card.content["trained_with"]["seed"] == checkpoint["recipe"]["seed"]
    with torch.no_grad():
        wanted = load_net(checkpoint)(torch.from_numpy(crops.copy()))
    given = session.run_all(crops)
    for name in ("hand", "embedding"):
        assert np.abs(given[name] - wanted[name].numpy()).mean() < 0.1
    agree = given["gesture"].argmax(1) == wanted["gesture"].numpy().argmax(1)
    assert agree.mean() > 0.9
