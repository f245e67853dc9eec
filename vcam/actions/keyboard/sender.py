"""What brings keys to the desktop by their codes: the contract of every keyboard backend."""

from typing import Protocol


class KeySender(Protocol):
    """Sends keys. Calls come from one thread at a time, though not always the same one.

    A key goes up by the code with which it went down, whatever the layout has become meanwhile:
    so whoever presses one keeps its code, and tells it to the guardian.
    """

    def code(self, key: str) -> str:
        """Return what `key` of `vcam.actions.chord` is pressed by in the layout of this moment.

        The code has no blank in it. Raises `ActionError` when `key` cannot be pressed here.
        """

    def prepare(self) -> None:
        """Get ready for the first key, where the desktop asks the person before; seldom waits.

        Raises `ActionError` while no key can be sent: the person has not answered, or refused.
        """

    def send(self, code: str, *, down: bool) -> None:
        """Put the key down or let it up; raises `ActionError` when that does not reach the desktop.

        Letting up a key that is up is harmless.
        """

    def close(self) -> None:
        """Give the device back; may be called more than once and always succeeds."""
