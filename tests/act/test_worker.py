"""Actions on their own thread."""

import threading
import time
from collections.abc import Iterator

import pytest

from vcam.act.action import Action
from vcam.act.keyboard_fake import FakeKeyboard
from vcam.act.keys import Owner
from vcam.act.microphone_fake import FakeMicrophone
from vcam.act.open import open_worker
from vcam.act.perform import MUTED_BADGE, Devices, Performer
from vcam.act.worker import STALL_S, ActionWorker
from vcam.clock import SteppedClock
from vcam.event import Event, Phase
from vcam.state import ProgramState


class Desk:
    """A worker with a fake keyboard and microphone, and a clock of its own."""

    def __init__(self, *, allow_commands: bool = False) -> None:
        self.clock = SteppedClock(100.0)
        self.profiles: list[str] = []
        self.state = ProgramState(self.clock, self.profiles.append)
        self.keyboard, self.microphone = FakeKeyboard(), FakeMicrophone()
        devices = Devices(lambda: self.keyboard, lambda: self.microphone, allow_commands)
        self.worker = ActionWorker(Performer(self.state, devices), self.state, self.clock)

    def happens(self, phase: Phase, action: str, gesture: str = "fist") -> None:
        """Submit one event and wait until it has been acted on."""
        self.worker.submit(Event(1.0, phase, gesture, "right", 1, action, (0, 0, 1, 1)))
        self.worker.settle()

    @property
    def toast(self) -> str | None:
        """What is told now."""
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
    end = time.monotonic() + 2
    while desk.keyboard.down and time.monotonic() < end:
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


def test_a_microphone_that_does_not_change_is_told(desk: Desk) -> None:
    """The state is read back: what did not take is not shown as muted."""
    desk.microphone.stuck = True
    desk.happens("fire", "mic.mute")
    assert desk.state.badges == ()
    assert "did not change" in (desk.toast or "")


def test_a_failing_action_does_not_end_the_worker(desk: Desk) -> None:
    """What cannot be done is told, and the next action is done."""
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


def test_commands_need_permission(desk: Desk) -> None:
    """`run:` starts nothing unless the settings allow it."""
    desk.happens("fire", 'run:["false"]')
    assert "not allowed" in (desk.toast or "")


def test_commands_run_without_a_shell(tmp_path: object) -> None:
    """An allowed command gets its words as they are: no shell reads them."""
    desk = Desk(allow_commands=True)
    target = f"{tmp_path}/a; echo b"
    desk.happens("fire", f'run:["touch", "{target}"]')
    end = time.monotonic() + 3
    from pathlib import Path

    while not Path(target).exists() and time.monotonic() < end:
        time.sleep(0.02)
    desk.worker.close()
    assert Path(target).exists()


def test_submit_never_waits() -> None:
    """However long an action takes, handing over the next costs nothing; too many are told."""
    blocked = threading.Event()

    class Slow:
        holds_keys = False

        def perform(self, action: Action, owner: Owner) -> None:
            blocked.wait(5)

        def let_go(self, owner: Owner) -> None:
            pass

        def release_all(self) -> None:
            pass

        def close(self) -> None:
            pass

    clock = SteppedClock()
    state = ProgramState(clock, lambda name: None)
    worker = ActionWorker(Slow(), state, clock)
    began = time.monotonic()
    for _ in range(100):
        worker.submit(Event(0.0, "fire", "fist", "any", 1, "key:a", (0, 0, 1, 1)))
    assert time.monotonic() - began < 0.5
    assert "Too busy" in (state.toast(clock.now()) or "")
    blocked.set()
    worker.close()


def test_dry_run_says_and_does_nothing() -> None:
    """With `--dry-run` keys, microphone and commands are only told; the picture still changes."""
    clock = SteppedClock()
    state = ProgramState(clock, lambda name: None)
    worker = open_worker(state, dry_run=True, allow_commands=True)
    told = []
    for action in ("key:alt+a", "hold:space", "mic.mute", 'run:["false"]', "video.blank"):
        worker.submit(Event(0.0, "fire", "fist", "any", 1, action, (0, 0, 1, 1)))
        worker.settle()
        told.append(state.toast(0.0))
    worker.close()
    assert [line.split()[0] for line in told[:4] if line] == ["Would"] * 4
    assert state.video == "blank"
    assert state.badges == ()
