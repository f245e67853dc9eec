"""`vcam last`: what fired lately, and that it was wrong."""

import json
from pathlib import Path

import numpy as np
import pytest

from vcam.cli.main import main
from vcam.history.fire_history import RememberedFire, read_fires, write_fire
from vcam.settings import load_settings
from vcam.system.paths import fires_folder, missed_folder

SETTINGS = "# mine\n[gestures]\nremember = true  # for a while\n"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings that ask to remember, and a folder of one's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    path = tmp_path / "settings.toml"
    path.write_text(SETTINGS)
    return path


def _keep(number: str, gesture: str, least: float | None = 0.6) -> None:
    image = np.zeros((40, 40, 3), np.uint8)
    box = (0.25, 0.25, 0.5, 0.5)
    fired = RememberedFire(number, 1.0, 2.0, gesture, "left", "mic.mute", least, box)
    write_fire(fires_folder(), fired, image)


def test_what_fired_is_listed(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The newest comes first, with its hand and what it did."""
    _keep("1000-1", "stop")
    _keep("2000-1", "palm")
    assert main(["last", "--config", str(settings)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert "Open palm, left hand" in first
    assert "mute microphone" in first
    assert "Stop" in second
    assert main(["last", "--json", "--config", str(settings)]) == 0
    newest = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (newest["number"], newest["gesture"]) == ("2000-1", "palm")


def test_wrong_raises_the_threshold_and_keeps_the_image(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second is marked: its gesture needs more now, comments stay, the picture moves."""
    _keep("1000-1", "stop")
    _keep("2000-1", "palm")
    assert main(["last", "--wrong", "2", "--config", str(settings)]) == 0
    assert "Stop now needs a score of 65%" in capsys.readouterr().out
    assert load_settings(settings).gestures.min_scores == {"stop": 0.65}
    assert "# for a while" in settings.read_text()
    assert [fired.gesture for fired in read_fires(fires_folder())] == ["palm"]
    assert (fires_folder() / "wrong" / "no_gesture" / "1000-1.jpg").exists()


def test_a_threshold_has_an_end(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It never rises so far that nothing could reach it, and that is said."""
    for number in range(9):
        _keep(f"{1000 + number}-1", "stop", 0.7)
        assert main(["last", "--wrong", "--config", str(settings)]) == 0
    assert load_settings(settings).gestures.min_scores == {"stop": 0.94}
    assert "highest threshold already" in capsys.readouterr().out


def test_a_swipe_has_no_threshold(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its picture is kept all the same."""
    _keep("1000-1", "swipe_up", None)
    assert main(["last", "--wrong", "--config", str(settings)]) == 0
    assert "no threshold of its own" in capsys.readouterr().out


@pytest.mark.parametrize(("number", "said"), [("0", "number 0"), ("5", "there are 1 to 1")])
def test_a_number_that_is_none(
    settings: Path, capsys: pytest.CaptureFixture[str], number: str, said: str
) -> None:
    """One sentence, and exit code 2."""
    _keep("1000-1", "stop")
    assert main(["last", "--wrong", number, "--config", str(settings)]) == 2
    assert said in capsys.readouterr().err


def test_nothing_is_remembered(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Switched off, the command says how to switch it on; on, that nothing has fired."""
    assert main(["last", "--config", str(settings)]) == 0
    assert "Nothing has fired yet" in capsys.readouterr().out
    settings.write_text("")
    assert main(["last", "--config", str(settings)]) == 2
    assert "remember = true" in capsys.readouterr().err


def test_missed_is_off_at_first(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the setting the command says how to switch it on, and writes nothing."""
    assert main(["last", "--missed", "stop", "--config", str(settings)]) == 2
    assert "remember_missed = true" in capsys.readouterr().err
    assert not missed_folder().exists()


def test_missed_needs_a_running_program(
    settings: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nobody to ask it is one sentence, and exit code 2."""
    monkeypatch.setattr("vcam.history.missed_request.WAIT_S", 0.2)
    settings.write_text("[gestures]\nremember_missed = true\n")
    assert main(["last", "--missed", "stop", "--config", str(settings)]) == 2
    assert "No running program remembers" in capsys.readouterr().err
