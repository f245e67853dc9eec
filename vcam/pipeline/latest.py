"""A place for one thing: the newest. Whoever puts never waits, whoever takes gets the latest."""

import threading
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Latest(Generic[Thing]):
    """Hands the newest thing from one thread to another; older ones are lost, on purpose."""

    def __init__(self) -> None:
        self._thing: Thing | None = None
        self._arrived = threading.Event()

    def put(self, thing: Thing) -> None:
        """Leave a thing, in place of an older one that nobody took."""
        self._thing = thing
        self._arrived.set()

    def wait(self, seconds: float) -> Thing | None:
        """Return the newest thing that nobody waited for yet, or None after `seconds`."""
        if not self._arrived.wait(seconds):
            return None
        self._arrived.clear()
        return self._thing

    def peek(self) -> Thing | None:
        """Return the newest thing without waiting, as often as you like."""
        return self._thing
