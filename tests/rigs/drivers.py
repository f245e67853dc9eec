"""A virtual camera driver that keeps what it gets, registered with the real pyvirtualcam."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import pyvirtualcam
import pyvirtualcam.camera


class FakeDriver:
    """What pyvirtualcam asks of a backend; one instance a camera."""

    made: list["FakeDriver"]
    refusal: str | None = None
    breaks = False

    def __init__(
        self, *, width: int, height: int, fps: float, fourcc: int, device: str | None
    ) -> None:
        if self.refusal:
            raise RuntimeError(self.refusal)
        self.size, self.fps, self.name = (width, height), fps, device
        self.fourcc = fourcc
        self.frames: list[npt.NDArray[np.uint8]] = []
        self.closed = 0
        self.made.append(self)

    def close(self) -> None:
        self.closed += 1

    def send(self, frame: npt.NDArray[np.uint8]) -> None:
        if self.breaks:
            raise RuntimeError("gone")
        self.frames.append(frame.copy())

    def device(self) -> str:
        return self.name or "Fake Camera"

    def native_fourcc(self) -> int | None:
        return None


@contextmanager
def only_driver(*, refusal: str | None = None, breaks: bool = False) -> Iterator[type[FakeDriver]]:
    """Let pyvirtualcam know this driver alone for a while."""
    driver = type("Driver", (FakeDriver,), {"made": [], "refusal": refusal, "breaks": breaks})
    known = dict(pyvirtualcam.camera.BACKENDS)
    pyvirtualcam.camera.BACKENDS.clear()
    pyvirtualcam.register_backend("fake", driver)
    try:
        yield driver
    finally:
        pyvirtualcam.camera.BACKENDS.clear()
        pyvirtualcam.camera.BACKENDS.update(known)
