"""The whole program is scored on pictures of any layout, those that no training saw."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.training.rigs.tiny import write_archive
from training.__main__ import main
from training.datasets.annotations import LabelledImage
from training.evaluation import program_metrics


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[LabelledImage]:
    """Let the program say `palm` of everything, where the hand is; return what it was asked."""
    seen: list[LabelledImage] = []

    def recognize(images: Sequence[LabelledImage], config: Path | None) -> list[dict[str, Any]]:
        seen.extend(images)
        hand = {"gesture": "palm", "leading_hand": "left", "box": [0, 0, 1, 1]}
        scores = [0.4, 0.7]  # every second image is more confident
        return [
            {
                "width": 160,
                "height": 120,
                "hands": [{**hand, "gesture_score": scores[place % 2]}],
            }
            for place, _ in enumerate(images)
        ]

    monkeypatch.setattr(program_metrics, "recognize", recognize)
    return seen


def _photos(folder: Path, gesture: str, count: int) -> None:
    (folder / gesture).mkdir(parents=True)
    random = np.random.default_rng(len(gesture))
    for number in range(count):
        image = random.integers(0, 255, (60, 80, 3), dtype=np.uint8)
        (folder / gesture / f"{number}.png").write_bytes(cv2.imencode(".png", image)[1].tobytes())


def test_archives(tmp_path: Path, asked: list[LabelledImage]) -> None:
    """Of archives, what the annotations call `val` counts."""
    write_archive(tmp_path / "tiny.zip")
    assert main(["evaluate", "--data", str(tmp_path), "--json", str(tmp_path / "s.json")]) == 0
    assert {image.split for image in asked} == {"val"}
    scores = json.loads((tmp_path / "s.json").read_text())
    assert scores["all"]["pictures"] == len(asked) == 12
    assert scores["all"]["hit"] == 0.5  # palm of palm and fist
    assert scores["all"]["wrong"] == pytest.approx(2 / 3, abs=1e-3)


def test_photos_of_ones_own(tmp_path: Path, asked: list[LabelledImage]) -> None:
    """Photos in a folder for each gesture: those that `prepare` holds back, or all of them."""
    _photos(tmp_path / "mine", "palm", 20)
    _photos(tmp_path / "mine", "no_gesture", 10)
    run = ["evaluate", "--data", str(tmp_path / "mine"), "--json", str(tmp_path / "s.json")]
    assert main(run) == 0
    assert 0 < len(asked) < 15
    asked.clear()
    assert main([*run, "--split", "all"]) == 0
    assert len(asked) == 30
    scores = json.loads((tmp_path / "s.json").read_text())
    assert scores["world:own photos"]["hit"] == 1.0
    assert scores["world:own photos, none of the 18 shown"]["wrong"] == 1.0


def test_nothing_to_validate_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with nothing kept for validation says so, and what helps."""
    _photos(tmp_path / "mine" / "train", "palm", 3)
    assert main(["evaluate", "--data", str(tmp_path / "mine")]) == 2
    assert "--split all" in capsys.readouterr().err


def test_thresholds_side_by_side(
    tmp_path: Path, asked: list[LabelledImage], capsys: pytest.CaptureFixture[str]
) -> None:
    """One run of the program is counted at each threshold; a model that is none is named."""
    write_archive(tmp_path / "tiny.zip")
    run = ["evaluate", "--data", str(tmp_path), "--json", str(tmp_path / "s.json")]
    assert main([*run, "--thresholds", "0.3", "0.5", "0.9"]) == 0
    assert len(asked) == 12
    scores = json.loads((tmp_path / "s.json").read_text())
    assert scores["0.3"]["all"]["hit"] == 0.5
    assert 0 < scores["0.5"]["all"]["hit"] < 0.5
    assert scores["0.9"]["all"]["hit"] == scores["0.9"]["all"]["wrong"] == 0
    assert "HaGRID" in capsys.readouterr().out
    assert main([*run, "--thresholds", "0.5", "--model", str(tmp_path / "no.onnx")]) == 2
    assert "no.onnx" in capsys.readouterr().err
