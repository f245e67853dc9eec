"""What actions have changed: video mode, overlay, badges, toasts, pause; and how they ended.

Written by the action worker, read by the video path and the recognition path. Every attribute is
replaced as a whole, so that readers need no lock.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vcam.actions.program_controls import VideoMode
from vcam.core.event import Event
from vcam.core.outcome import Outcome
from vcam.core.texts import _
from vcam.core.view import Toast
from vcam.overlay.captions import action_words
from vcam.overlay.emoji import emoji_image
from vcam.system.clock import Clock

log = logging.getLogger(__name__)

TOAST_S = 2.5
"""How long one line about what was done stays."""
FAILED_S = 6.0
"""A failure is longer than that, and matters more."""
KEPT_OUTCOMES = 16

Owner = tuple[int, str]
"""Track and gesture: who fired."""
Answered = Callable[[Event, Outcome], None]


@dataclass(frozen=True, slots=True)
class Passing:
    """Something to show for a moment."""

    text: str
    since: float
    """Seconds of the program's clock."""
    kind: Toast = "info"


class ProgramState:
    """The running program, as actions may change it."""

    def __init__(self, clock: Clock, use_profile: Callable[[str], None]) -> None:
        self.video: VideoMode = "live"
        self.overlay_shown = True
        self.paused = False
        self.badges: tuple[str, ...] = ()
        self.microphone_muted: bool | None = None
        """The system's microphone; None where that is not known."""
        self.reaction: Passing | None = None
        self.outcomes: Mapping[Owner, Outcome] = {}
        """What became of the actions of gestures that have fired and are still shown."""
        self._answered: tuple[Answered, ...] = ()
        self._reporting = threading.Lock()
        self._toast: Passing | None = None
        self._clock, self._use_profile = clock, use_profile

    def set_video(self, mode: VideoMode) -> None:
        """Send the live picture, a blank card, a blurred picture, or the last picture."""
        self.video = mode

    def set_overlay(self, shown: bool | None) -> None:
        """Show or hide boxes in the outgoing picture; None: the other of the two."""
        self.overlay_shown = not self.overlay_shown if shown is None else shown

    def react(self, emoji: str) -> None:
        """Let a reaction float over the outgoing picture for a moment."""
        emoji_image(emoji)  # loaded here, so that the video path need not
        self.reaction = Passing(emoji, self._clock.now())

    def use_profile(self, name: str) -> None:
        """Switch to another profile's bindings. Raises `ConfigError` when there is none."""
        self._use_profile(name)

    def pause(self) -> None:
        """Stop acting on gestures, all but the one bound to `resume`."""
        self.paused = True
        self.badges = (*self.badges, "PAUSED") if "PAUSED" not in self.badges else self.badges

    def resume(self) -> None:
        """Act on gestures again."""
        self.paused = False
        self.clear_badge("PAUSED")

    def tell(self, text: str, *, badge: str | None = None) -> None:
        """Show one line for a moment; with `badge`, keep that badge in sight."""
        log.info("%s", text)
        self._toast = Passing(text, self._clock.now())
        if badge and badge not in self.badges:
            self.badges = (*self.badges, badge)

    def know_microphone(self, muted: bool | None) -> None:
        """Remember whether the system's microphone is muted; None: that is not known any more."""
        self.microphone_muted = muted

    def clear_badge(self, badge: str) -> None:
        """Take a badge away; does nothing when it is not there."""
        self.badges = tuple(kept for kept in self.badges if kept != badge)

    def on_outcome(self, *answered: Answered) -> None:
        """Let these hear of every outcome as well, on whatever thread it came from."""
        self._answered = (*self._answered, *answered)

    def await_outcome(self, event: Event) -> Callable[[float], Outcome | None]:
        """Return what waits for this very event's outcome, so many seconds; None: none came.

        Call this before the event is submitted, and what it returns once, after.
        """
        came = threading.Event()
        found: list[Outcome] = []

        def answered(reported: Event, outcome: Outcome) -> None:
            if reported is event:
                found.append(outcome)
                came.set()

        self.on_outcome(answered)

        def wait(seconds: float) -> Outcome | None:
            came.wait(seconds)
            self._answered = tuple(each for each in self._answered if each is not answered)
            return found[0] if found else None

        return wait

    def hear(self, event: Event) -> None:
        """Forget the outcome before, when a gesture fires again; call it before the worker."""
        if event.phase == "fire":
            owner = (event.track, event.gesture)
            self.outcomes = {who: what for who, what in self.outcomes.items() if who != owner}

    def report(self, event: Event, outcome: Outcome) -> None:
        """Keep what became of an action; a failure is reported at once, to the person alone."""
        with self._reporting:  # plug-ins answer on threads of their own
            kept = list(self.outcomes.items())[-KEPT_OUTCOMES:]
            self.outcomes = {**dict(kept), (event.track, event.gesture): outcome}
        if outcome.result == "failed":
            words = action_words(event.action or "")
            text = _("{words} failed: {reason}").format(words=words, reason=outcome.brief)
            log.info("%s: %s", event.action, outcome.reason)
            self._toast = Passing(text, self._clock.now(), "failed")
        for answered in self._answered:
            try:
                answered(event, outcome)
            except Exception:  # whoever cannot take it in must not keep it from the others
                log.exception("an outcome did not reach everybody")

    def toast(self, now: float) -> str | None:
        """Return the line to show now, if one is fresh."""
        fresh = self.news(now)
        return fresh.text if fresh else None

    def news(self, now: float) -> Passing | None:
        """Return the same with its kind and the time at which it came."""
        toast = self._toast
        lasts = FAILED_S if toast and toast.kind == "failed" else TOAST_S
        return toast if toast and now - toast.since <= lasts else None
