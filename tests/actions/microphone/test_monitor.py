"""The badge says what is true of the microphone, whoever changed it."""

import threading
import time
from collections.abc import Callable

import pytest

from tests.fakes.microphone import FakeMicrophone
from vcam.actions.microphone import monitor
from vcam.actions.microphone.events import NoEvents
from vcam.actions.microphone.microphone import Microphone
from vcam.actions.microphone.monitor import MUTED_BADGE, MicrophoneMonitor
from vcam.errors import ActionError
from vcam.pipeline.state import ProgramState
from vcam.system.clock import SteppedClock


class Desk:
    """A monitor of a fake microphone, and what it shows."""

    def __init__(self, microphone: FakeMicrophone) -> None:
        self.microphone, self.opened, self.there = microphone, 0, True
        self.state = ProgramState(SteppedClock(), lambda name: None)
        self.monitor = MicrophoneMonitor(self.state, self._open, self._events)

    @property
    def shown(self) -> tuple[bool, str | None]:
        """Whether the badge is there, and what is reported."""
        return MUTED_BADGE in self.state.badges, self.state.toast(0.0)

    def _events(self, hear: Callable[[bool | None], None]) -> NoEvents:
        self.hear = hear
        return NoEvents(hear)

    def _open(self) -> Microphone:
        self.opened += 1
        if not self.there:
            raise ActionError("no server")
        return self.microphone


def test_muted_from_the_start() -> None:
    """A microphone that is mute when the program begins has its badge, and is not touched."""
    desk = Desk(FakeMicrophone(muted=True))
    assert desk.monitor.check()
    assert desk.shown == (True, "The microphone is muted")
    assert desk.microphone.changes == []


def test_a_microphone_that_is_on_is_not_mentioned() -> None:
    """Nothing is told as long as nothing is muted."""
    desk = Desk(FakeMicrophone())
    assert desk.monitor.check()
    assert desk.monitor.check()
    assert desk.shown == (False, None)
    assert desk.opened == 1


def test_another_program_changes_it() -> None:
    """Muted or unmuted elsewhere, the badge follows, and the person is told."""
    desk = Desk(FakeMicrophone())
    desk.monitor.check()
    desk.microphone.state = True
    desk.monitor.check()
    assert desk.shown == (True, "The microphone was muted elsewhere")
    desk.microphone.state = False
    desk.monitor.check()
    assert desk.shown == (False, "The microphone was unmuted elsewhere")


def test_our_own_change_is_not_reported_twice() -> None:
    """What an action made of it is shown at once, and is no news to the next look."""
    desk = Desk(FakeMicrophone())
    desk.microphone.state = True
    desk.monitor.changed(True)
    desk.monitor.check()
    assert desk.shown == (True, "Microphone muted")


def test_an_old_answer_does_not_undo_an_action() -> None:
    """An answer that was on its way while an action changed the microphone is forgotten."""
    desk = Desk(FakeMicrophone())

    class Slow(FakeMicrophone):
        def muted(self) -> bool:
            answer = super().muted()
            desk.monitor.changed(True)
            return answer

    desk.microphone = Slow()
    desk.monitor.check()
    assert desk.shown == (True, "Microphone muted")


def test_a_server_that_goes_away_takes_the_badge_along() -> None:
    """Nobody is told to be muted when nobody knows; when it comes back it is asked again."""
    desk = Desk(FakeMicrophone(muted=True))
    desk.monitor.check()
    desk.microphone.broken, desk.there = True, False
    assert not desk.monitor.check()
    assert desk.shown == (False, "Whether the microphone is muted is not known any more")
    desk.microphone.broken, desk.there = False, True
    assert desk.monitor.check()
    assert desk.shown == (True, "The microphone is muted")


def test_the_thread_polls_until_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Started, it looks again and again; closed, it ends."""
    monkeypatch.setattr(monitor, "POLL_S", 0.01)
    desk = Desk(FakeMicrophone())
    desk.monitor.start()
    desk.microphone.state = True
    until = time.perf_counter() + 3
    while not desk.shown[0] and time.perf_counter() < until:
        time.sleep(0.01)
    assert desk.shown[0]
    desk.monitor.close()
    (thread,) = [t for t in threading.enumerate() if t.name == "microphone"]
    thread.join(3)
    assert not thread.is_alive()


@pytest.mark.parametrize("word", [True, None])
def test_a_word_from_the_system_is_enough(
    word: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system tells of changes they are shown at once, asked for only where it must be."""
    monkeypatch.setattr(NoEvents, "connected", True)
    desk = Desk(FakeMicrophone())
    desk.monitor.start()
    _wait(lambda: desk.monitor.muted is False)
    desk.microphone.state = word is None
    desk.hear(word)
    _wait(lambda: desk.monitor.muted is True)
    assert desk.shown == (True, "The microphone was muted elsewhere")
    desk.monitor.close()


def test_our_own_change_is_no_news_while_it_is_made() -> None:
    """What the system says while an action mutes is not told as if somebody else had done it."""
    desk = Desk(FakeMicrophone())
    desk.monitor.check()
    with desk.monitor.changing():
        desk.microphone.state = True
        desk.monitor.check()
        assert not desk.shown[0]
        desk.monitor.changed(True)
    desk.monitor.check()
    assert desk.shown == (True, "Microphone muted")


def _wait(done: Callable[[], bool]) -> None:
    until = time.perf_counter() + 3
    while not done():
        assert time.perf_counter() < until
        time.sleep(0.01)
