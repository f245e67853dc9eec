"""What services are: they hear what happens, and may ask a few things of the program."""

from typing import Protocol

from vcam.core.event import Event
from vcam.core.outcome import Outcome


class Service(Protocol):
    """Somebody outside who wants to know what happens. Nothing here ever waits."""

    def hear(self, event: Event) -> None:
        """Take in an event, on the recognition thread."""

    def answered(self, event: Event, outcome: Outcome) -> None:
        """Take in what became of the action of a `fire`."""

    def state(self) -> str | None:
        """Return a few words to show, or what is wrong."""

    def close(self) -> None:
        """End it; what waits is dropped."""


class Program(Protocol):
    """The running program, as far as others may see and change it. Callable from any thread."""

    @property
    def paused(self) -> bool:
        """Whether gestures are ignored."""

    @property
    def muted(self) -> bool | None:
        """Whether the system's microphone is muted; None where that is not known."""

    def pause(self) -> None:
        """Stop acting on gestures."""

    def resume(self) -> None:
        """Act on gestures again."""

    def mute(self, muted: bool) -> None:
        """Mute or unmute the system's microphone, in its turn."""

    def tell(self, text: str, *, badge: str | None = None) -> None:
        """Show one line for a moment; with `badge`, keep that badge in sight."""

    def clear_badge(self, badge: str) -> None:
        """Take a badge away; does nothing when it is not there."""
