"""The one place that decides what a destination is."""

import math
from pathlib import Path

from vcam.core.texts import _
from vcam.errors import OutputError
from vcam.output.mp4_file import open_mp4
from vcam.output.null import NullOutput
from vcam.output.output import Output
from vcam.output.settings import OutputSettings
from vcam.output.threaded import ThreadedOutput
from vcam.output.virtual import open_virtual
from vcam.output.window import WindowOutput


def open_output(
    dest: str,
    size: tuple[int, int],
    fps: float,
    settings: OutputSettings,
    *,
    every_frame: bool = False,
) -> Output:
    """Open `virtual`, `window`, `null` or a path that ends in `.mp4`.

    `size` is width and height in pixels of every picture to come. A file is written in the
    background, so that a slow disk never holds up the call; with `every_frame` it is waited for,
    and no picture is left out. Raises `OutputError` with the reason and the remedy.
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
        file = open_mp4(Path(dest), size, fps)
        return file if every_frame else ThreadedOutput(file)
    raise OutputError(
        _(
            "`{dest}` is no output: use `virtual`, `window`, `null`, or a path that ends in .mp4."
        ).format(dest=dest)
    )
