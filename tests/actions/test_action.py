"""The grammar of actions."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcam.actions.action import (
    Action,
    HoldKeys,
    Pause,
    PressKeys,
    React,
    RunCommand,
    SetMicrophone,
    SetOverlay,
    SetVideo,
    UseProfile,
    parse_action,
)
from vcam.actions.chord import Chord
from vcam.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("mic.mute", SetMicrophone("mute")),
        ("key:alt+y", PressKeys(Chord(("alt",), "y"))),
        ("hold:space", HoldKeys(Chord((), "space"))),
        ("video.resume", SetVideo("live")),
        ("overlay.toggle", SetOverlay(None)),
        ("reaction:👍", React("👍")),
        ("reaction:👍🏽", React("👍🏽")),
        ("reaction:❤️", React("❤")),
        ("reaction:heart", React("❤")),
        ("reaction:thumbs up", React("👍")),
        ("reaction:Party Popper", React("🎉")),
        ("profile:discord", UseProfile("discord")),
        ("pause", Pause()),
        ('run:["notify-send", "a; b"]', RunCommand(("notify-send", "a; b"))),
    ],
)
def test_actions(text: str, action: Action) -> None:
    """Each form of the grammar gives its action."""
    assert parse_action(text) == action


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mic.mut", 'did you mean "mic.mute"'),
        ("keys:alt+a", 'did you mean "key:alt'),
        ("key:", "is empty"),
        ("run:ls", "not a list of texts"),
        ("run:[]", "not a list of texts"),
        ("run:" + "[" * 100_000, "not a list of texts"),
        ("profile:", "needs a name"),
        ("reaction:two words", "no picture"),
        ("reaction:hello", "no picture"),
        ("reaction:", "no picture"),
        ("reaction:🦑", "such as"),
        ("reaction:😀🏽", "such as 😀"),
        ("reaction:thumbs upp", "such as 👍"),
        ("", "unknown action"),
    ],
)
def test_bad_actions(text: str, message: str) -> None:
    """An action that makes no sense is refused in a sentence that helps."""
    with pytest.raises(ConfigError, match=message):
        parse_action(text)


@given(st.text(max_size=40))
def test_any_text_gives_an_action_or_a_sentence(text: str) -> None:
    """No text, however strange, does anything else than parse or be refused."""
    with contextlib.suppress(ConfigError):
        parse_action(text)
