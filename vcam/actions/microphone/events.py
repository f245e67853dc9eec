"""Hearing of changes to the microphone: the contract, and who does it on this system."""

import sys
from collections.abc import Callable
from typing import Protocol


class MicrophoneEvents(Protocol):
    """Calls a function, from a thread of its own, with what the microphone is after a change.

    True: it is mute; None: nothing is known any more, so that somebody has to ask.
    """

    @property
    def connected(self) -> bool:
        """Whether changes are heard of now; else somebody has to ask now and then."""

    def close(self) -> None:
        """Hear no more; returns at once."""


class NoEvents:
    """Where the system tells of nothing in a way that we use."""

    connected = False

    def __init__(self, heard: Callable[[bool | None], None]) -> None:
        """Never calls `heard`."""

    def close(self) -> None:
        """Nothing to end."""


def open_events(heard: Callable[[bool | None], None]) -> MicrophoneEvents:
    """Return what this system tells of its microphone."""
    if sys.platform != "linux":
        return NoEvents(heard)
    from vcam.actions.microphone.pulse_events import PulseEvents

    return PulseEvents(heard)
