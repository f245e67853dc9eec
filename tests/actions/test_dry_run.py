"""`--dry-run`: everything is said, nothing outside the program is done."""

import pytest

from vcam.actions.action import parse_action
from vcam.actions.dry_run import DryPerformer
from vcam.actions.open import open_worker
from vcam.core.event import Event
from vcam.pipeline.state import ProgramState
from vcam.system.clock import SteppedClock

OWNER = (1, "fist")


@pytest.fixture
def state() -> ProgramState:
    """Return a program as it starts."""
    return ProgramState(SteppedClock(), lambda name: None)


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("key:alt+a", "Would press alt+a"),
        ("hold:space", "Would hold space"),
        ("mic.mute", "Would mute the microphone"),
        ("mic.toggle", "Would toggle the microphone"),
        ('run:["no-such-program-anywhere", "x"]', "Would start no-such-program-anywhere"),
    ],
)
def test_what_lies_outside_is_only_said(
    state: ProgramState, monkeypatch: pytest.MonkeyPatch, action: str, said: str
) -> None:
    """Keys, microphone and commands are reported, and neither device is opened."""
    for interface in ("open_keyboard", "open_microphone", "subprocess.Popen"):
        monkeypatch.setattr(f"vcam.actions.performer.{interface}", lambda *_: pytest.fail("opened"))
    performer = DryPerformer(state)
    performer.perform(parse_action(action), OWNER)
    assert state.toast(0.0) == said
    assert state.badges == ()
    assert not performer.holds_keys
    performer.let_go(OWNER)
    performer.close()


def test_the_image_still_changes(state: ProgramState) -> None:
    """What stays inside the program is done as always."""
    performer = DryPerformer(state)
    for action in ("video.blank", "overlay.off", "reaction:👍", "pause"):
        performer.perform(parse_action(action), OWNER)
    assert (state.video, state.overlay_shown, state.paused) == ("blank", False, True)
    assert state.reaction is not None


def test_the_worker_of_a_dry_run_says_and_does_nothing(state: ProgramState) -> None:
    """`open_worker(dry_run=True)` leaves keys and commands alone even where they are allowed."""
    worker = open_worker(state, dry_run=True, allow_commands=True)
    reported = []
    for action in ("key:alt+a", "hold:space", "mic.mute", 'run:["false"]'):
        worker.submit(Event(0.0, "fire", "fist", "any", 1, action, (0, 0, 1, 1)))
        worker.settle()
        reported.append(state.toast(0.0) or "")
    worker.close()
    assert [line.split()[0] for line in reported] == ["Would"] * 4
