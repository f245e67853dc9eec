"""What actions have changed: video mode, overlay, badges, toasts, pause.

Written by the action worker, read by the video path and the recognition path. Every attribute is
replaced as a whole, so that readers need no lock.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from vcam.actions.program_controls import VideoMode
from vcam.system.clock import Clock

log = logging.getLogger(__name__)

TOAST_S = 2.5
"""How long one line about what was done stays."""


@dataclass(frozen=True, slots=True)
class Passing:
    """Something to show for a moment."""

    text: str
    since: float
    """Seconds of the program's clock."""


class ProgramState:
    """The running program, as actions may change it."""

    def __init__(self, clock: Clock, use_profile: Callable[[str], None]) -> None:
        self.video: VideoMode = "live"
        self.overlay_shown = True
        self.paused = False
        self.badges: tuple[str, ...] = ()
        self.reaction: Passing | None = None
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

    def clear_badge(self, badge: str) -> None:
        """Take a badge away; does nothing when it is not there."""
        self.badges = tuple(kept for kept in self.badges if kept != badge)

    def toast(self, now: float) -> str | None:
        """Return the line to show now, if one is fresh."""
        toast = self._toast
        return toast.text if toast and now - toast.since <= TOAST_S else None
