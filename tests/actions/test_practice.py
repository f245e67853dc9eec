"""Practice: told, and not done."""

from typing import Any

import pytest

from vcam.actions.action import Action, parse_action
from vcam.actions.dry_run import Practising


class Recorder:
    """Stands in for the performer and for the controls; remembers what it is asked for."""

    holds_keys = False

    def __init__(self) -> None:
        self.done: list[Any] = []
        self.reported: list[str] = []

    def perform(self, action: Action, owner: tuple[int, str]) -> None:
        """Note an action."""
        self.done.append(action)

    def tell(self, text: str, *, badge: str | None = None) -> None:
        """Note what is reported."""
        self.reported.append(text)

    def let_go(self, owner: tuple[int, str]) -> None:
        """Note a release."""
        self.done.append("let go")

    def prepare_keys(self) -> None:
        """Note that the desktop may ask."""
        self.done.append("prepare")

    def release_all(self) -> None:
        """Note a release."""
        self.done.append("release all")

    def close(self) -> None:
        """Note the end."""
        self.done.append("close")


ACTIONS = {
    "key:alt+y": "press alt+y",
    "hold:space": "hold space",
    "mic.mute": "mute the microphone",
    'run:["true"]': "start true",
    "video.blank": "set the video to blank",
    "reaction:👍": "react with 👍",
    "profile:zoom": "switch to the profile zoom",
    "pause": "pause gestures",
    "overlay.off": "show or hide",
}


@pytest.mark.parametrize("action", ACTIONS)
def test_practice_tells_and_does_nothing(action: str) -> None:
    """While practising, each action is put into words and reaches nobody."""
    recorder = Recorder()
    Practising(recorder, recorder, lambda: True).perform(parse_action(action), (1, "two_up"))  # type: ignore[arg-type]  # it has what is used of both
    assert recorder.done == []
    assert ACTIONS[action] in recorder.reported[0]
    assert "Two fingers" in recorder.reported[0]


def test_practice_can_be_turned_off_meanwhile() -> None:
    """Without practice everything is handed on; releases always are."""
    recorder, on = Recorder(), [True]
    practising = Practising(recorder, recorder, lambda: on[0])  # type: ignore[arg-type]  # as above
    action = parse_action("mic.mute")
    practising.perform(action, (1, "stop"))
    practising.let_go((1, "stop"))
    practising.prepare_keys()
    on[0] = False
    practising.prepare_keys()
    practising.perform(action, (1, "stop"))
    practising.release_all()
    practising.close()
    assert recorder.done == ["let go", "prepare", action, "release all", "close"]
