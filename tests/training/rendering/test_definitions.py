"""The sheet of what counts as each gesture: every gesture is on it, marks say which is which."""

from pathlib import Path

import numpy as np
import pytest

from training.rendering import definitions
from training.rendering.command import main
from vcam.core.labels import GESTURES
from vcam.system.image_files import read_image


def test_every_gesture_is_defined() -> None:
    """Each has a hand that shows it; each but `mute`, which the face makes, one that does not."""
    assert set(definitions.EXAMPLES) == set(GESTURES)
    assert all(yes for yes, _ in definitions.EXAMPLES.values())
    assert [label for label, (_, no) in definitions.EXAMPLES.items() if not no] == ["mute"]


def test_the_sheet_shows_hands_with_marks(
    hands: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The command writes it: green under what is one, red under what is none."""
    shown = {label: definitions.EXAMPLES[label] for label in ("like", "rock")}
    monkeypatch.setattr(definitions, "EXAMPLES", shown)
    out = tmp_path / "sheet.png"
    assert main(["--definitions", str(out), "--hands", str(hands.parent)]) == 0
    sheet = read_image(out)
    assert sheet is not None
    assert sheet.shape[1] == definitions.WIDE
    for colour in (definitions.YES, definitions.NO):
        assert (np.abs(sheet.astype(int) - colour).max(2) < 4).sum() > 100
    skin = (sheet[..., 2].astype(int) - sheet[..., 0] > 40).mean()
    assert 0.05 < skin < 0.5
