"""What became of an action, in a few words and in all of them."""

import pytest

from vcam.core.outcome import BRIEF, DONE, failed

MICROPHONE = (
    "the microphone cannot be reached (wpctl says: no PipeWire; pactl says: refused (again)): "
    "plug in a microphone, install wireplumber, and start a desktop session with sound"
)


@pytest.mark.parametrize(
    ("reason", "brief"),
    [
        ("the microphone is gone", "the microphone is gone"),
        ("OBS says: no scene is called Break", "OBS says: no scene is called Break"),
        (MICROPHONE, "the microphone cannot be reached"),
        (
            "keys cannot be pressed here (X11: none (no DISPLAY)); " + "do this " * 9,
            "keys cannot be pressed here",
        ),
        (
            "OBS says: " + "too much of it " * 9,
            ("OBS says: " + "too much of it " * 9)[:60].rstrip() + "…",
        ),
    ],
    ids=["short", "said by another", "aside", "nested", "cut"],
)
def test_a_reason_is_shortened_to_what_went_wrong(reason: str, brief: str) -> None:
    """Asides and advice go first; who says it stays; nothing is longer than fits."""
    assert failed(reason).brief == brief
    assert len(brief) <= BRIEF + 1
    assert failed(reason).reason == reason
    assert DONE.brief is None
