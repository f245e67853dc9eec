"""The events for programs, as server-sent events."""

import threading
from collections.abc import Callable
from typing import Final

from vcam.integrations.stream.service import EventStream, Listener

PERIOD_S: Final = 0.1
"""How soon the end of the panel is noticed."""
ALIVE_S: Final = 5.0
"""After this long without news a comment is sent, so that a program that has gone is noticed."""


def send_events(
    stream: EventStream, listener: Listener, write: Callable[[bytes], object], over: threading.Event
) -> None:
    """Write events to one program until it goes (OSError), or the panel or the stream ends."""
    quiet = 0.0
    try:
        while not over.is_set():
            try:
                line = listener.next(PERIOD_S)
            except TimeoutError:
                quiet += PERIOD_S
                if quiet < ALIVE_S:
                    continue
                message = b": alive\n\n"
            else:
                if line is None:
                    return
                message = f"data: {line}\n\n".encode()
            quiet = 0.0
            write(message)
    finally:
        stream.leave(listener)
