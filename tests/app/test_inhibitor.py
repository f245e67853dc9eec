"""Pause, panic key, practice, typing and talking, without a keyboard or a microphone."""

from collections.abc import Callable

import pytest

from vcam.actions.keyboard.listener import Heard
from vcam.app.inhibitor import TALKED_S, TYPED_S, Inhibitor, Senses
from vcam.core.event import Event
from vcam.errors import ActionError
from vcam.gestures.guards.settings import GuardSettings
from vcam.gestures.settings import GestureSettings
from vcam.pipeline.state import ProgramState
from vcam.system.clock import SteppedClock


class Rig:
    """An inhibitor with ears that a test speaks into, and the settings that it asks."""

    def __init__(self, settings: GestureSettings, *, practice: bool = False) -> None:
        self.clock = SteppedClock()
        self.state = ProgramState(self.clock, lambda name: None)
        self._asked = self.practice = practice
        self.released = self.closed = 0
        self.heard: Heard | None = None
        self.talk: Callable[[], None] | None = None
        senses = Senses(self._keys, self._voices)
        self.inhibitor = Inhibitor(self.state, self.clock, self._release, self, senses)
        self.apply(settings)

    @property
    def paused(self) -> bool:
        return self.inhibitor.paused

    def apply(self, settings: GestureSettings) -> None:
        self.practice = self._asked or settings.practice
        self.inhibitor.apply_settings(settings)

    def _keys(self, heard: Heard) -> "Rig":
        self.heard = heard
        return self

    def _voices(self, talks: Callable[[], None]) -> "Rig":
        self.talk = talks
        return self

    def _release(self) -> None:
        self.released += 1

    def close(self) -> None:
        """Count the ears that are closed."""
        self.closed += 1


def fire(action: str) -> Event:
    """Return an event that asks for an action."""
    return Event(0.0, "fire", "rock", "any", 1, action, (0, 0, 1, 1))


def test_nothing_listens_unless_asked() -> None:
    """At the defaults neither keys nor voices are listened to."""
    rig = Rig(GestureSettings())
    with rig.inhibitor:
        assert (rig.heard, rig.talk) == (None, None)


def test_typing_and_talking_count_for_a_while() -> None:
    """A key or a voice makes the person busy, and a moment of silence free again."""
    rig = Rig(GestureSettings(guards=GuardSettings(typing=True, talking=True)))
    with rig.inhibitor:
        assert rig.heard
        assert rig.talk
        assert rig.inhibitor.busy is None
        rig.heard.typed()
        assert rig.inhibitor.busy == "typing"
        rig.clock.set(TYPED_S + 0.1)
        assert rig.inhibitor.busy is None
        rig.talk()
        assert rig.inhibitor.busy == "talking"
        rig.clock.set(TYPED_S + TALKED_S + 0.2)
        assert rig.inhibitor.busy is None
    assert rig.closed == 2


def test_the_panic_key_pauses_lets_go_and_resumes() -> None:
    """The chord pauses with a badge and releases keys; pressed again, it resumes."""
    rig = Rig(GestureSettings(panic_key="ctrl+alt+p"))
    with rig.inhibitor:
        assert rig.heard
        assert str(rig.heard.chord) == "ctrl+alt+p"
        rig.heard.pressed()
        assert (rig.paused, rig.state.paused, rig.released) == (True, True, 1)
        assert rig.state.badges[0] == "PAUSED"
        rig.heard.typed()
        assert rig.inhibitor.busy is None
        rig.heard.pressed()
        assert (rig.paused, rig.state.paused) == (False, False)
        assert not rig.state.badges


def test_a_gesture_pauses_at_once() -> None:
    """The event that asks for a pause pauses; while practising it does not."""
    rig = Rig(GestureSettings())
    rig.inhibitor.hear(fire("pause"))
    assert rig.paused
    rig.inhibitor.hear(fire("resume"))
    assert not rig.paused
    rig.apply(GestureSettings(practice=True))
    rig.inhibitor.hear(fire("pause"))
    assert not rig.paused


def test_practice_is_shown_as_long_as_it_lasts() -> None:
    """The setting puts a badge up, lets go of keys, and takes the badge away again."""
    rig = Rig(GestureSettings())
    assert not rig.practice
    rig.apply(GestureSettings(practice=True))
    assert (rig.practice, rig.state.badges, rig.released) == (True, ("PRACTICE",), 1)
    rig.apply(GestureSettings())
    assert (rig.practice, rig.state.badges) == (False, ())


def test_practice_of_the_command_line_stays() -> None:
    """`--practice` holds whatever the settings say."""
    rig = Rig(GestureSettings(), practice=True)
    rig.apply(GestureSettings())
    assert rig.practice
    assert rig.state.badges == ("PRACTICE",)


def test_other_settings_take_effect_while_it_runs() -> None:
    """What is to be listened for follows the settings of a running program."""
    rig = Rig(GestureSettings())
    with rig.inhibitor:
        rig.apply(GestureSettings(guards=GuardSettings(talking=True)))
        assert rig.talk
        rig.apply(GestureSettings())
        assert rig.closed == 1


@pytest.mark.parametrize("settings", [GestureSettings(panic_key="f9")])
def test_what_cannot_be_heard_is_reported(settings: GestureSettings) -> None:
    """Without a way to listen the program continues and says so."""

    def deaf(heard: Heard) -> "Rig":
        raise ActionError("no ears")

    rig = Rig(settings)
    inhibitor = Inhibitor(rig.state, rig.clock, lambda: None, rig, Senses(deaf))
    inhibitor.apply_settings(settings)
    with inhibitor:
        assert rig.state.toast(0.0) == "no ears"


def test_what_is_not_heard_any_more_is_reported() -> None:
    """A desktop that stops to listen for the panic key, later, reaches the person."""
    rig = Rig(GestureSettings(panic_key="f9"))
    with rig.inhibitor:
        assert rig.heard
        assert not rig.heard.typing
        rig.heard.failed("not heard any more")
        assert rig.state.toast(0.0) == "not heard any more"
        rig.apply(GestureSettings(panic_key="f9", guards=GuardSettings(typing=True)))
        assert rig.heard.typing
