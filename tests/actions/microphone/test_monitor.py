"""The badge says what is true of the microphone, whoever changed it."""

import threading
import time

import pytest

from tests.fakes.microphone import FakeMicrophone
from vcam.actions.microphone import monitor as microphone_watch
from vcam.actions.microphone.microphone import Microphone
from vcam.actions.microphone.monitor import MUTED_BADGE, MicrophoneWatch
from vcam.errors import ActionError
from vcam.pipeline.state import ProgramState
from vcam.system.clock import SteppedClock


class Watched:
    """A watch over a fake microphone, and what it shows."""

    def __init__(self, microphone: FakeMicrophone) -> None:
        self.microphone, self.opened, self.there = microphone, 0, True
        self.state = ProgramState(SteppedClock(), lambda name: None)
        self.watch = MicrophoneWatch(self.state, self._open)

    @property
    def shown(self) -> tuple[bool, str | None]:
        """Whether the badge is there, and what is told."""
        return MUTED_BADGE in self.state.badges, self.state.toast(0.0)

    def _open(self) -> Microphone:
        self.opened += 1
        if not self.there:
            raise ActionError("no server")
        return self.microphone


def test_muted_from_the_start() -> None:
    """A microphone that is mute when the program begins has its badge, and is not touched."""
    desk = Watched(FakeMicrophone(muted=True))
    assert desk.watch.look()
    assert desk.shown == (True, "The microphone is muted")
    assert desk.microphone.changes == []


def test_a_microphone_that_is_on_is_not_mentioned() -> None:
    """Nothing is told as long as nothing is muted."""
    desk = Watched(FakeMicrophone())
    assert desk.watch.look()
    assert desk.watch.look()
    assert desk.shown == (False, None)
    assert desk.opened == 1


def test_another_program_changes_it() -> None:
    """Muted or unmuted elsewhere, the badge follows, and the person is told."""
    desk = Watched(FakeMicrophone())
    desk.watch.look()
    desk.microphone.state = True
    desk.watch.look()
    assert desk.shown == (True, "The microphone was muted elsewhere")
    desk.microphone.state = False
    desk.watch.look()
    assert desk.shown == (False, "The microphone was unmuted elsewhere")


def test_our_own_change_is_not_told_twice() -> None:
    """What an action made of it is shown at once, and is no news to the next look."""
    desk = Watched(FakeMicrophone())
    desk.microphone.state = True
    desk.watch.changed(True)
    desk.watch.look()
    assert desk.shown == (True, "Microphone muted")


def test_an_old_answer_does_not_undo_an_action() -> None:
    """An answer that was on its way while an action changed the microphone is forgotten."""
    desk = Watched(FakeMicrophone())

    class Slow(FakeMicrophone):
        def muted(self) -> bool:
            answer = super().muted()
            desk.watch.changed(True)
            return answer

    desk.microphone = Slow()
    desk.watch.look()
    assert desk.shown == (True, "Microphone muted")


def test_a_server_that_goes_away_takes_the_badge_along() -> None:
    """Nobody is told to be muted when nobody knows; when it comes back it is asked again."""
    desk = Watched(FakeMicrophone(muted=True))
    desk.watch.look()
    desk.microphone.broken, desk.there = True, False
    assert not desk.watch.look()
    assert desk.shown == (False, "Whether the microphone is muted is not known any more")
    desk.microphone.broken, desk.there = False, True
    assert desk.watch.look()
    assert desk.shown == (True, "The microphone is muted")


def test_the_thread_looks_until_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Started, it looks again and again; closed, it ends."""
    monkeypatch.setattr(microphone_watch, "EVERY_S", 0.01)
    desk = Watched(FakeMicrophone())
    desk.watch.start()
    desk.microphone.state = True
    until = time.perf_counter() + 3
    while not desk.shown[0] and time.perf_counter() < until:
        time.sleep(0.01)
    assert desk.shown[0]
    desk.watch.close()
    (thread,) = [t for t in threading.enumerate() if t.name == "microphone"]
    thread.join(3)
    assert not thread.is_alive()
