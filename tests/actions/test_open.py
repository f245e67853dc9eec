"""Where the keyboard is opened."""

import threading

import pytest

from tests.fakes.keyboard import FakeKeyboard
from vcam.actions.keyboard.keyboard import Keyboard
from vcam.actions.open import open_worker
from vcam.core.event import Event
from vcam.errors import ActionError
from vcam.pipeline.state import ProgramState
from vcam.system.clock import SteppedClock


@pytest.mark.parametrize(("platform", "here"), [("darwin", True), ("linux", False)])
def test_the_thread_that_opens_the_keyboard(
    monkeypatch: pytest.MonkeyPatch, platform: str, here: bool
) -> None:
    """On macOS the caller's thread opens it, as the system demands; elsewhere the worker's."""
    threads: list[threading.Thread] = []
    keyboard = FakeKeyboard()

    def opens() -> Keyboard:
        threads.append(threading.current_thread())
        return keyboard

    _run(monkeypatch, platform, opens)
    assert [thread is threading.main_thread() for thread in threads] == [here]
    assert keyboard.log == ["+a", "-a", "+a", "-a"]


def test_a_mac_that_allows_no_keys_still_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the permission the program runs, and the first key says what is missing."""

    def refuses() -> Keyboard:
        raise ActionError("no Accessibility permission")

    assert "no Accessibility permission" in (_run(monkeypatch, "darwin", refuses) or "")


def _run(monkeypatch: pytest.MonkeyPatch, platform: str, opens: object) -> str | None:
    monkeypatch.setattr("vcam.actions.open.sys.platform", platform)
    monkeypatch.setattr("vcam.actions.open.open_keyboard", opens)
    state = ProgramState(SteppedClock(), lambda name: None)
    worker = open_worker(state, dry_run=False, allow_commands=False)
    for _ in range(2):
        worker.submit(Event(0.0, "fire", "fist", "any", 1, "key:a", (0, 0, 1, 1)))
    worker.settle()
    worker.close()
    return state.toast(0.0)
