"""Changing single settings in the file, as the control panel does."""

from pathlib import Path

import pytest

from tests.rigs.toml_layouts import LAYOUTS
from vcam.core.binding import Binding
from vcam.errors import ConfigError
from vcam.settings import load_settings
from vcam.settings.describe import template
from vcam.settings.edit import remove_binding, write_value


@pytest.fixture(params=[*LAYOUTS, "template", "missing"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a settings file in each layout that people write, and where there is none yet."""
    path = tmp_path / "settings.toml"
    if request.param != "missing":
        text = template() if request.param == "template" else LAYOUTS[request.param]
        path.write_bytes(text.encode())
    return path


def _comments(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line.partition("#")[2] for line in lines if "#" in line]


def test_a_value_is_set_and_comments_stay(path: Path) -> None:
    """A section's value is set, then changed; all comments stay, and nothing else changes."""
    before = _comments(path)
    for hold in (700, 750):
        assert write_value(path, ("gestures", "hold_ms"), hold, "").gestures.hold_ms == hold
    assert load_settings(path).gestures.hold_ms == 750
    assert _comments(path) == before
    assert path.read_text(encoding="utf-8").count("750") == 1


def test_thresholds_of_single_gestures(path: Path) -> None:
    """Least scores of two gestures are written one after the other into one table."""
    write_value(path, ("gestures", "min_scores", "stop"), 0.9, "")
    after = write_value(path, ("gestures", "min_scores", "palm"), 0.6, "")
    assert after.gestures.min_scores == {"stop": 0.9, "palm": 0.6}


def test_the_profile_in_use(path: Path) -> None:
    """Another profile can be chosen, whether or not the file named one before."""
    assert write_value(path, ("profile",), "zoom", "").profile == "zoom"
    assert load_settings(path).profile == "zoom"


def test_the_line_stands_below_its_header(tmp_path: Path) -> None:
    """In a file from `vcam config init`, a new value stands at the top of its section."""
    path = tmp_path / "settings.toml"
    write_value(path, ("camera", "device"), "1", template())
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[lines.index("[camera]") + 1] == 'device = "1"'


def test_a_wrong_value_changes_nothing(path: Path) -> None:
    """A value that the settings do not allow is refused, and the file stays byte by byte."""
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(ConfigError, match="hold_ms"):
        write_value(path, ("gestures", "hold_ms"), -1, "")
    assert (path.read_bytes() if path.exists() else None) == before


@pytest.mark.parametrize("layout", ["listed", "tables", "windows"])
def test_a_binding_is_taken_out(layout: str, tmp_path: Path) -> None:
    """The binding is gone, others and comments stay."""
    path = tmp_path / "settings.toml"
    path.write_bytes(LAYOUTS[layout].encode())
    before = load_settings(path).bindings
    after = remove_binding(path, Binding("stop", "mic.mute"), "mine", "")
    assert after.bindings == before[1:]
    assert ("# only the left hand" in path.read_text()) == (layout != "tables")
    assert (b"\r\n" in path.read_bytes()) == (layout == "windows")


def test_a_shipped_profile_is_copied_first(tmp_path: Path) -> None:
    """Taking a binding out of a profile that ships leaves the others of it."""
    path = tmp_path / "settings.toml"
    after = remove_binding(path, Binding("stop", "mic.mute"), "zoom", template())
    assert {each.gesture for each in after.profiles["zoom"]} == {"palm", "mute", "one"}


def test_what_is_not_bound_cannot_be_taken_out(tmp_path: Path) -> None:
    """A binding that is not there is refused in one sentence."""
    with pytest.raises(ConfigError, match="call by the hand any is not bound in zoom"):
        remove_binding(tmp_path / "settings.toml", Binding("call", "pause"), "zoom", "")
