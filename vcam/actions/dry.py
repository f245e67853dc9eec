"""`--dry-run`: say what would be done, and do nothing outside the program."""

from vcam.actions.action import (
    Action,
    CallPlugin,
    HoldKeys,
    PressKeys,
    RunCommand,
    SetMicrophone,
)
from vcam.actions.keyboard.held_keys import Owner
from vcam.actions.performer import Devices, Performer
from vcam.actions.program_controls import Controls
from vcam.core.outcome import DRY_RUN, Outcome
from vcam.overlay.captions import call_words


class DryPerformer:
    """Shows what keys, microphone and commands would do; the picture itself still changes."""

    holds_keys = False

    def __init__(self, controls: Controls) -> None:
        self._controls = controls
        self._inside = Performer(controls, Devices())

    def perform(self, action: Action, owner: Owner) -> Outcome | None:
        """Tell what would happen outside the program, and do what happens inside it."""
        match action:
            case PressKeys(chord):
                self._controls.tell(f"Would press {chord}")
            case HoldKeys(chord):
                self._controls.tell(f"Would hold {chord}")
            case SetMicrophone(change):
                self._controls.tell(f"Would {change} the microphone")
            case RunCommand(argv):
                self._controls.tell(f"Would start {argv[0]}")
            case CallPlugin(plugin, verb, argument):
                self._controls.tell(f"Would do {call_words(plugin, verb, argument)}")
            case _:
                self._inside.perform(action, owner)
                return None
        return DRY_RUN

    def let_go(self, owner: Owner) -> None:
        """Nothing is held."""

    def beat(self) -> None:
        """Nothing is held."""

    def release_all(self) -> None:
        """Nothing is held."""

    def close(self) -> None:
        """Nothing to give back."""
