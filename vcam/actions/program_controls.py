"""The interface through which actions change the program itself."""

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:  # events need numpy, which `vcam --help` need not wait for
    from vcam.core.event import Event
    from vcam.core.outcome import Outcome

VideoMode = Literal["live", "blank", "blur", "freeze"]


class Controls(Protocol):
    """What actions may change in the running program. Called from the action worker's thread."""

    def set_video(self, mode: VideoMode) -> None:
        """Send the live picture, a blank card, a blurred picture, or the last picture."""

    def set_overlay(self, shown: bool | None) -> None:
        """Show or hide boxes in the outgoing picture; None: the other of the two."""

    def react(self, emoji: str) -> None:
        """Let a reaction float over the outgoing picture for a moment."""

    def use_profile(self, name: str) -> None:
        """Switch to another profile's bindings. Raises `ConfigError` when there is none."""

    def pause(self) -> None:
        """Stop acting on gestures, all but the one bound to `resume`."""

    def resume(self) -> None:
        """Act on gestures again."""

    def tell(self, text: str, *, badge: str | None = None) -> None:
        """Show one line for a moment; with `badge`, keep that badge in sight (`MIC MUTED`)."""

    def report(self, event: "Event", outcome: "Outcome") -> None:
        """Take in what became of the action of a `fire`: once for each, when it has ended."""

    def know_microphone(self, muted: bool | None) -> None:
        """Hear whether the system's microphone is muted; None: that is not known any more."""

    def clear_badge(self, badge: str) -> None:
        """Take a badge away; does nothing when it is not there."""
