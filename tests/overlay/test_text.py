"""Words and text."""

import cv2
import pytest

from vcam.overlay.captions import action_words, gesture_words
from vcam.overlay.text import text_mask, wrapped


@pytest.fixture(params=["own font", "hershey"])
def face(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with OpenCV 5's font, if it is there, and with the lines of OpenCV 4."""
    text_mask.cache_clear()
    if request.param == "hershey":
        monkeypatch.delattr(cv2, "FontFace", raising=False)
    elif not hasattr(cv2, "FontFace"):
        pytest.skip("this OpenCV has no font of its own")
    return str(request.param)


@pytest.mark.usefixtures("face")
def test_text_is_as_high_as_asked_and_grows_with_its_letters() -> None:
    """A line is 1.3 font sizes high, and longer text is wider."""
    short, long = text_mask("stop", 20), text_mask("stop inverted", 20)
    assert short.shape[0] == long.shape[0] == 26
    assert 20 < short.shape[1] < long.shape[1] < 200
    assert short.max() > 200


@pytest.mark.usefixtures("face")
def test_lines_are_broken_between_words() -> None:
    """Every line fits the width, and no word gets lost."""
    text = "The camera is gone. Plug it in again."
    lines = wrapped(text, 20, 500, 160)
    assert " ".join(lines) == text
    assert all(text_mask(line, 20, 500).shape[1] <= 160 for line in lines)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("mic.mute", "mute microphone"),
        ("key:ctrl+shift+m", "press Ctrl+Shift+M"),
        ("hold:space", "hold down Space"),
        ("profile:discord", "profile discord"),
        ("reaction:👏", "react: clapping hands sign"),
        ("reaction:party", "react: party popper"),
        ('run:["ls", "-l"]', "run command"),
        ("something.new", "something new"),  # of a plug-in
        ("obs.scene:Be right back", "OBS scene Be right back"),
    ],
)
def test_actions_are_reported_in_words(action: str, words: str) -> None:
    """People read what will happen, not how it is written in the settings."""
    assert action_words(action) == words


def test_gestures_are_reported_in_words() -> None:
    """Underscores are for programs."""
    assert gesture_words("two_up_inverted") == "Two fingers, back of hand"
