"""What an open control panel costs the video path: the same run with and without a browser.

`python -m benchmarks.panel_open` plays the demo clip to nobody for 2 x 20 seconds and prints, for
each half, the milliseconds that the video path takes for a frame, the longest gap between two and
the CPU time a second. On Linux the time in which its thread waited for a core is told apart: where
others keep the cores busy, the rest is what this program takes, with what video path and panel wait
for each other. For the second half a Chromium shows the Live page in two tabs; it runs in processes
of its own, and how many pictures a second its tabs draw is printed last.
"""

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from tests.rigs.browser import chromium
from tests.rigs.panel import Panelled
from vcam.core.frame import Image
from vcam.core.view import View
from vcam.pipeline.video import VideoPath

SECONDS: Final = 20.0
COUNT: Final = """
  window.counted = 0;
  const canvas = document.querySelector("canvas");
  const count = () => (window.counted += 1);
  new MutationObserver(count).observe(canvas, { attributeFilter: ["data-drawn"] });
"""


def waited_ms() -> float:
    """Return how long this thread was ready and had no core so far; 0 where that is not told."""
    try:
        path = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        return int(path.read_text().split()[1]) / 1e6
    except (OSError, IndexError, ValueError):
        return 0.0


class Timed:
    """Takes the time of every call of `VideoPath.show`."""

    def __init__(self) -> None:
        self.ms: list[float] = []
        self.own_ms: list[float] = []
        """The same without waiting for a core."""
        self.gaps: list[float] = []
        self._last: float | None = None
        inner = VideoPath.show

        def show(path: VideoPath, image: Image, view: View, time_s: float, now: float) -> None:
            waited, began = waited_ms(), time.perf_counter()
            inner(path, image, view, time_s, now)
            ended = time.perf_counter()
            self.ms.append(1000 * (ended - began))
            self.own_ms.append(max(0.0, self.ms[-1] - (waited_ms() - waited)))
            self.gaps.append(1000 * (ended - (self._last or ended)))
            self._last = ended

        VideoPath.show = show  # type: ignore[assignment,method-assign]  # for the length of this program

    def words(self) -> str:
        """Return the figures of the calls since the last time."""
        ms, measured, gaps = np.array(self.ms), np.array(self.own_ms), np.array(self.gaps)
        self.ms, self.own_ms, self.gaps = [], [], []
        return (
            f"{len(ms)} frames, show p50 {np.percentile(ms, 50):.2f} ms, "
            f"p99 {np.percentile(ms, 99):.2f} ms, without waiting for a core p50 "
            f"{np.percentile(measured, 50):.2f} ms, p99 {np.percentile(measured, 99):.2f} ms; "
            f"longest gap {gaps.max():.0f} ms"
        )


@contextmanager
def two_tabs(address: str) -> Iterator[list[Any]]:
    """Open the Live page twice, in a Chromium, and count the pictures that each of them draws."""
    for browser in chromium():
        pages = [browser.new_page(viewport={"width": 1280, "height": 800}) for _ in range(2)]
        for page in pages:
            page.goto(f"{address}#live")
            page.wait_for_selector("canvas[data-drawn]", timeout=60_000)
            page.evaluate(COUNT)
        yield pages


def measure(name: str, timed: Timed) -> None:
    """Wait, and print what happened meanwhile in this process, which the browser is none of."""
    timed.words() if timed.ms else None
    used, began = sum(os.times()[:2]), time.perf_counter()
    time.sleep(SECONDS)
    share = (sum(os.times()[:2]) - used) / (time.perf_counter() - began)
    load = f"load {os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else "load not known"
    print(f"{name}: {timed.words()}; {100 * share:.0f} % of one core; {load}")


def main() -> None:
    """Measure without and with two tabs."""
    timed = Timed()
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "settings.toml"
        settings.write_text("")
        running = Panelled(settings)
        try:
            time.sleep(3)
            measure("nobody looks", timed)
            with two_tabs(running.address) as pages:
                before = [page.evaluate("window.counted") for page in pages]
                measure("two tabs look", timed)
                drawn = [page.evaluate("window.counted") for page in pages]
            rates = [f"{(b - a) / SECONDS:.1f}" for a, b in zip(before, drawn, strict=True)]
            print(f"pictures a second in the tabs: {' and '.join(rates)}")
        finally:
            running.close()


if __name__ == "__main__":
    main()
