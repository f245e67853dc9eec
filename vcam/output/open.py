"""The one place that decides what a destination is."""

import math
from pathlib import Path

from vcam.errors import OutputError
from vcam.output.file import open_mp4
from vcam.output.null import NullOutput
from vcam.output.settings import OutputSettings
from vcam.output.sink import Output
from vcam.output.virtual import open_virtual
from vcam.output.window import WindowOutput


def open_output(dest: str, size: tuple[int, int], fps: float, settings: OutputSettings) -> Output:
    """Open `virtual`, `window`, `null` or a path that ends in `.mp4`.

    `size` is width and height in pixels of every picture to come. Raises `OutputError` with the
    reason and the remedy.
    """
    if min(size) < 1 or not (math.isfinite(fps) and fps > 0):
        raise ValueError(f"no video: {size} at {fps} frames a second")
    if dest == "virtual":
        return open_virtual(size, fps, settings)
    if dest == "window":
        return WindowOutput(size)
    if dest == "null":
        return NullOutput()
    if dest.lower().endswith(".mp4"):
        return open_mp4(Path(dest), size, fps)
    raise OutputError(
        f"`{dest}` is no output: use `virtual`, `window`, `null`, or a path that ends in .mp4."
    )
