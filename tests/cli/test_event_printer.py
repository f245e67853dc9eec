"""What is printed of gestures that fire."""

import pytest

from vcam.cli.event_printer import EventPrinter
from vcam.core.event import Event
from vcam.core.outcome import DONE, failed

REASON = (
    "the microphone cannot be reached (wpctl says: Could not connect to PipeWire; pactl says: "
    "Connection refused): plug in a microphone, install wireplumber, and start a desktop session"
)


def test_a_failure_says_why_once_and_then_in_short(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All of a reason stands below the first line, within 80 columns; later in a few words."""
    monkeypatch.setenv("COLUMNS", "80")
    printer = EventPrinter()
    for number, outcome in enumerate((failed(REASON), DONE, failed(REASON))):
        fire = Event(number, "fire", "stop", "right", 1, "mic.mute", (0.0, 0.0, 1.0, 1.0))
        printer(fire)
        printer.answered(fire, outcome)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line != line.rstrip()] == []
    heads = [line for line in lines if not line.startswith(" " * 11)]
    assert ["✗" in line for line in heads] == [True, False, True]
    assert max(map(len, lines)) <= 80
    below = [line.strip() for line in lines if line.startswith(" " * 11)]
    assert " ".join(below[:-1]) == REASON
    assert below[-1] == "the microphone cannot be reached"
