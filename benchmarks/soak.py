"""Break the program at random for half an hour, and count what a call would have noticed.

`python -m benchmarks.soak [--minutes 30] [--seed 0]` runs the whole program around parts that break
on command (see `rig`), with a recording on the side. It prints one JSON object and ends with 1 when
the picture stopped for more than 200 ms (beyond what the machine itself slept), was torn or went
back, when it did not recover, or when memory, file descriptors or threads have grown.
"""

import argparse
import json
import logging
import os
import random
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

from tests.rigs.machine import feed, metronome, starve
from tests.rigs.program import BOUND, Stage, staged

GAP_S, GROWTH_MIB = 0.2, 10.0
FAULTS = [
    *(("camera", mode) for mode in ("gone", "frozen", "rubbish", "empty", "small", "half")),
    *(("models", mode) for mode in ("raises", "hangs", "nan", "nan boxes", "crowd")),
    ("settings", "nonsense"),
    ("clock", "jumps"),
    ("memory", "short"),
]


@dataclass
class Tally:
    """What the consumer noticed over the whole run."""

    faults: dict[str, int] = field(default_factory=dict)
    live: int = 0
    cards: int = 0
    torn: int = 0
    backwards: int = 0
    longest_gap_s: float = 0.0
    gaps_too_long: int = 0
    not_recovered: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether a call would have noticed nothing."""
        return not (self.torn or self.backwards or self.gaps_too_long or self.not_recovered)


def footprint() -> dict[str, float]:
    """Return memory in MiB, open file descriptors and threads of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "memory_mib": round(pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20), 1),
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "threads": threading.active_count(),
    }


def inject(stage: Stage, settings: Path, part: str, mode: str) -> None:
    """Break one part."""
    if part == "settings":
        settings.write_bytes(os.urandom(300))
    elif part == "clock":
        stage.camera.jump = random.uniform(-5000, 5000)
    elif part == "memory":
        starve()
    else:
        getattr(stage, part).mode = mode


def repair(stage: Stage, settings: Path) -> None:
    """Make everything good again; the clock stays where it jumped to."""
    feed()
    stage.camera.mode = stage.models.mode = "good"
    if settings.read_bytes() != BOUND.encode():
        settings.write_text(BOUND)


def one_fault(stage: Stage, settings: Path, tally: Tally) -> None:
    """Break, wait, fix, and see whether it recovers."""
    part, mode = random.choice(FAULTS)
    name = f"{part}: {mode}"
    tally.faults[name] = tally.faults.get(name, 0) + 1
    stage.consumer.take()
    with metronome() as overslept:
        inject(stage, settings, part, mode)
        time.sleep(random.uniform(0.2, 6))
        repair(stage, settings)
        seen = stage.consumer.take()
        machine = overslept()
    tally.live, tally.cards = tally.live + seen.live, tally.cards + seen.other
    tally.torn, tally.backwards = tally.torn + seen.torn, tally.backwards + seen.backwards
    gap = max(seen.gaps, default=99.0)
    tally.longest_gap_s = round(max(tally.longest_gap_s, gap), 3)
    tally.gaps_too_long += gap > GAP_S + machine
    if not stage.healthy():
        tally.not_recovered.append(name)


def soak(minutes: float) -> bool:
    """Run; print the outcome and return whether it is a good one."""
    tally = Tally()
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        staged(patch, Path(folder), str(Path(folder) / "film.mp4")) as stage,
    ):
        settings, end = Path(folder) / "settings.toml", time.perf_counter() + 60 * minutes
        settled, before = time.perf_counter() + min(60, 20 * minutes), footprint()
        while time.perf_counter() < end:
            one_fault(stage, settings, tally)
            if time.perf_counter() < settled:
                before = footprint()
        stage.healthy()
        after = footprint()
    grew = {name: round(after[name] - before[name], 1) for name in before}
    small = grew["memory_mib"] <= GROWTH_MIB and grew["descriptors"] <= 0 and grew["threads"] <= 0
    print(json.dumps({**asdict(tally), "early": before, "late": after, "grew": grew}, indent=1))
    return tally.clean and small


def main() -> int:
    """Run for as long as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)  # the faults are reported at length
    random.seed(args.seed)
    return 0 if soak(args.minutes) else 1


if __name__ == "__main__":
    sys.exit(main())
