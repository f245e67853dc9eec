"""Training from end to end, on pictures drawn on the spot."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.rigs.tiny import write_archive
from training.__main__ import main
from training.datasets.dataset import open_prepared
from training.datasets.formats.hagrid_zip import list_images
from vcam.errors import ModelError
from vcam.vision.models.session import ModelSession

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


def _train(task: str, cache: Path, out: Path, options: Sequence[str]) -> int:
    where = ["--cache", str(cache), "--out", str(out), "--workers", "0"]
    return main(["train", task, *where, *options])


def test_archive_is_read(tmp_path: Path) -> None:
    """Every annotated picture of an archive is listed with its hands."""
    images = list(list_images(write_archive(tmp_path / "tiny.zip")))
    assert len(images) == 36
    assert {hand.gesture for p in images for hand in p.hands} == {"palm", "fist", "no_gesture"}


def test_prepare_keeps_the_split(cache: Path) -> None:
    """What the data set calls validation never gets into the training shards."""
    train, val = open_prepared([cache], "train"), open_prepared([cache], "val")
    assert (len(train.hands), len(val.hands)) == (24, 12)
    images = [{p.hands.read(i)[1]["picture"] for i in range(len(p.hands))} for p in (train, val)]
    assert not images[0] & images[1]


def test_canvas_holds_the_hand_in_its_middle(cache: Path) -> None:
    """A prepared hand is centred, its longer side 80 pixels."""
    hands = open_prepared([cache], "train").hands
    palms = np.flatnonzero(hands.gesture == hands.labels.index("palm"))
    canvas, _ = hands.canvas(int(palms[0]))
    blob = canvas[..., 0].astype(int) > 150
    rows, columns = np.nonzero(blob)
    assert rows.mean() == pytest.approx(80, abs=3)
    assert columns.mean() == pytest.approx(80, abs=3)
    assert np.ptp(rows) == pytest.approx(80, abs=6)


@pytest.mark.parametrize(
    ("task", "name"), [("classifier", "gesture_classifier"), ("detector", "hand_detector")]
)
def test_train_export_and_load(cache: Path, tmp_path: Path, task: str, name: str) -> None:
    """A net trained for a moment is exported, equals torch, and is taken by the runtime."""
    options = ["--epochs", "1", "--pictures", "256" if task == "classifier" else "32"]
    options += [] if task == "classifier" else ["--batch", "16"]
    assert _train(task, cache, tmp_path, options) == 0
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [0]
    assert main(["export", str(tmp_path / "model.pt"), "--name", name, "--out", str(tmp_path)]) == 0
    does = {"classifier": "classify", "detector": "detect"}[task]
    session = ModelSession(tmp_path / f"{name}.onnx", does)
    size = session.card.height
    outputs = session.run(np.zeros((1, size, size, 3), np.uint8))
    assert all(np.isfinite(output).all() for output in outputs)


def test_resume_gives_the_same_weights(cache: Path, tmp_path: Path) -> None:
    """A training that was stopped after an epoch ends with the weights of one that was not."""
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    options = ["--epochs", "2", "--pictures", "256"]
    assert _train("classifier", cache, whole, options) == 0
    assert _train("classifier", cache, parts, [*options, "--stop-after", "1"]) == 0
    assert _train("classifier", cache, parts, options) == 0
    one = torch.load(whole / "model.pt", weights_only=True)["weights"]
    other = torch.load(parts / "model.pt", weights_only=True)["weights"]
    assert all(torch.allclose(one[key].float(), other[key].float(), atol=1e-5) for key in one)


def test_a_detector_is_no_classifier(cache: Path, tmp_path: Path) -> None:
    """The runtime refuses a model that was made for another task."""
    options = ["--epochs", "1", "--pictures", "16", "--batch", "16"]
    assert _train("detector", cache, tmp_path, options) == 0
    main(["export", str(tmp_path / "model.pt"), "--name", "detector", "--out", str(tmp_path)])
    with pytest.raises(ModelError, match="made to detect"):
        ModelSession(tmp_path / "detector.onnx", "classify")


def test_unknown_command(capsys: pytest.CaptureFixture[str]) -> None:
    """A command that does not exist is answered with those that do."""
    assert main(["teach"]) == 2
    assert "prepare" in capsys.readouterr().err


def test_training_without_its_packages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who installed only the program is told in one sentence what training needs."""
    monkeypatch.delitem(sys.modules, "training.train.average_weights", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert main(["average", "a.pt", "b.pt", "--out", "c"]) == 2
    reported = capsys.readouterr().err
    assert reported == "torch is not installed: training needs `pip install -e '.[training]'`.\n"
