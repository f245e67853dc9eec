"""A model with other labels dropped in: the program acts on a gesture that it never heard of."""

import json
import shutil
from pathlib import Path

import pytest

from vcam.cli.main import main
from vcam.vision.models.bundled import shipped_model

BOUND = 'profile = "mine"\nprofiles.mine.bindings = [{ gesture = "vulcan", action = "mic.mute" }]\n'


@pytest.fixture
def classifier(tmp_path: Path) -> Path:
    """Return the shipped classifier with what it calls `stop` called `vulcan`."""
    shipped = shipped_model("classify")
    card = json.loads(shipped.with_suffix(".json").read_text("utf-8"))
    card["labels"] = ["vulcan" if label == "stop" else label for label in card["labels"]]
    (tmp_path / "own.json").write_text(json.dumps(card), "utf-8")
    return Path(shutil.copy(shipped, tmp_path / "own.onnx"))


def test_own_gesture_fires(classifier: Path, tmp_path: Path) -> None:
    """`vcam run --classifier` fires the own gesture, with its action, and draws it."""
    settings, events = tmp_path / "settings.toml", tmp_path / "events.jsonl"
    settings.write_text(BOUND, "utf-8")
    source = ["--camera", "demo", "--output", str(tmp_path / "out.mp4"), "--speed", "max"]
    options = ["--config", str(settings), "--events", str(events), "--dry-run"]
    assert main(["run", *source, *options, "--classifier", str(classifier)]) == 0
    fired = [json.loads(line) for line in events.read_text("utf-8").splitlines()]
    fired = [event for event in fired if event["phase"] == "fire"]
    actions = {event["gesture"]: event["action"] for event in fired}
    assert actions["vulcan"] == "mic.mute"
    assert "stop" not in actions


def test_not_without_the_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same settings without the model are refused in one sentence that says what to set."""
    settings = tmp_path / "settings.toml"
    settings.write_text(BOUND, "utf-8")
    assert main(["run", "--camera", "demo", "--output", "null", "--config", str(settings)]) == 2
    said = capsys.readouterr().err
    assert "set [recognition] classifier to a model that knows it" in said
    assert len(said.splitlines()) == 1
