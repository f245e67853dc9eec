"""A camera that does what a test tells it to: give pictures, wait, break."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from vcam.core.frame import Frame, Image
from vcam.errors import CameraError
from vcam.system.clock import Clock, SystemClock


@dataclass(frozen=True, slots=True)
class Delay:
    """A step of a script: `read` waits that many seconds of the clock before it continues."""

    seconds: float


Step = Frame | Delay | CameraError


class ScriptedCamera:
    """Plays a script of frames, delays and failures.

    A frame is given as it is, a delay is slept on `clock`, an error is raised. After the last step
    a recorded source ends (`read` returns None); a live one breaks (`CameraError`), as a camera
    does when its plug is pulled. The script may be endless.
    """

    def __init__(
        self,
        script: Iterable[Step],
        *,
        fps: float = 30.0,
        live: bool = False,
        size: tuple[int, int] = (64, 48),
        clock: Clock | None = None,
    ) -> None:
        """`size` must be that of the script's frames; it is not checked here."""
        self.fps = fps
        self.live = live
        self.size = size
        self.closed = 0
        """How often `close` was called."""
        self._script: Iterator[Step] = iter(script)
        self._clock = clock or SystemClock()

    def read(self) -> Frame | None:
        """Do the next step of the script."""
        for step in self._script:
            if isinstance(step, Delay):
                self._clock.sleep(step.seconds)
            elif isinstance(step, CameraError):
                raise step
            else:
                return step
        if self.live:
            raise CameraError("The camera was unplugged: plug it in again.")
        return None

    def close(self) -> None:
        """Count the call, and give nothing any more."""
        self.closed += 1
        self._script = iter(())


def make_frames(
    count: int, *, fps: float = 30.0, size: tuple[int, int] = (64, 48), start: float = 0.0
) -> list[Frame]:
    """Return frames that all differ: a bright bar that walks from left to right."""
    return [Frame(_bar(i, size), start + i / fps, i) for i in range(count)]


def _bar(step: int, size: tuple[int, int]) -> Image:
    width, height = size
    image = np.full((height, width, 3), (40, step * 5 % 200, 60), np.uint8)
    image[:, step * 2 % width :: width] = 255
    return image
