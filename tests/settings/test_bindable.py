"""Gestures of the person's own: bound only where the classifier knows them."""

import json
from pathlib import Path

import pytest

from vcam.cli.main import main
from vcam.core.binding import Binding
from vcam.errors import ConfigError
from vcam.settings import load_settings
from vcam.settings.bindable import bindable_gestures
from vcam.vision.models.bundled import shipped_model

BOUND = 'profiles.mine.bindings = [{ gesture = "vulcan", action = "pause" }]\nprofile = "mine"\n'


@pytest.fixture
def classifier(tmp_path: Path) -> Path:
    """Return the path of a model of which there is only the card, which knows `vulcan`."""
    card = json.loads(shipped_model("classify").with_suffix(".json").read_text("utf-8"))
    card["labels"] = ["palm", "vulcan", "no_gesture"]
    (tmp_path / "own.json").write_text(json.dumps(card), "utf-8")
    return tmp_path / "own.onnx"


def _settings(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, "utf-8")
    return path


def test_unknown_without_a_classifier(tmp_path: Path) -> None:
    """A gesture that is not of the usual ones is refused, and the sentence says the way."""
    with pytest.raises(ConfigError, match=r'"vulcan".*set \[recognition\] classifier to a model'):
        load_settings(_settings(tmp_path, BOUND))


def test_known_to_the_classifier_of_the_file(tmp_path: Path, classifier: Path) -> None:
    """A file that names a model which knows the gesture may bind it, and arm with it."""
    more = f'[recognition]\nclassifier = "{classifier.name}"\n[gestures]\narm = "vulcan"\n'
    settings = load_settings(_settings(tmp_path, BOUND + more))
    assert settings.bindings == (Binding("vulcan", "pause"),)
    assert settings.gestures.arm == "vulcan"


def test_known_to_the_classifier_of_the_command_line(tmp_path: Path, classifier: Path) -> None:
    """A model named on the command line counts like one in the file, and is the one in use."""
    settings = load_settings(_settings(tmp_path, BOUND), classifier=classifier)
    assert settings.bindings == (Binding("vulcan", "pause"),)
    assert settings.recognition.classifier == str(classifier)


def test_still_unknown_to_the_classifier(tmp_path: Path, classifier: Path) -> None:
    """What the model does not know either is refused with what was likely meant."""
    text = BOUND.replace("vulcan", "volcan") + f"[recognition]\nclassifier = '{classifier}'\n"
    with pytest.raises(ConfigError, match=r'did you mean "vulcan"'):
        load_settings(_settings(tmp_path, text))


def test_classifier_without_a_card(tmp_path: Path) -> None:
    """Where the model's card is missing, the sentence about the gesture says that."""
    text = BOUND + '[recognition]\nclassifier = "gone.onnx"\n'
    with pytest.raises(ConfigError, match=r"cannot be \"vulcan\".*gone\.onnx has no card"):
        load_settings(_settings(tmp_path, text))


def test_no_gesture_is_never_bound(tmp_path: Path, classifier: Path) -> None:
    """`no_gesture` is a label of every model and no gesture of any."""
    assert "no_gesture" not in bindable_gestures(str(classifier))
    text = BOUND.replace("vulcan", "no_gesture") + f"[recognition]\nclassifier = '{classifier}'\n"
    with pytest.raises(ConfigError, match="no_gesture"):
        load_settings(_settings(tmp_path, text))


def test_bind_command(tmp_path: Path, classifier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`vcam bind` takes the gesture where the file's classifier knows it, and only there."""
    path = _settings(tmp_path, "")
    assert main(["bind", "vulcan", "pause", "--config", str(path)]) == 2
    assert "set [recognition] classifier" in capsys.readouterr().err
    path = _settings(tmp_path, f"[recognition]\nclassifier = '{classifier}'\n")
    assert main(["bind", "vulcan", "pause", "--config", str(path)]) == 0
    assert Binding("vulcan", "pause") in load_settings(path).bindings
