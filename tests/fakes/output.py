"""An output that remembers what it was sent, and breaks when a test tells it to."""

from vcam.core.frame import Image
from vcam.errors import OutputError


class RecordingOutput:
    """Keeps a copy of every picture with its time.

    With `fail_at=n`, the send that would be the n-th picture (from 0), and each one after it,
    raises `error`.
    """

    def __init__(
        self,
        *,
        private: bool = False,
        fail_at: int | None = None,
        error: OutputError | None = None,
    ) -> None:
        self.name, self.private = "recording", private
        self.images: list[Image] = []
        self.times: list[float] = []
        self.closed = 0
        """How often `close` was called."""
        self._fail_at = fail_at
        self._error = error or OutputError("The output was lost: start it again.")

    def send(self, image: Image, time: float) -> None:
        """Remember a copy. Raises the scripted error, or `OutputError` once closed."""
        if self._fail_at is not None and len(self.images) >= self._fail_at:
            raise self._error
        if self.closed:
            raise OutputError("The output is closed: open it again.")
        self.images.append(image.copy())
        self.times.append(time)

    def close(self) -> None:
        """Count the call."""
        self.closed += 1
