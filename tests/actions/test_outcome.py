"""What becomes of actions is reported: to the event log, the panel's list, and whoever waits."""

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.microphone import FakeMicrophone
from vcam.actions.dry_run import DryPerformer, Practising
from vcam.actions.performer import Devices, Performer
from vcam.actions.worker import ActionWorker, Performs
from vcam.core.event import Event
from vcam.core.outcome import DONE, Outcome, failed
from vcam.errors import ActionError, ConfigError
from vcam.history.event_log import EventLog
from vcam.panel.recent_fires import History
from vcam.pipeline.state import ProgramState
from vcam.system.clock import SteppedClock

FIRE = Event(1.0, "fire", "stop", "right", 1, "mic.mute", (1.0, 2.0, 3.0, 4.0))


def outcome(performer: Performs, state: ProgramState, event: Event = FIRE) -> Outcome | None:
    """Return what a worker with this performer reports of one event."""
    worker = ActionWorker(performer, state, SteppedClock())
    wait = state.await_outcome(event)
    worker.submit(event)
    found = wait(3.0)
    worker.close()
    return found


@pytest.fixture
def state() -> ProgramState:
    """Return a program on a clock that stands still."""
    return ProgramState(SteppedClock(), lambda name: None)


def with_microphone(state: ProgramState, microphone: FakeMicrophone) -> Performer:
    """Return a performer with that microphone."""
    return Performer(state, Devices(microphone=lambda: microphone))


@pytest.mark.parametrize(
    ("microphone", "result", "reason"),
    [
        (FakeMicrophone(), "done", None),
        (FakeMicrophone(stuck=True), "failed", "did not change"),
        (FakeMicrophone(broken=True), "failed", "gone"),
    ],
)
def test_a_mute_is_done_only_when_it_took(
    state: ProgramState, microphone: FakeMicrophone, result: str, reason: str | None
) -> None:
    """A mute that the system did not take is a failure, with the reason."""
    found = outcome(with_microphone(state, microphone), state)
    assert found is not None
    assert found.result == result
    assert (reason or "") in (found.reason or "")
    assert (found.reason is None) == (reason is None)
    assert state.outcomes[1, "stop"] == found


@pytest.mark.parametrize("action", ['run:["true"]', "profile:nowhere", "nonsense", "key:f5"])
def test_every_kind_of_action_can_fail(state: ProgramState, action: str) -> None:
    """Whatever stops an action, it is reported as failed, and told to the person."""

    def nowhere(name: str) -> None:
        raise ConfigError("no such profile")

    state = ProgramState(SteppedClock(), nowhere)

    def no_keyboard() -> None:
        raise ActionError("no keyboard")

    performer = Performer(state, Devices(keyboard=no_keyboard))  # type: ignore[arg-type]  # it raises
    found = outcome(performer, state, replace(FIRE, action=action))
    assert found is not None
    assert found.result == "failed"
    assert found.reason
    news = state.news(0.0)
    assert news is not None
    assert news.kind == "failed"


def test_what_is_only_practised_is_not_called_done(state: ProgramState) -> None:
    """Neither a dry run nor practice says that anything was done."""
    practising = Practising(with_microphone(state, FakeMicrophone()), state, lambda: True)
    for performer in (DryPerformer(state), practising):
        found = outcome(performer, state)
        assert found is not None
        assert found.result == "dry_run"


def test_an_outcome_is_forgotten_when_the_gesture_fires_again(state: ProgramState) -> None:
    """A tick of the fire before does not stand beside the next one."""
    state.report(FIRE, DONE)
    state.hear(replace(FIRE, time=2.0))
    assert state.outcomes == {}


def test_events_say_what_became_of_them(tmp_path: Path) -> None:
    """A fire's line waits for its outcome, lines keep their order, and the old keys stay."""
    path = tmp_path / "events.jsonl"
    log = EventLog(path, lambda text: None)
    end = replace(FIRE, phase="end", time=1.5)
    for event in (replace(FIRE, phase="begin"), FIRE, end):
        log.write(event)
    assert len(path.read_text().splitlines()) == 1
    log.answered(FIRE, failed("no microphone"))
    begin, fire, last = map(json.loads, path.read_text().splitlines())
    assert (begin["phase"], fire["phase"], last["phase"]) == ("begin", "fire", "end")
    assert (fire["outcome"], fire["reason"]) == ("failed", "no microphone")
    assert {"outcome", "reason"}.isdisjoint({*begin, *last})
    assert fire["action"] == "mic.mute"
    log.write(replace(FIRE, time=3.0))
    log.close()
    assert "outcome" not in json.loads(path.read_text().splitlines()[-1])


def test_a_fire_without_action_waits_for_nobody(tmp_path: Path) -> None:
    """Where nothing is bound there is no outcome to wait for."""
    path = tmp_path / "events.jsonl"
    log = EventLog(path, lambda text: None)
    log.write(replace(FIRE, action=None))
    assert len(path.read_text().splitlines()) == 1
    log.close()


def test_the_panels_list_learns_the_outcome() -> None:
    """An entry of What fired knows first nothing of its action, then what became of it."""
    history = History()
    history.note(FIRE)
    assert history.newest()[0].outcome is None
    history.answered(FIRE, failed("no"))
    assert history.newest()[0].outcome == failed("no")


@pytest.mark.logs_errors
def test_one_listener_that_fails_keeps_nothing_from_the_others(state: ProgramState) -> None:
    """Outcomes reach everybody, and the worker continues."""
    heard = threading.Event()

    def broken(event: Event, outcome: Outcome) -> None:
        raise ValueError("broken")

    state.on_outcome(broken, lambda event, outcome: heard.set())
    state.report(FIRE, DONE)
    assert heard.is_set()
