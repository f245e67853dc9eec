"""The camera rests while nobody looks: it is closed, and its light goes out."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from vcam.system.clock import Clock

log = logging.getLogger(__name__)

REST_AFTER_S: Final = 10.0
"""So long after the last one looked, the camera is closed."""
POLL_S: Final = 0.5
"""How often it is asked whether somebody looks; whoever comes may `look` at once as well."""


class Rests(Protocol):
    """A camera that can be closed for a while."""

    def rest(self, *, resting: bool) -> None:
        """Close the camera, or open it again; returns at once."""


@dataclass(frozen=True, slots=True)
class Watchers:
    """Who may look at the picture."""

    wanted: Callable[[], bool]
    """Whether the camera may rest at all: the setting, and a source that is a camera."""
    call: Callable[[], bool | None]
    """Whether a program shows the virtual camera; None: nobody can tell."""
    person: Callable[[], bool]
    """Whether the person looks: a window, a recording, or an open page of the panel."""


class CameraRest:
    """Closes the camera when nobody has looked for a while, and opens it when somebody does."""

    def __init__(self, camera: Rests, watchers: Watchers, clock: Clock) -> None:
        self.resting = False
        self._camera, self._watchers, self._clock = camera, watchers, clock
        self._last_viewed = clock.now()
        self._lock = threading.Lock()
        self._come = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="camera rest", daemon=True)

    def start(self) -> None:
        """Begin to look after it."""
        self._thread.start()

    def close(self) -> None:
        """End the thread; may be called more than once, and without `start`."""
        self._closing = True
        self._come.set()
        if self._thread.is_alive():
            self._thread.join(2.0)

    def update(self) -> None:
        """Somebody may have come: see at once; callable from anywhere."""
        self._come.set()

    def step(self) -> None:
        """See who looks, and let the camera rest or wake."""
        with self._lock:
            now = self._clock.now()
            if self._is_watched():
                self._last_viewed = now
            resting = now - self._last_viewed >= REST_AFTER_S
            if resting == self.resting:
                return
            self.resting = resting
            log.info("nobody looks: the camera rests" if resting else "the camera is on again")
            self._camera.rest(resting=resting)

    def _is_watched(self) -> bool:
        watchers = self._watchers
        return not watchers.wanted() or watchers.call() is not False or watchers.person()

    def _work(self) -> None:
        while not self._closing:
            try:
                self.step()
            except Exception:
                log.exception("whether somebody looks is not known")
            self._come.wait(POLL_S)
            self._come.clear()
