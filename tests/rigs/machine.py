"""The machine under the program: short of memory, and how long it lets a sleeper oversleep."""

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path


def starve() -> None:
    """Let this process have no more memory than it has."""
    import resource  # Unix only

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    hard_limit = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize(), hard_limit))


def feed() -> None:
    """Let it have as much as it may again."""
    import resource

    hard_limit = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard_limit, hard_limit))


METRONOME = """
import sys, threading, time
worst, asked = 0.0, threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), asked.set()), daemon=True).start()
while not asked.is_set():
    began = time.perf_counter()
    time.sleep(0.01)
    worst = max(worst, time.perf_counter() - began - 0.01)
print(worst)
"""


@contextlib.contextmanager
def metronome() -> Iterator[Callable[[], float]]:
    """Measure, in a process of its own, for how long this machine lets a sleeper oversleep.

    What is given returns the worst, in seconds, and ends the measurement.
    """
    command = [sys.executable, "-c", METRONOME]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield lambda: float(process.communicate(timeout=10)[0])
        finally:
            process.kill()
