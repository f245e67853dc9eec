"""What an open control panel costs the video path: the same run with and without a browser.

`python -m benchmarks.panel_open` plays the demo clip to nobody for 2 x 20 seconds and prints, for
each half, the milliseconds that the video path takes for a frame and the CPU time a second. The
browser is stood in for by two tabs' worth of requests: two states and two moving pictures.
"""

import os
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import numpy as np

from tests.rigs.panel import Panelled
from vcam.core.frame import Image
from vcam.core.view import View
from vcam.pipeline.video import VideoPath

SECONDS = 20.0


class Timed:
    """Takes the time of every call of `VideoPath.show`."""

    def __init__(self) -> None:
        self.ms: list[float] = []
        self.gaps: list[float] = []
        self._last: float | None = None
        inner = VideoPath.show

        def show(path: VideoPath, image: Image, view: View, time_s: float, now: float) -> None:
            began = time.perf_counter()
            inner(path, image, view, time_s, now)
            ended = time.perf_counter()
            self.ms.append(1000 * (ended - began))
            self.gaps.append(1000 * (ended - (self._last or ended)))
            self._last = ended

        VideoPath.show = show  # type: ignore[assignment,method-assign]  # for the length of this program

    def words(self) -> str:
        """Return the figures of the calls since the last time."""
        ms, gaps = np.array(self.ms), np.array(self.gaps)
        self.ms, self.gaps = [], []
        return (
            f"{len(ms)} frames, show p50 {np.percentile(ms, 50):.2f} ms, "
            f"p99 {np.percentile(ms, 99):.2f} ms; longest gap {gaps.max():.0f} ms"
        )


def browse(address: str, end: float) -> None:
    """Ask for pictures one after the other, as a tab does."""
    after = "0"
    while time.perf_counter() < end:
        with urllib.request.urlopen(f"{address}frame?view=mine&after={after}") as answer:
            after = answer.headers.get("X-Number", after)
            answer.read()


def listen(address: str, end: float) -> None:
    """Read the stream of states, as a tab does."""
    with urllib.request.urlopen(f"{address}state") as stream:
        while time.perf_counter() < end:
            stream.readline()


def measure(name: str, timed: Timed) -> None:
    """Wait, and print what happened meanwhile; this process holds the browser's side as well."""
    timed.words() if timed.ms else None
    used, began = sum(os.times()[:2]), time.perf_counter()
    time.sleep(SECONDS)
    share = (sum(os.times()[:2]) - used) / (time.perf_counter() - began)
    print(f"{name}: {timed.words()}; {100 * share:.0f} % of one core")


def main() -> None:
    """Measure without and with two tabs."""
    timed = Timed()
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "settings.toml"
        settings.write_text("")
        running = Panelled(settings)
        time.sleep(3)
        measure("nobody looks", timed)
        end = time.perf_counter() + SECONDS
        tabs = [
            threading.Thread(target=what, args=(running.address, end))
            for what in (browse, listen)
            for _ in range(2)
        ]
        for tab in tabs:
            tab.start()
        measure("two tabs look", timed)
        for tab in tabs:
            tab.join()
        running.close()


if __name__ == "__main__":
    main()
