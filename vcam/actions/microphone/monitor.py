"""The badge says what is true, also when another program mutes or unmutes the microphone."""

import threading
from collections.abc import Callable
from typing import Final

from vcam.actions.microphone.microphone import Microphone
from vcam.actions.program_controls import Controls
from vcam.errors import ActionError

MUTED_BADGE: Final = "MIC MUTED"
EVERY_S: Final = 3.0
"""How often the system is asked: two small processes each time on Linux."""
REFUSED_S: Final = 30.0
"""How long nothing is asked after the system refused to answer."""


class MicrophoneWatch:
    """Looks at the microphone now and then, on a thread of its own, and keeps the badge true."""

    def __init__(self, controls: Controls, opens: Callable[[], Microphone]) -> None:
        self._controls, self._opens = controls, opens
        self._microphone: Microphone | None = None
        self._muted: bool | None = None
        self._changes = 0
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look; once."""
        self._thread = threading.Thread(target=self._work, name="microphone", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more; an answer that is still awaited changes nothing."""
        self._closed.set()
        self._changes += 1

    def changed(self, muted: bool) -> None:
        """Show what one of our own actions has made of the microphone."""
        self._changes += 1
        self._know(muted)
        self._show(muted, "Microphone muted" if muted else "Microphone on")

    def look(self) -> bool:
        """Ask the system once and show what has changed; return whether it answered."""
        before = self._changes
        try:
            self._microphone = self._microphone or self._opens()
            muted = self._microphone.muted()
        except ActionError:
            self._microphone = None
            self._lose_sight()
            return False
        # An action that came while the system was answering knows better than the answer.
        if before == self._changes and muted != (self._muted or False):
            self._show(muted, _said(muted, first=self._muted is None))
        if before == self._changes:
            self._know(muted)
        return True

    def _work(self) -> None:
        answered = self.look()
        while not self._closed.wait(EVERY_S if answered else REFUSED_S):
            answered = self.look()

    def _show(self, muted: bool, text: str) -> None:
        if muted:
            self._controls.tell(text, badge=MUTED_BADGE)
        else:
            self._controls.clear_badge(MUTED_BADGE)
            self._controls.tell(text)

    def _lose_sight(self) -> None:
        """Take the badge away: who believes to be muted and is not is worse off than who asks."""
        if self._muted:
            self._show(False, "Whether the microphone is muted is not known any more")
        self._know(None)

    def _know(self, muted: bool | None) -> None:
        self._muted = muted
        self._controls.know_microphone(muted)


def _said(muted: bool, *, first: bool) -> str:
    if first:
        return "The microphone is muted"
    return f"The microphone was {'muted' if muted else 'unmuted'} elsewhere"
