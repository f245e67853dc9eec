"""Whatever pulsectl raises costs events for a while, and nothing else."""

import sys
import threading
import types

import pytest

from vcam.actions.microphone import pulse_events
from vcam.actions.microphone.pulse_events import PulseEvents


def test_an_error_without_a_name_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without memory libpulse gives nothing, and pulsectl has no name for what it raises."""
    again, tries = threading.Event(), []

    def refuse(*_: object, **__: object) -> None:
        tries.append(1)
        if len(tries) > 1:
            again.set()
        raise RuntimeError("Return value check failed")

    monkeypatch.setattr(pulse_events, "RETRY_S", 0.01)
    monkeypatch.setitem(sys.modules, "pulsectl", types.SimpleNamespace(Pulse=refuse))
    events = PulseEvents(lambda _: None)
    assert again.wait(5)
    assert not events.connected
    events.close()
