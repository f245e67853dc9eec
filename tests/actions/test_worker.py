"""Actions on their own thread."""

import threading
import time
from collections.abc import Iterator

import pytest

from tests.fakes.desktop import FakeDesktop
from tests.fakes.keyboard import FakeKeyboard
from tests.fakes.microphone import FakeMicrophone
from vcam.actions.action import Action
from vcam.actions.keyboard.held_keys import Owner
from vcam.actions.microphone.monitor import MUTED_BADGE
from vcam.actions.performer import Devices, Performer
from vcam.actions.window.focus import FocusedWindow
from vcam.actions.window.guard import FocusGuard
from vcam.actions.worker import AIM_S, QUEUE, STALL_S, ActionWorker
from vcam.core.event import Event, Phase
from vcam.errors import ActionError
from vcam.pipeline.state import ProgramState
from vcam.system.clock import SteppedClock


class Desk:
    """A worker with a fake keyboard and microphone, and a clock of its own."""

    def __init__(self) -> None:
        self.clock = SteppedClock(100.0)
        self.profiles: list[str] = []
        self.state = ProgramState(self.clock, self.use_profile)
        self.keyboard, self.microphone = FakeKeyboard(), FakeMicrophone()
        devices = Devices(lambda: self.keyboard, lambda: self.microphone)
        self.worker = ActionWorker(Performer(self.state, devices), self.state, self.clock)

    def happens(self, phase: Phase, action: str, gesture: str = "fist") -> None:
        """Submit one event and wait until it has been acted on."""
        self.worker.submit(Event(1.0, phase, gesture, "right", 1, action, (0, 0, 1, 1)))
        self.worker.settle()

    def use_profile(self, name: str) -> None:
        """Remember the profile; a name that is not there is a fault of ours."""
        if name == "nowhere":
            raise KeyError(name)
        self.profiles.append(name)

    @property
    def toast(self) -> str | None:
        """What is reported now."""
        return self.state.toast(self.clock.now())


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Return a desk, closed afterwards."""
    desk = Desk()
    yield desk
    desk.worker.close()


def test_a_chord_is_pressed_once(desk: Desk) -> None:
    """Only `fire` presses; begin, end and cancel do not."""
    for phase in ("begin", "fire", "end"):
        desk.happens(phase, "key:alt+y")
    assert desk.keyboard.log == ["+alt", "+y", "-y", "-alt"]


def test_a_held_key_is_released_at_the_end(desk: Desk) -> None:
    """Push-to-talk: down at `fire`, up at `end` of the same gesture."""
    desk.happens("fire", "hold:space")
    assert desk.keyboard.down == ["space"]
    desk.happens("end", "hold:space", gesture="palm")
    assert desk.keyboard.down == ["space"]
    desk.happens("end", "hold:space")
    assert desk.keyboard.down == []


def test_a_stall_releases_held_keys(desk: Desk) -> None:
    """When recognition is not heard of for half a second, nothing stays down."""
    desk.happens("fire", "hold:space")
    desk.worker.heartbeat(desk.clock.now())
    desk.clock.set(desk.clock.now() + STALL_S + 0.1)
    end = time.perf_counter() + 2
    while desk.keyboard.down and time.perf_counter() < end:
        time.sleep(0.02)
    assert desk.keyboard.down == []


def test_closing_releases_held_keys() -> None:
    """The program's end lets go of everything; closing twice does no harm."""
    desk = Desk()
    desk.happens("fire", "hold:ctrl+space")
    desk.worker.close()
    desk.worker.close()
    assert desk.keyboard.down == []


def test_mute_is_idempotent_and_shown(desk: Desk) -> None:
    """Muting twice leaves the microphone mute, and the badge stays until unmuted."""
    desk.happens("fire", "mic.mute")
    desk.happens("fire", "mic.mute")
    assert desk.microphone.state
    assert desk.state.badges == (MUTED_BADGE,)
    desk.happens("fire", "mic.toggle")
    assert not desk.microphone.state
    assert desk.state.badges == ()


def test_a_microphone_that_does_not_change_is_reported(desk: Desk) -> None:
    """The state is read back: what did not take is not shown as muted."""
    desk.microphone.stuck = True
    desk.happens("fire", "mic.mute")
    assert desk.state.badges == ()
    assert "did not change" in (desk.toast or "")


def test_a_failing_action_does_not_end_the_worker(desk: Desk) -> None:
    """What cannot be done is reported, and the next action is done."""
    desk.microphone.broken = True
    desk.happens("fire", "mic.mute")
    assert "gone" in (desk.toast or "")
    desk.happens("fire", "key:a")
    assert desk.keyboard.log == ["+a", "-a"]


def test_the_program_itself_is_changed(desk: Desk) -> None:
    """Video, overlay, reactions, profiles and pause reach the running program."""
    for action in ("video.blur", "overlay.off", "reaction:👍", "profile:zoom", "pause"):
        desk.happens("fire", action)
    state = desk.state
    assert (state.video, state.overlay_shown, state.paused) == ("blur", False, True)
    assert state.reaction is not None
    assert state.reaction.text == "👍"
    assert desk.profiles == ["zoom"]
    assert state.badges == ("PAUSED",)


