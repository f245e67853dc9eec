"""Hands that their source names wrong are found, renamed or left out."""

import json
import zipfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.rigs.small_model import small_model
from tests.training.rigs.tiny import COLOURS, write_archive
from training.__main__ import main
from training.datasets.annotations import HandLabel
from training.datasets.dataset import open_prepared
from training.datasets.hand_canvas import facing
from training.datasets.relabel import DoubtedHands, corrections, name_again
from vcam.vision.models.bundled import shipped_model

HIDDEN = 10
"""Palms that the archive names no_gesture."""


def _doubts(
    random: np.random.Generator, facing: int = 0
) -> tuple[DoubtedHands, np.ndarray[Any, Any]]:
    """Two classes and a doubted third; 20 of the doubted 40 are of the first class in truth."""
    true = np.repeat([0, 1, 2, 0], [60, 60, 20, 20])
    middle = random.normal(0, 1, (3, 16))
    embedding = middle[true] + random.normal(0, 0.25, (len(true), 16))
    embedding /= np.linalg.norm(embedding, axis=1, keepdims=True)
    doubted = np.arange(len(true)) >= 120
    label = np.where(doubted, 2, true)
    doubted[120:125] = False  # somebody looked at these
    facings = np.full(len(true), facing)
    return DoubtedHands(embedding, label, doubted, facings, np.ones(len(true))), true


def test_doubted_hands_are_named_by_what_they_resemble() -> None:
    """Of forty hands named alike, those that look like another class are given its name."""
    doubts, true = _doubts(np.random.default_rng(1))
    said = name_again(doubts, 3)
    assert (said.argmax(1) == true)[doubts.doubted].mean() > 0.95
    names = [str(place) for place in range(len(true))]
    found = corrections(said, doubts, names, ("a", "b", "c"), ("a",))
    assert {true[int(name)] for name, label in found.items() if label == "a"} == {0}
    assert sum(label == "a" for label in found.values()) >= 18


def test_a_name_that_was_not_asked_for_is_a_doubt() -> None:
    """A hand that looks like a class beyond `among` is left out, not renamed."""
    doubts, true = _doubts(np.random.default_rng(1))
    names = [str(place) for place in range(len(true))]
    found = corrections(name_again(doubts, 3), doubts, names, ("a", "b", "c"), ("b",))
    assert found
    assert set(found.values()) == {None}


def test_palm_and_back_tell_two_gestures_apart() -> None:
    """Hands that look alike are named by whether they show the palm."""
    random = np.random.default_rng(2)
    same = random.normal(0, 1, 16)
    embedding = same + random.normal(0, 0.2, (120, 16))
    embedding /= np.linalg.norm(embedding, axis=1, keepdims=True)
    true = np.tile([0, 1], 60)
    doubted = np.arange(120) >= 80
    label = np.where(doubted, 2, true)
    sides = np.where(true == 0, 1, -1)
    doubts = DoubtedHands(embedding, label, doubted, sides, np.ones(120))
    said = name_again(doubts, 3)
    assert (said.argmax(1) == true)[doubted].mean() > 0.9


def test_facing() -> None:
    """A left hand with its index finger to the right of its wrist shows its palm; mirrored, not."""
    points = [(0.5, 0.9)] * 21
    points[5], points[17] = (0.6, 0.5), (0.4, 0.5)
    box = (0.3, 0.3, 0.4, 0.6)

    def of(side: Any, landmarks: list[tuple[float, float]]) -> float | None:
        return facing(HandLabel(box, "palm", side, 1.0, tuple(landmarks)), 100, 100)

    shown = of("right", points)
    assert shown is not None
    assert of("left", points) == -shown
    assert of(None, points) is None
    assert of("left", []) is None
    assert of("left", [(0.5, 0.5)] * 21) is None


