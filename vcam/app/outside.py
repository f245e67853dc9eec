"""The running program, as services outside may see and change it."""

from collections.abc import Callable

from vcam.core.event import Event
from vcam.pipeline.state import ProgramState

_TRACK = -3
_NOWHERE = (0.0, 0.0, 0.0, 0.0)


class Outside:
    """Lets others pause, mute and tell, each by the way that gestures take."""

    def __init__(self, state: ProgramState, submit: Callable[[Event], None]) -> None:
        """`submit` hands an event to the action worker and does not wait."""
        self._state, self._submit = state, submit
        self._orders = 0

    @property
    def paused(self) -> bool:
        """Whether gestures are ignored."""
        return self._state.paused

    @property
    def muted(self) -> bool | None:
        """Whether the system's microphone is muted; None where that is not known."""
        return self._state.microphone_muted

    def pause(self) -> None:
        """Stop acting on gestures."""
        self._state.pause()

    def resume(self) -> None:
        """Act on gestures again."""
        self._state.resume()

    def mute(self, muted: bool) -> None:
        """Mute or unmute the system's microphone, in its turn."""
        self._orders += 1
        action = "mic.mute" if muted else "mic.unmute"
        name = f"order {self._orders}"
        self._submit(Event(0.0, "fire", name, "any", _TRACK, action, _NOWHERE))

    def tell(self, text: str, *, badge: str | None = None) -> None:
        """Show one line for a moment; with `badge`, keep that badge in sight."""
        self._state.tell(text, badge=badge)

    def clear_badge(self, badge: str) -> None:
        """Take a badge away; does nothing when it is not there."""
        self._state.clear_badge(badge)
