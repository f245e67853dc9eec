"""What is printed of gestures that fire."""

import pytest

from vcam.cli.doctor_table import print_findings
from vcam.cli.event_printer import EventPrinter
from vcam.core.check_result import CheckResult
from vcam.core.event import Event
from vcam.core.outcome import DONE, failed

REASON = (
    "the microphone cannot be reached (wpctl says: Could not connect to PipeWire; pactl says: "
    "Connection refused): plug in a microphone, install wireplumber, and start a desktop session"
)
HOSTILE = "\x1b]0;title\x07 no\r\nsuch\x00 scene \u202e"
"""What a server may answer: it would rename the terminal, and turn what follows around."""


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


def test_other_programs_cannot_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """The reason that a server gives is printed with its control codes spelt out."""
    printer = EventPrinter()
    event = Event(1.0, "fire", "stop", "left", 3, "obs.scene:a", (0, 0, 1, 1))
    printer(event)
    printer.answered(event, failed(HOSTILE))
    print_findings([CheckResult("obs", status, HOSTILE) for status in ("warn", "ok")])
    said = capsys.readouterr().out
    assert said.count("scene \\u202e") == 3
    assert not any(sign in said for sign in "\x1b\x07\x00\r\u202e")
