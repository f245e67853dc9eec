"""Hear of every change to a microphone from PulseAudio, or PipeWire's stand-in for it.

`pulsectl` speaks to libpulse, which every desktop with either server has; `pactl subscribe` would
be one more process, and one that outlives a killed program. Where pulsectl waits without a limit
for a server that hangs, only this thread does: muting, and the check every 30 s, go by the tools,
which are given two seconds.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any, Final

from vcam.actions.microphone.linux import pulse_server

log = logging.getLogger(__name__)

CONNECT_S: Final = 2.0
RETRY_S: Final = 5.0
"""How long after a server went away it is tried again."""
LISTEN_S: Final = 1.0
"""How often the thread looks whether it is to end."""


class PulseEvents:
    """Says what the default source is whenever a source, or which one is the default, changes."""

    def __init__(self, heard: Callable[[bool | None], None]) -> None:
        """`heard` is called from a thread of its own; None: the server went, or has no source."""
        self._heard = heard
        self._closed = threading.Event()
        self._connected = False
        threading.Thread(target=self._work, name="sound events", daemon=True).start()

    @property
    def connected(self) -> bool:
        """Whether changes are heard of now; else somebody has to ask now and then."""
        return self._connected

    def close(self) -> None:
        """Hear no more; returns at once."""
        self._closed.set()

    def _work(self) -> None:
        try:
            import pulsectl
        except (ImportError, OSError) as error:  # no libpulse
            log.debug("changes of the microphone are not heard of: %s", error)
            return
        while not self._closed.is_set():
            try:
                self._listen(pulsectl)
            except Exception as error:  # noqa: BLE001  # it has more kinds than it names
                log.debug("the sound server cannot be listened to: %r", error)
            if self._connected:
                self._connected = False
                self._heard(None)
            self._closed.wait(RETRY_S)

    def _listen(self, pulsectl: Any) -> None:
        """Listen until closed; raises what pulsectl raises when the server goes away."""
        pulse = pulsectl.Pulse("vcam", server=pulse_server(), connect=False)

        def stop(_: object) -> None:
            raise pulsectl.PulseLoopStop  # nothing may be asked for in here

        try:
            pulse.connect(timeout=CONNECT_S)
            pulse.event_mask_set("source", "server")
            pulse.event_callback_set(stop)
            self._connected = True
            while not self._closed.is_set():
                self._heard(_default_is_muted(pulse, pulsectl))
                pulse.event_listen(timeout=LISTEN_S)
        finally:
            pulse.close()


def _default_is_muted(pulse: Any, pulsectl: Any) -> bool | None:
    """Tell whether the default source is mute; None where it is a speaker's monitor, or none."""
    name = pulse.server_info().default_source_name
    if not name or name.endswith(".monitor"):
        return None
    try:
        return bool(pulse.get_source_by_name(name).mute)
    except pulsectl.PulseIndexError:  # it went in this very moment
        return None
