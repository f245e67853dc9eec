"""Bindings to two steps and to both hands, as they stand in the settings."""

from pathlib import Path

import pytest

from vcam.cli.main import main
from vcam.core.binding import Binding
from vcam.errors import ConfigError
from vcam.settings import load_settings


def test_they_are_written_and_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What `vcam bind` writes is what the program reads."""
    path = tmp_path / "settings.toml"
    options = ["--profile", "mine", "--config", str(path)]
    assert main(["bind", "fist>palm", "video.blank", *options]) == 0
    assert main(["bind", "palm", "mic.mute", "--hand", "both", *options]) == 0
    capsys.readouterr()
    assert load_settings(path).profiles["mine"] == (
        Binding("fist>palm", "video.blank"),
        Binding("palm", "mic.mute", hand="both"),
    )


@pytest.mark.parametrize(
    ("gesture", "said"),
    [
        ("fist>fist", "two gestures that differ"),
        ("fist>palm>ok", "two gestures that differ"),
        ("fits>palm", 'did you mean "fist"'),
        ("swipe_up>palm", "gestures that are held"),
    ],
)
def test_steps_that_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], gesture: str, said: str
) -> None:
    """Steps are two known gestures that are held and differ; else one sentence, exit code 2."""
    options = ["--profile", "mine", "--config", str(tmp_path / "settings.toml")]
    assert main(["bind", gesture, "pause", *options]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("gesture", ["swipe_left", "fist>palm"])
def test_one_hand_at_a_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], gesture: str
) -> None:
    """What both hands cannot make is refused by `vcam bind` and in the file, with its line."""
    path = tmp_path / "settings.toml"
    options = ["--profile", "mine", "--hand", "both", "--config", str(path)]
    assert main(["bind", gesture, "pause", *options]) == 2
    assert f"cannot make {gesture}" in capsys.readouterr().err
    assert not path.exists()
    path.write_text(
        "[profiles.mine]\nbindings = [\n"
        f'  {{ gesture = "{gesture}", action = "pause", hand = "both" }},\n]\n'
    )
    with pytest.raises(ConfigError, match=f"line 3.*cannot make {gesture}"):
        load_settings(path)
