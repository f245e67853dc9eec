"""Say what would be done and do nothing: practice, all of it; `--dry-run`, outside the program."""

from collections.abc import Callable

from vcam.actions.action import (
    Action,
    CallPlugin,
    HoldKeys,
    Pause,
    PressKeys,
    React,
    RunCommand,
    SetMicrophone,
    SetVideo,
    UseProfile,
)
from vcam.actions.keyboard.held_keys import Owner
from vcam.actions.pending_outcome import Pending
from vcam.actions.performer import Devices, Performer
from vcam.actions.program_controls import Controls
from vcam.actions.worker import Performs
from vcam.core.gesture_names import gesture_title
from vcam.core.outcome import DRY_RUN, Outcome
from vcam.core.texts import _, marked
from vcam.overlay.captions import call_words

OUTSIDE = (PressKeys, HoldKeys, SetMicrophone, RunCommand, CallPlugin)
"""Actions that reach beyond the program."""
MICROPHONE = {
    "mute": marked("mute the microphone"),
    "unmute": marked("unmute the microphone"),
    "toggle": marked("toggle the microphone"),
}
VIDEO = {
    "live": marked("set the video to live"),
    "blank": marked("set the video to blank"),
    "blur": marked("set the video to blur"),
    "freeze": marked("set the video to freeze"),
}


class Practising:
    """A performer that only tells while practice is on, and hands everything on while it is off.

    Pause, profile and picture stay as they are too: nobody in the call notices anything.
    """

    def __init__(self, performer: Performs, controls: Controls, on: Callable[[], bool]) -> None:
        """`on` is asked before each action."""
        self._performer, self._controls, self._on = performer, controls, on

    @property
    def holds_keys(self) -> bool:
        """Whether a key is down now."""
        return self._performer.holds_keys

    def perform(self, action: Action, owner: Owner) -> Outcome | Pending | None:
        """Tell what would be done, or do it; raises what the performer raises."""
        if not self._on():
            return self._performer.perform(action, owner)
        text = _("Practice: {gesture} would {words}")
        self._controls.tell(text.format(gesture=gesture_title(owner[1]), words=_words(action)))
        return DRY_RUN

    def prepare_keys(self) -> None:
        """Let the desktop ask the person, unless nothing will be pressed anyway."""
        if not self._on():
            self._performer.prepare_keys()

    def let_go(self, owner: Owner) -> None:
        """Release what an owner holds."""
        self._performer.let_go(owner)

    def beat(self) -> None:
        """Keep held keys down: recognition is alive."""
        self._performer.beat()

    def release_all(self) -> None:
        """Release every key."""
        self._performer.release_all()

    def close(self) -> None:
        """Release every key and give devices back."""
        self._performer.close()


class DryPerformer:
    """`--dry-run`: tells what keys, microphone, commands and plug-ins would do, and does nothing
    outside the program; the picture itself still changes."""

    holds_keys = False

    def __init__(self, controls: Controls) -> None:
        self._controls = controls
        self._inside = Performer(controls, Devices())

    def perform(self, action: Action, owner: Owner) -> Outcome | None:
        """Tell what would happen outside the program, and do what happens inside it."""
        if isinstance(action, OUTSIDE):
            self._controls.tell(_("Would {words}").format(words=_words(action)))
            return DRY_RUN
        self._inside.perform(action, owner)
        return None

    def prepare_keys(self) -> None:
        """No key will be pressed."""

    def let_go(self, owner: Owner) -> None:
        """Nothing is held."""

    def beat(self) -> None:
        """Nothing is held."""

    def release_all(self) -> None:
        """Nothing is held."""

    def close(self) -> None:
        """Nothing to give back."""


def _words(action: Action) -> str:
    match action:
        case PressKeys(chord):
            return _("press {chord}").format(chord=chord)
        case HoldKeys(chord):
            return _("hold {chord}").format(chord=chord)
        case SetMicrophone(change):
            return _(MICROPHONE[change])
        case RunCommand(argv):
            return _("start {program}").format(program=argv[0])
        case CallPlugin(plugin, verb, argument):
            return _("do {words}").format(words=call_words(plugin, verb, argument))
        case _:
            return _program_words(action)


def _program_words(action: Action) -> str:
    match action:
        case SetVideo(mode):
            return _(VIDEO[mode])
        case React(emoji):
            return _("react with {emoji}").format(emoji=emoji)
        case UseProfile(name):
            return _("switch to the profile {name}").format(name=name)
        case Pause():
            return _("pause gestures")
        case _:
            return _("show or hide something, or resume")
