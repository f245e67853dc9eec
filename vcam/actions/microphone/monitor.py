"""What the microphone is, whoever mutes it: the badge and the panel both read it here."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Final

from vcam.actions.microphone.events import MicrophoneEvents, open_events
from vcam.actions.microphone.microphone import Microphone
from vcam.actions.program_controls import Controls
from vcam.core.texts import _
from vcam.errors import ActionError

MUTED_BADGE: Final = "MIC MUTED"
POLL_S: Final = 3.0
"""How often the system is asked where it tells nothing by itself."""
SAFETY_POLL_S: Final = 30.0
"""How often it is asked all the same where it does, or after it refused to answer."""
OpensEvents = Callable[[Callable[[bool | None], None]], MicrophoneEvents]


class MicrophoneMonitor:
    """Asks the system when it says that something changed, on a thread of its own."""

    def __init__(
        self,
        controls: Controls,
        opens: Callable[[], Microphone],
        events: OpensEvents = open_events,
    ) -> None:
        self._controls, self._opens, self._open_events = controls, opens, events
        self._microphone: Microphone | None = None
        self._muted: bool | None = None
        self._changes = 0
        self._changing = False
        self._closed = False
        self._heard: bool | None = None
        self._wake = threading.Event()

    @property
    def muted(self) -> bool | None:
        """Whether the microphone is mute, as far as is known; None where it is not."""
        return self._muted

    def start(self) -> None:
        """Begin to follow the microphone; once."""
        threading.Thread(target=self._work, name="microphone", daemon=True).start()

    def close(self) -> None:
        """Follow it no more; an answer that is still awaited changes nothing."""
        self._closed = True
        self._changes += 1
        self._wake.set()

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """While one of our own actions changes the microphone: what is heard then is no news."""
        self._changes += 1
        self._changing = True
        try:
            yield
        finally:
            self._changing = False
            self._heard = None  # asked again, since what was heard meanwhile was left out
            self._wake.set()

    def changed(self, muted: bool) -> None:
        """Show what one of our own actions has made of the microphone."""
        self._changes += 1
        self._muted = muted
        self._show(muted, _("Microphone muted") if muted else _("Microphone on"))

    def check(self) -> bool:
        """Ask the system once and show what has changed; return whether it answered."""
        before = self._changes
        try:
            self._microphone = self._microphone or self._opens()
            muted = self._microphone.muted()
        except ActionError:
            self._microphone = None
            self._forget_level()
            return False
        # An action that came while the system was answering knows better than the answer.
        if before == self._changes:
            self._take(muted)
        return True

    def _work(self) -> None:
        events = self._open_events(self._hear)
        answered = self.check()
        while not self._closed:
            poll = POLL_S if answered and not events.connected else SAFETY_POLL_S
            woken = self._wake.wait(poll)
            self._wake.clear()
            heard, self._heard = self._heard, None
            if woken and heard is not None:
                self._take(heard)
            elif not self._closed:
                answered = self.check()
        events.close()

    def _hear(self, muted: bool | None) -> None:
        """Note what the system says; the monitor's own thread shows it."""
        if muted is None or muted != self._muted:
            self._heard = muted
            self._wake.set()

    def _take(self, muted: bool) -> None:
        if self._changing or self._closed:
            return
        if muted != (self._muted or False):
            self._show(muted, _said(muted, first=self._muted is None))
        self._muted = muted

    def _show(self, muted: bool, text: str) -> None:
        if muted:
            self._controls.tell(text, badge=MUTED_BADGE)
        else:
            self._controls.clear_badge(MUTED_BADGE)
            self._controls.tell(text)

    def _forget_level(self) -> None:
        """Take the badge away: who believes to be muted and is not is worse off than who asks."""
        if self._muted:
            self._show(False, _("Whether the microphone is muted is not known any more"))
        self._muted = None


def _said(muted: bool, *, first: bool) -> str:
    if first:
        return _("The microphone is muted")
    if muted:
        return _("The microphone was muted elsewhere")
    return _("The microphone was unmuted elsewhere")
