"""Hands that were rendered, and crops that the detector took for hands, become shards too."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.training.rigs.tiny import write_archive
from training.__main__ import main
from training.datasets.annotations import HandLabel
from training.datasets.dataset import open_prepared
from training.datasets.hand_canvas import MIDDLE_ROOT, WRIST, pointing
from training.errors import TrainingError
from vcam.core.labels import NO_GESTURE
from vcam.system.image_files import write_image


def _up_and_to_the_left() -> list[list[float]]:
    """Return 21 landmarks within the ellipse; from the wrist to the middle finger: 30 degrees."""
    points = [[0.5, 0.5]] * 21
    points[WRIST], points[MIDDLE_ROOT] = [0.6, 0.5 + 0.1 * 3**0.5], [0.5, 0.5]
    return points


def _write_rendered(folder: Path, count: int = 10) -> Path:
    """Write cutouts as `synthesize` does: an ellipse that stands for a hand, nothing around it."""
    entries = {}
    (folder / "palm").mkdir(parents=True)
    (folder / "annotations").mkdir()
    for number in range(count):
        image = np.zeros((120, 120, 4), np.uint8)
        cv2.ellipse(image, (60, 60), (20, 40), 0, 0, 360, (60, 160, 240, 255), -1)
        write_image(folder / "palm" / f"{number}.png", image)
        entries[str(number)] = {
            "bboxes": [[40 / 120, 20 / 120, 40 / 120, 80 / 120]],
            "labels": ["palm"],
            "leading_hand": "left",
            "leading_conf": 1.0,
            "landmarks": [_up_and_to_the_left()],
        }
    (folder / "annotations" / "palm.json").write_text(json.dumps(entries))
    return folder


def test_rendered_hands_keep_their_outline(tmp_path: Path) -> None:
    """A cutout's own alpha says what is hand, in the middle of the canvas, 80 pixels long."""
    data = _write_rendered(tmp_path / "rendered")
    assert main(["prepare", "--data", str(data), "--out", str(tmp_path / "made")]) == 0
    hands = open_prepared([tmp_path / "made"], "train").hands
    assert len(hands) == 10
    assert set(hands.source) == {"rendered"}
    canvas, row = hands.canvas(0)
    assert row["side"] == "left"
    rows, columns = np.nonzero(canvas[..., 3] > 200)
    assert np.ptp(rows) == pytest.approx(80, abs=4)
    assert np.ptp(columns) == pytest.approx(40, abs=4)
    assert columns.mean() == pytest.approx(80, abs=2)
    assert canvas[5, 5, 3] == 0
    assert row["points"] == pytest.approx(-30, abs=0.1)


def test_where_a_hand_points() -> None:
    """Clockwise from up, in pixels, not in shares; nothing for hands that point at the camera."""
    flat = [(0.5, 0.5)] * 21
    box = (0.25, 0.25, 0.5, 0.5)
    for (x, y), degrees in (
        ((0.5, 0.1), 0),
        ((0.7, 0.5), 90),
        ((0.5, 0.9), 180),
        ((0.3, 0.5), -90),
    ):
        points = tuple(
            (x, y) if place == MIDDLE_ROOT else point for place, point in enumerate(flat)
        )
        assert pointing(HandLabel(box, "palm", None, 0.0, points), 200, 100) == degrees
    assert pointing(HandLabel(box, "palm", None, 0.0, tuple(flat)), 200, 100) is None
    assert pointing(HandLabel(box, "palm", None, 0.0), 200, 100) is None


def test_hard_negative_crops_show_no_gesture(tmp_path: Path) -> None:
    """Whatever the detector finds away from labelled hands is a lesson in `no_gesture`."""
    write_archive(tmp_path / "tiny.zip")
    cache, negatives = tmp_path / "cache", tmp_path / "mined"
    assert main(["prepare", "--data", str(tmp_path), "--out", str(cache)]) == 0
    detector = Path(__file__).parents[3] / "models" / "hand_detector.onnx"
    options = ["--detector", str(detector), "--cache", str(cache), "--out", str(negatives)]
    assert main(["hard-negatives", *options, "--score", "0.001"]) == 0
    hands = open_prepared([cache, negatives], "train").hands
    found = hands.source == "mined"
    assert found.any()
    assert {hands.labels[place] for place in hands.gesture[found]} == {NO_GESTURE}


def test_prepared_folders_must_fit_together(tmp_path: Path) -> None:
    """Canvases of two sizes cannot be learnt from together, and that is said."""
    data = _write_rendered(tmp_path / "rendered")
    for hand in ("80", "96"):
        out = str(tmp_path / hand)
        assert main(["prepare", "--data", str(data), "--out", out, "--hand", hand]) == 0
    with pytest.raises(TrainingError, match="another size"):
        open_prepared([tmp_path / "80", tmp_path / "96"], "train")


def test_images_that_came_later_are_not_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that has grown is not taken for the one that was prepared."""
    data, out = _write_rendered(tmp_path / "rendered"), tmp_path / "rendered" / "made"
    command = ["prepare", "--data", str(data), "--out", str(out)]
    assert main(command) == 0
    assert main(command) == 0
    write_image(data / "palm" / "more.png", np.full((120, 120, 4), 255, np.uint8))
    assert main(command) == 2
    assert "another set of files" in capsys.readouterr().err
