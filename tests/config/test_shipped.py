"""The profiles that ship."""

import pytest

from vcam.act.action import HoldKeys, PressKeys, SetMicrophone, parse_action
from vcam.config import Settings
from vcam.config.shipped import SYSTEMS, System, shipped_profiles

NAMES = ("system", "zoom", "discord", "teams", "meet", "slack", "obs")


@pytest.mark.parametrize("system", SYSTEMS)
def test_all_apps_on_all_systems(system: System) -> None:
    """Every app has bindings and says what to switch on, on every system."""
    shipped = shipped_profiles(system)
    assert tuple(shipped) == NAMES
    for profile in shipped.values():
        assert profile.bindings
        assert profile.needs.endswith(".")
        assert profile.title


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("name", NAMES)
def test_same_mute_everywhere(system: System, name: str) -> None:
    """Stop mutes and palm unmutes in every profile, and unmuting takes longer."""
    bindings = {each.gesture: each for each in shipped_profiles(system)[name].bindings}
    assert parse_action(bindings["stop"].action) == SetMicrophone("mute")
    assert parse_action(bindings["palm"].action) == SetMicrophone("unmute")
    assert (bindings["palm"].hold_ms or 0) > Settings().gestures.hold_ms


@pytest.mark.parametrize("system", SYSTEMS)
def test_no_dangerous_keys(system: System) -> None:
    """No shipped chord is a lone letter, or closes or bookmarks a tab when focus is elsewhere."""
    for profile in shipped_profiles(system).values():
        for binding in profile.bindings:
            action = parse_action(binding.action)
            if isinstance(action, PressKeys | HoldKeys):
                chord = str(action.chord)
                assert chord not in {"ctrl+w", "cmd+w", "ctrl+d", "cmd+d", "alt+f4", "cmd+q"}
                assert action.chord.modifiers or chord.startswith("f1")


@pytest.mark.parametrize(
    ("system", "name", "gesture", "action"),
    [
        ("windows", "zoom", "mute", "key:alt+a"),
        ("linux", "zoom", "one", "key:alt+y"),
        ("macos", "zoom", "mute", "key:cmd+shift+a"),
        ("windows", "teams", "mute", "key:ctrl+shift+m"),
        ("macos", "teams", "one", "key:cmd+shift+k"),
        ("macos", "meet", "one", "key:ctrl+cmd+h"),
        ("linux", "discord", "fist", "hold:f14"),
    ],
)
def test_chords(system: System, name: str, gesture: str, action: str) -> None:
    """The chords are those of the app on that system."""
    bindings = {each.gesture: each.action for each in shipped_profiles(system)[name].bindings}
    assert bindings[gesture] == action
