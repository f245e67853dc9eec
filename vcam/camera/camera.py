"""The camera interface: whatever frames come from."""

from typing import Protocol

from vcam.core.frame import Frame


class Camera(Protocol):
    """A source of frames.

    `read` and `close` are called from one thread. `close` may be called more than once and always
    succeeds. Frames are new arrays: the source does not write into one that it gave away.
    """

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of every frame."""

    @property
    def fps(self) -> float:
        """Nominal frames a second, above 0."""

    @property
    def live(self) -> bool:
        """True for a device, which never ends; False for a file, which ends."""

    def read(self) -> Frame | None:
        """Return the next frame, waiting for it; None when a file has ended.

        Raises `CameraError` when the source broke; it must then be closed and opened again.
        """

    def close(self) -> None:
        """Give the device back."""