def test_recognition_that_is_alive_keeps_held_keys_down(desk: Desk) -> None:
    """A key stays down for as long as the gesture lasts, however long that is."""
    desk.happens("fire", "hold:space")
    for _ in range(5):
        desk.clock.set(desk.clock.now() + STALL_S - 0.1)
        desk.worker.heartbeat(desk.clock.now())
        time.sleep(STALL_S / 5)
    assert desk.keyboard.log == ["+space"]


def test_waiting_for_actions_is_a_sign_of_life(desk: Desk) -> None:
    """A file that is read as fast as it goes has no heartbeat: `settle` stands in for it."""
    desk.happens("fire", "hold:space")
    for _ in range(4):
        desk.clock.set(desk.clock.now() + STALL_S - 0.1)
        desk.worker.settle()
        time.sleep(STALL_S / 5)
    assert desk.keyboard.down == ["space"]


@pytest.mark.logs_errors
def test_the_desktop_may_ask_before_a_key_is_needed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is let ask on the worker's thread; what it refuses or breaks ends nothing."""
    desk.worker.prepare_keys()
    desk.worker.settle()
    assert desk.keyboard.prepared == 1
    for error in (ActionError("the desktop asks"), RuntimeError("broken")):

        def prepare(error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(desk.keyboard, "prepare", prepare)
        desk.worker.prepare_keys()
        desk.worker.settle()
        assert str(error) in caplog.text
    monkeypatch.undo()
    desk.happens("fire", "hold:a")
    assert desk.keyboard.down == ["a"]


def test_the_end_lets_go_whatever_is_bound_by_then(desk: Desk) -> None:
    """A held key comes up at the end of its gesture even when the binding has changed."""
    desk.happens("fire", "hold:space")
    desk.happens("end", "mic.mute")
    assert desk.keyboard.down == []
    assert desk.microphone.changes == []


@pytest.mark.logs_errors
def test_a_fault_of_ours_does_not_end_the_worker(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """An action that raises what nobody foresaw is logged and told, and the next one is done."""
    desk.happens("fire", "profile:nowhere")
    assert "profile nowhere failed" in (desk.toast or "")
    assert "KeyError" in caplog.text
    desk.happens("fire", "key:a")
    assert desk.keyboard.log == ["+a", "-a"]


class Hanging:
    """Hangs in its first action until it is let go; remembers what it did."""

    holds_keys = False

    def __init__(self) -> None:
        self.began, self.go_on = threading.Event(), threading.Event()
        self.done: list[str] = []

    def perform(self, action: Action, owner: Owner) -> None:
        """Hang, once."""
        self.done.append(f"fire {owner[0]}")
        self.began.set()
        self.go_on.wait(5)

    def let_go(self, owner: Owner) -> None:
        """Remember it."""
        self.done.append(f"end {owner[0]}")

    def beat(self) -> None:
        """Nothing is held."""

    def prepare_keys(self) -> None:
        """Nothing is asked."""

    def release_all(self) -> None:
        """Remember it."""
        self.done.append("release all")

    def close(self) -> None:
        """Remember it."""
        self.done.append("close")


@pytest.fixture
def stuck() -> Iterator[tuple[Hanging, ActionWorker, ProgramState]]:
    """Return a worker that hangs in the action of track 0; it continues afterwards."""
    clock, performer = SteppedClock(), Hanging()
    state = ProgramState(clock, lambda name: None)
    worker = ActionWorker(performer, state, clock)
    worker.submit(_event("fire", 0))
    assert performer.began.wait(2)
    yield performer, worker, state
    performer.go_on.set()
    worker.close()


def _event(phase: Phase, track: int) -> Event:
    return Event(0.0, phase, "fist", "any", track, "hold:a", (0, 0, 1, 1))


def test_submit_never_waits(stuck: tuple[Hanging, ActionWorker, ProgramState]) -> None:
    """However long an action takes, handing over the next costs nothing; too many are reported."""
    performer, worker, state = stuck
    began = time.perf_counter()
    for track in range(1, 101):
        worker.submit(_event("fire", track))
    assert time.perf_counter() - began < 0.5
    assert "Too busy" in (state.toast(0.0) or "")
    performer.go_on.set()
    worker.settle()
    assert performer.done == [f"fire {track}" for track in range(QUEUE + 1)]


def test_an_end_is_never_lost(stuck: tuple[Hanging, ActionWorker, ProgramState]) -> None:
    """However many actions wait, the event that releases a key is taken."""
    performer, worker, _ = stuck
    for track in range(1, 101):
        worker.submit(_event("fire", track))
    worker.submit(_event("end", 0))
    performer.go_on.set()
    worker.settle()
    assert performer.done[-1] == "end 0"


def test_no_key_goes_down_after_the_end(
    stuck: tuple[Hanging, ActionWorker, ProgramState],
) -> None:
    """An action that outlasts `close` is the last: those behind it are left out."""
    performer, worker, _ = stuck
    worker.submit(_event("fire", 1))
    began = time.perf_counter()
    worker.close()
    assert time.perf_counter() - began < 2
    performer.go_on.set()
    worker.settle()
    assert performer.done == ["fire 0", "close"]


class HangingMicrophone(FakeMicrophone):
    """A sound server that does not answer until it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.answer = threading.Event(), threading.Event()

    def set_muted(self, muted: bool) -> None:
        """Wait, then do it."""
        self.asked.set()
        assert self.answer.wait(10)
        super().set_muted(muted)


@pytest.fixture
def hanging(desk: Desk) -> Iterator[HangingMicrophone]:
    """Give the desk a microphone that hangs until the test is over."""
    desk.microphone = microphone = HangingMicrophone()
    yield microphone
    microphone.answer.set()


def _mute(desk: Desk) -> None:
    desk.worker.submit(Event(1.0, "fire", "palm", "left", 2, "mic.mute", (0, 0, 1, 1)))


def _fist(desk: Desk, phase: Phase) -> None:
    desk.worker.submit(Event(1.0, phase, "fist", "right", 1, "hold:space", (0, 0, 1, 1)))


def test_a_key_comes_up_on_time_while_an_action_hangs(
    desk: Desk, hanging: HangingMicrophone
) -> None:
    """Push-to-talk ends with its gesture although the microphone does not answer."""
    desk.happens("fire", "hold:space")
    _mute(desk)
    assert hanging.asked.wait(5)
    _fist(desk, "end")
    end = time.perf_counter() + 5
    while desk.keyboard.down and time.perf_counter() < end:
        time.sleep(0.01)
    assert desk.keyboard.log == ["+space", "-space"]
    assert not hanging.state


def test_a_hold_that_is_over_is_not_pressed_late(desk: Desk, hanging: HangingMicrophone) -> None:
    """A gesture that ended before its turn came presses nothing."""
    _mute(desk)
    assert hanging.asked.wait(5)
    _fist(desk, "fire")
    _fist(desk, "end")
    hanging.answer.set()
    desk.worker.settle(5)
    desk.happens("fire", "key:a", gesture="palm")
    assert desk.keyboard.log == ["+a", "-a"]


ZOOM, MAIL = FocusedWindow(("zoom",), "Meeting"), FocusedWindow(("firefox",), "Inbox")


class AimedDesk:
    """A worker whose actions are aimed at Zoom, and the window that has the focus."""

    def __init__(self, desktop: FakeDesktop) -> None:
        self.desktop, self.keyboard = desktop, FakeKeyboard()
        self.state = ProgramState(SteppedClock(), lambda name: None)
        performer = Performer(self.state, Devices(lambda: self.keyboard))
        aim = FocusGuard(lambda: self.desktop).check
        self.worker = ActionWorker(performer, self.state, SteppedClock(), aim)

    def happens(self, phase: Phase, action: str) -> str | None:
        """Submit one event that is aimed at Zoom; return what is reported."""
        box = (0.0, 0.0, 1.0, 1.0)
        self.worker.submit(Event(1.0, phase, "fist", "right", 1, action, box, ("zoom",)))
        self.worker.settle()
        return self.state.toast(0.0)


@pytest.fixture
def aimed() -> Iterator[AimedDesk]:
    """Return a desk where Zoom has the focus, closed afterwards."""
    desk = AimedDesk(FakeDesktop(ZOOM))
    yield desk
    desk.worker.close()


@pytest.mark.parametrize("action", ["key:alt+a", "hold:space"])
def test_nothing_is_pressed_in_the_wrong_window(aimed: AimedDesk, action: str) -> None:
    """Elsewhere the keys stay up, and the person is told; back in the window they go down."""
    for window in (MAIL, None):
        aimed.desktop.window = window
        assert "focus" in (aimed.happens("fire", action) or "")
        aimed.happens("end", action)
    assert aimed.keyboard.log == []
    aimed.desktop.window = ZOOM
    aimed.happens("fire", action)
    assert aimed.keyboard.log != []


def test_a_held_key_comes_up_when_the_focus_leaves(aimed: AimedDesk) -> None:
    """Push-to-talk does not type blanks into the window that the person turns to."""
    aimed.happens("fire", "hold:space")
    time.sleep(2.5 * AIM_S)
    assert aimed.keyboard.down == ["space"]
    aimed.desktop.window = MAIL
    until = time.perf_counter() + 3
    while aimed.keyboard.down and time.perf_counter() < until:
        time.sleep(0.01)
    assert aimed.keyboard.log == ["+space", "-space"]
    aimed.happens("end", "hold:space")
    assert aimed.keyboard.log == ["+space", "-space"]
