"""The program in a process of its own, as a person starts it."""

import os
import time
from pathlib import Path

BEGUN_BYTES = 20_000
"""So much of a film is on disk when some of its frames are."""


def program_environment() -> dict[str, str]:
    """Return an environment in which the program is found and no settings file is."""
    root = str(Path(__file__).parents[2])
    return {**os.environ, "PYTHONPATH": root, "XDG_CONFIG_HOME": "/nonexistent"}


def wait_until_it_records(folder: Path) -> None:
    """Wait until a film in `folder`, whatever its name until it is finished, has frames."""
    end = time.perf_counter() + 60
    while not any(path.stat().st_size > BEGUN_BYTES for path in folder.glob("*.mp4")):
        assert time.perf_counter() < end, "nothing is recorded"
        time.sleep(0.05)
