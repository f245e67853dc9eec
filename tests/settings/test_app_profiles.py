"""The profiles that ship."""

import pytest

from vcam.actions.action import HoldKeys, PressKeys, SetMicrophone, parse_action
from vcam.actions.window.focus import FocusedWindow
from vcam.core.gesture_names import gesture_title
from vcam.settings import Settings
from vcam.settings.app_profiles import SYSTEMS, System, shipped_profiles

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
        assert not set("{_}") & set(profile.needs)
    assert "while you show Finger to lips" in shipped["discord"].needs


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
    """No shipped chord is a lone letter or closes a window; what bookmarks a tab needs its aim."""
    for profile in shipped_profiles(system).values():
        for binding in profile.bindings:
            action = parse_action(binding.action)
            if isinstance(action, PressKeys | HoldKeys):
                chord = str(action.chord)
                assert chord not in {"ctrl+w", "cmd+w", "alt+f4", "cmd+q", "cmd+l"}
                assert binding.focus or chord not in {"ctrl+d", "cmd+d"}
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
        ("windows", "zoom", "one", "key:alt+y"),
        ("linux", "zoom", "mute", "key:alt+a"),
        ("macos", "zoom", "one", "key:alt+y"),
        ("windows", "discord", "mute", "key:f13"),
        ("macos", "discord", "fist", "hold:f14"),
        ("windows", "teams", "one", "key:ctrl+shift+k"),
        ("macos", "teams", "mute", "key:cmd+shift+m"),
        ("linux", "teams", "mute", "key:ctrl+shift+m"),
        ("windows", "meet", "mute", "key:ctrl+d"),
        ("macos", "meet", "mute", "key:cmd+d"),
        ("linux", "meet", "one", "key:ctrl+alt+h"),
        ("windows", "slack", "mute", "key:ctrl+shift+space"),
        ("macos", "slack", "mute", "key:cmd+shift+space"),
        ("linux", "slack", "mute", "key:ctrl+shift+space"),
        ("windows", "obs", "one", "key:f13"),
        ("macos", "obs", "two_up", "key:f14"),
        ("linux", "obs", "three", "key:ctrl+alt+shift+l"),
        ("linux", "discord", "fist", "hold:ctrl+alt+shift+t"),
    ],
)
def test_chords(system: System, name: str, gesture: str, action: str) -> None:
    """The chords are those of the app on that system."""
    bindings = {each.gesture: each.action for each in shipped_profiles(system)[name].bindings}
    assert bindings[gesture] == action


SWITCHES = {
    "zoom": "Enable Global Shortcut",
    "discord": "Add a Keybind",
    "teams": "must have focus",
    "meet": "must have focus",
    "slack": "must have focus",
    "obs": "Settings > Hotkeys",
    "system": "Nothing to set up",
}


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("name", NAMES)
def test_what_to_switch_on_is_said(system: System, name: str) -> None:
    """Each profile names the app's own switch, and each of its gestures that sends keys."""
    profile = shipped_profiles(system)[name]
    assert SWITCHES[name] in profile.needs
    reported = ("Mute/Unmute", "Raise/Lower") if name == "zoom" else ()
    for binding in profile.bindings:
        if binding.action.startswith(("key:", "hold:")) and not reported:
            assert gesture_title(binding.gesture) in profile.needs


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(
    ("name", "window", "elsewhere"),
    [
        ("teams", "Standup | Microsoft Teams - Google Chrome", "teams.docx - Word"),
        ("teams", "Besprechung | Microsoft Teams", "How to mute in Zoom - Mozilla Firefox"),
        ("meet", "Meet – abc-defg-hij - Google Chrome", "Meeting notes - Google Docs"),
        ("meet", "Google Meet", "Inbox - Gmail"),
        ("slack", "general (Channel) - Acme - Slack", "Acme - Discord"),
    ],
)
def test_keys_that_need_focus_are_aimed(
    system: System, name: str, window: str, elsewhere: str
) -> None:
    """Where an app listens only while it has focus, its keys go to its window and no other."""
    keys = [b for b in shipped_profiles(system)[name].bindings if b.action.startswith("key:")]
    assert keys
    for binding in keys:
        assert FocusedWindow((), window).fits(binding.focus)
        assert not FocusedWindow(("chrome",), elsewhere).fits(binding.focus)


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("name", ["zoom", "discord", "obs", "system"])
def test_global_keys_need_no_aim(system: System, name: str) -> None:
    """What the person made global in the app works from anywhere."""
    assert not any(binding.focus for binding in shipped_profiles(system)[name].bindings)
