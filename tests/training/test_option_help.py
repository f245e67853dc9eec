"""Every command's help says what each option is when it is left out."""

import re

import pytest

from training.__main__ import COMMANDS, main

HELPS = [[name] for name in COMMANDS if name != "train"]
HELPS += [["train", "classifier"], ["train", "detector"]]
DEFAULTS = {
    ("prepare",): ("runs/cache", "default: data", "default 80"),
    ("train", "classifier"): ("(default: runs/classifier)", "default: the recipe's", "auto"),
    ("train", "detector"): ("(default: runs/detector)",),
    ("hard-negatives",): ("default: models/hand_detector.onnx", "default: 0.2"),
    ("improve",): ("default 0.35", "default runs/improve", "the shipped"),
    ("synthesize",): ("(default: 192)", "default: all"),
    ("export",): ("default: models", "default: float16"),
}


@pytest.mark.parametrize("command", HELPS, ids=" ".join)
def test_options_say_their_defaults(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """No default is shown as an object of Python's, none is missing that a person would ask for."""
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    assert not re.search(r"PosixPath|None\)|False\)|%\(", said)
    for default in DEFAULTS.get(tuple(command), ()):
        assert default in said, default