def _write_crops(path: Path) -> None:
    """Write tight crops of coloured blobs; some that look like palms are named no_gesture."""
    random = np.random.default_rng(0)
    with zipfile.ZipFile(path, "w") as archive:
        for gesture in COLOURS:
            entries: dict[str, Any] = {}
            for number in range(30):
                hidden = gesture == "no_gesture" and number < HIDDEN
                colour = COLOURS["palm" if hidden else gesture]
                image = random.integers(0, 60, (90, 70, 3), dtype=np.uint8)
                axes = (int(random.integers(20, 30)), int(random.integers(30, 40)))
                cv2.ellipse(image, (35, 45), axes, 0, 0, 360, colour, -1)
                key = f"{gesture}{number}"
                archive.writestr(f"{gesture}/{key}.jpg", cv2.imencode(".jpg", image)[1].tobytes())
                entries[key] = {
                    "bboxes": [[0, 0, 1, 1]],
                    "labels": [gesture],
                    "leading_hand": None,
                    "landmarks": [[]],
                    "user_id": None,
                    "source": "hagrid",
                    "boxes": "tight crop",
                    "split": "train",
                }
            archive.writestr(f"annotations/{gesture}.json", json.dumps(entries))


def test_hidden_palms_are_found_and_prepared_as_palms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From an archive with wrong names to a prepared folder with right ones, by two commands."""
    data = tmp_path / "data"
    data.mkdir()
    _write_crops(data / "crops.zip")
    write_archive(data / "frames.zip")
    cache, out = tmp_path / "cache", tmp_path / "corrections.json"
    assert main(["prepare", "--data", str(data), "--out", str(cache)]) == 0
    model = ["--model", str(small_model(tmp_path, ["gesture", "hand", "embedding"]))]
    options = [*model, "--cache", str(cache), "--out", str(out)]
    assert main(["relabel", *options, "--among", "palm"]) == 0
    found = json.loads(out.read_text())
    palms = {Path(name).stem for name, label in found.items() if label == "palm"}
    hidden = {f"no_gesture{number}" for number in range(HIDDEN)}
    assert len(palms & hidden) >= HIDDEN - 2
    assert len(palms - hidden) <= 1
    assert out.with_suffix(".jpg").stat().st_size > 1000
    again = tmp_path / "again"
    command = ["prepare", "--data", str(data), "--out", str(again)]
    assert main([*command, "--corrections", str(out)]) == 0
    hands = open_prepared([again], "train").hands
    palm = (hands.gesture == hands.labels.index("palm"))[hands.tight]
    assert palm.sum() == 30 + len(palms)
    assert hands.tight.sum() == 90 - sum(label is None for label in found.values())
    capsys.readouterr()
    assert main(command) == 2
    assert "another corrections" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"), [("no json", "cannot be read"), ('{"a": 3}', "let `relabel` write it")]
)
def test_corrections_that_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    """A file that holds no corrections ends in one sentence."""
    _write_crops(tmp_path / "crops.zip")
    wrong = tmp_path / "wrong.json"
    wrong.write_text(content)
    command = ["prepare", "--data", str(tmp_path), "--out", str(tmp_path / "cache")]
    assert main([*command, "--corrections", str(wrong)]) == 2
    assert said in capsys.readouterr().err


def test_relabel_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that no hand can show, and a model that is none, end in one sentence each."""
    _write_crops(tmp_path / "crops.zip")
    cache = tmp_path / "cache"
    assert main(["prepare", "--data", str(tmp_path), "--out", str(cache)]) == 0
    options = ["relabel", "--cache", str(cache), "--out", str(tmp_path / "c.json")]
    assert main([*options, "--model", str(tmp_path / "none.onnx"), "--among", "palm"]) == 2
    assert "There is no model" in capsys.readouterr().err
    model = str(shipped_model("classify"))
    assert main([*options, "--model", model, "--among", "vulcan"]) == 2
    assert "No hand can show vulcan" in capsys.readouterr().err
    assert main([*options, "--model", model, "--among", "palm"]) == 2
    assert "none can teach" in capsys.readouterr().err
