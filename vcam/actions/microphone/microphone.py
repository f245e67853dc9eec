"""The system's microphone: the contract of every backend."""

from typing import Protocol

from vcam.core.texts import _
from vcam.errors import ActionError


class Microphone(Protocol):
    """The system's default microphone. Called from one thread at a time."""

    def muted(self) -> bool:
        """Tell whether it is mute now; raises `ActionError` when that cannot be known."""

    def set_muted(self, muted: bool) -> None:
        """Make it so, whatever it was; raises `ActionError` when that cannot be done."""


def change_microphone(microphone: Microphone, change: str) -> bool:
    """Mute, unmute or toggle, and return what is true afterwards.

    The state is read back; raises `ActionError` when the system did not take the change.
    """
    wanted = not microphone.muted() if change == "toggle" else change == "mute"
    microphone.set_muted(wanted)
    if microphone.muted() != wanted:
        raise ActionError(
            _("the microphone did not change: another program holds it; use its own mute button")
        )
    return wanted
