"""The output interface: wherever images go."""

from typing import Protocol

from vcam.core.frame import Image
from vcam.errors import OutputError


class OutputClosed(OutputError):  # noqa: N818 - it is an event, not a fault
    """The person closed this output on purpose, as a window's cross does: stop, all is well."""


class Output(Protocol):
    """A place for pictures.

    All calls come from one thread. Every image has the size that the output was opened with.
    `close` may be called more than once, always succeeds, and leaves a playable file or a driver
    that can be opened again.
    """

    @property
    def name(self) -> str:
        """What a person calls it: `virtual`, `window`, `null`, or the file's path."""

    @property
    def private(self) -> bool:
        """True when only the person at the machine sees it (a preview), not the call."""

    def send(self, image: Image, time: float) -> None:
        """Show uint8 (H, W, 3) BGR, taken at `time` seconds of the source; keeps no reference.

        Returns without waiting for a reader. Raises `OutputClosed` when the person closed it, and
        any other `OutputError` when the output is lost.
        """

    def close(self) -> None:
        """Finish and give everything back."""
