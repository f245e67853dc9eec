"""The settings in force: one place where edits and profiles take effect."""

import time
from pathlib import Path

import pytest

from vcam.app import live_settings
from vcam.app.live_settings import LiveSettings
from vcam.app.options import RunOptions
from vcam.errors import ConfigError

TEXT = """
profile = "one"
[profiles.one]
bindings = [ { gesture = "stop", action = "video.blank" } ]
[profiles.two]
bindings = [ { gesture = "palm", action = "video.blur" } ]
"""


def _live(folder: Path, text: str = TEXT, *, practice: bool = False) -> LiveSettings:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return LiveSettings(RunOptions(config=path, practice=practice))


def test_a_profile_brings_its_bindings(tmp_path: Path) -> None:
    """The bindings in force are those of the profile that was chosen last."""
    live = _live(tmp_path)
    assert [each.gesture for each in live.bindings] == ["stop"]
    live.use_profile("two")
    assert [each.gesture for each in live.bindings] == ["palm"]


def test_accents_are_stored_in_two_ways(tmp_path: Path) -> None:
    """A profile is found whether its accent is a letter with it, as typed, or one beside it."""
    one, other = "caf\u00e9", "cafe\u0301"
    text = TEXT.replace('profile = "one"', f'profile = "{other}"').replace(
        "profiles.two", f'profiles."{one}"'
    )
    live = _live(tmp_path, text.replace("video.blank", f"profile:{other}"))
    assert live.profile == one
    live.use_profile("one")
    live.use_profile(other)
    assert [each.gesture for each in live.bindings] == ["palm"]
    path = tmp_path / "settings.toml"
    assert LiveSettings(RunOptions(config=path, profile=other)).profile == one


def test_an_unknown_profile_changes_nothing(tmp_path: Path) -> None:
    """A profile that does not exist is refused by name, with those that do."""
    live = _live(tmp_path)
    with pytest.raises(ConfigError, match=r'no profile "tow".*one.*two'):
        live.use_profile("tow")
    assert live.profile == "one"


def test_an_edit_that_removes_the_profile_falls_back(tmp_path: Path) -> None:
    """When an edit takes the chosen profile away, the one that the file names is in force."""
    live = _live(tmp_path)
    live.use_profile("two")
    before, other = live.edition, tmp_path / "other"
    other.mkdir()
    live.apply_settings(_live(other, TEXT.split("[profiles.two]", maxsplit=1)[0]).settings)
    assert live.profile == "one"
    assert live.edition == before + 1


@pytest.mark.parametrize(("asked", "written"), [(True, False), (False, True)])
def test_practice_is_asked_for_in_either_place(
    tmp_path: Path, *, asked: bool, written: bool
) -> None:
    """The command line and the settings can both ask for practice."""
    text = TEXT + f"[gestures]\npractice = {str(written).lower()}\n"
    assert _live(tmp_path, text, practice=asked).practice


def test_practice_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page can ask for practice; it ends when it says so, and by itself when it says no more."""
    monkeypatch.setattr(live_settings, "PRACTISE_S", 0.3)
    live = _live(tmp_path)
    live.practise(on=True)
    assert live.practice
    live.practise(on=False)
    assert not live.practice
    live.practise(on=True)
    end = time.perf_counter() + 10
    while live.practice and time.perf_counter() < end:
        time.sleep(0.02)
    assert not live.practice
