"""`vcam bind`."""

import io
import sys
from pathlib import Path

import pytest

from vcam.cli import bind_wizard
from vcam.cli.main import main
from vcam.core.binding import Binding
from vcam.settings import load_settings


def test_writes_a_binding(settings_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first binding makes a commented file, holds at once, and is reported with its profile."""
    argv = ["bind", "rock", "key:alt+y", "--hand", "left", "--hold", "800"]
    assert main(argv) == 0
    assert Binding("rock", "key:alt+y", "left", 800) in load_settings().bindings
    said = capsys.readouterr().out
    assert "rock by the left hand does key:alt+y after 800 ms, in profile system" in said
    assert "was copied" in said
    assert settings_file.read_text("utf-8").startswith("# Settings of the gesture camera.")


def test_tells_what_it_replaces(capsys: pytest.CaptureFixture[str]) -> None:
    """One for the same gesture and hand is replaced and reported; another hand's is reported."""
    assert main(["bind", "stop", "pause"]) == 0
    assert "this replaces stop by either hand does mic.mute" in capsys.readouterr().out
    assert main(["bind", "stop", "resume", "--hand", "left"]) == 0
    assert "there is also stop by either hand does pause" in capsys.readouterr().out


def test_other_profile(capsys: pytest.CaptureFixture[str]) -> None:
    """A binding in a profile that is not in use says how to use it."""
    assert main(["bind", "ok", "pause", "--profile", "mine"]) == 0
    assert "vcam run --profile mine" in capsys.readouterr().out
    assert load_settings(profile="mine").bindings == (Binding("ok", "pause"),)


@pytest.mark.parametrize(
    ("argv", "part"),
    [
        (["stap", "pause"], 'did you mean "stop"'),
        (["stop", "mic.mut"], "mic.mute"),
        (["stop"], "vcam bind stop"),
        (["stop", "pause", "--hold", "-5"], "hold_ms"),
        (["stop", 'run:["x"]'], "allow_commands"),
    ],
)
def test_mistakes(
    argv: list[str], part: str, settings_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A binding that makes no sense is one sentence, 2, and no file."""
    assert main(["bind", *argv]) == 2
    assert part in capsys.readouterr().err
    assert not settings_file.exists()


def test_no_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without arguments and without a terminal it says what to pass."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert main(["bind"]) == 2
    assert "vcam bind stop mic.mute" in capsys.readouterr().err


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _answer(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    monkeypatch.setattr(sys, "stdin", _Terminal("".join(f"{answer}\n" for answer in answers)))


def test_asks(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It asks step by step, and again where an answer is wrong."""
    answers = ("zoom", "rok", "rock", "left", "key:", "key:alt+y", "soon", "700", "y")
    _answer(monkeypatch, *answers)
    assert main(["bind"]) == 0
    assert Binding("rock", "key:alt+y", "left", 700) in load_settings(profile="zoom").bindings
    assert 'did you mean "rock"' in capsys.readouterr().out


def test_usual_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enter takes the profile in use, either hand, the usual time, and yes."""
    _answer(monkeypatch, "", "rock", "", "pause", "", "")
    assert main(["bind"]) == 0
    assert Binding("rock", "pause") in load_settings().bindings


@pytest.mark.parametrize("answers", [("", "rock", "", "pause", "", "n"), ("", "rock")])
def test_backing_out(
    answers: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, settings_file: Path
) -> None:
    """A no at the end, or answers that end early, write nothing."""
    _answer(monkeypatch, *answers)
    assert main(["bind"]) == 2
    assert not settings_file.exists()


def test_answers_by_number(
    monkeypatch: pytest.MonkeyPatch, settings_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Gestures and actions can be chosen by their numbers, and by what people call them."""
    monkeypatch.setattr(bind_wizard, "ACTIONS", (("video.blur", "blur"), ("pause", "ignore")))
    _answer(monkeypatch, "zoom", "thumb up", "any", "3", "", "y")
    assert main(["bind"]) == 0
    said = capsys.readouterr().out
    assert "1 Call me" in said
    assert "mute or unmute in Zoom" in said
    bound = {each.gesture: each.action for each in load_settings(settings_file).profiles["zoom"]}
    assert bound["like"].startswith("key:")
    _answer(monkeypatch, "system", "1", "any", "2", "", "y")
    assert main(["bind"]) == 0
    bound = {each.gesture: each.action for each in load_settings(settings_file).bindings}
    assert bound["call"] == "pause"


def test_a_glance_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """A hold that nobody can help showing is written, and noted."""
    assert main(["bind", "stop", "pause", "--hold", "50"]) == 0
    assert "50 ms is a glance" in capsys.readouterr().out
