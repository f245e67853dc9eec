"""Make up files for minutes: settings, model cards, models, annotations.

`python -m benchmarks.fuzz --minutes 10 [TARGET...]` gives each target that long, never twice the
same files. It prints how many were read, and ends with 1 and the smallest file that broke something
or took longer than `SLOW_S`.
"""

import argparse
import random
import sys
import time
import traceback
from datetime import timedelta

from hypothesis import HealthCheck, given, seed, settings

from tests.rigs.nonsense import TARGETS, Target
from tests.training.rigs.nonsense import ANNOTATIONS

ALL = {**TARGETS, **ANNOTATIONS}
BATCH = 2000
SLOW_S = 5.0
"""A file that takes this long hangs."""


def fuzz(target: Target, minutes: float) -> int:
    """Read made-up files until the time is over; return how many."""
    count, end = 0, time.perf_counter() + 60 * minutes

    def read(made_up: object) -> None:
        nonlocal count
        if time.perf_counter() < end:  # else the batch runs out
            count += 1
            target.read(made_up)

    long = settings(
        max_examples=BATCH,
        deadline=timedelta(seconds=SLOW_S),
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    while time.perf_counter() < end:
        seed(random.getrandbits(64))(long(given(target.made_up)(read)))()
    return count


def main() -> int:
    """Fuzz what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("targets", nargs="*", default=list(ALL), metavar="TARGET")
    args = parser.parse_args()
    broken = 0
    for name in args.targets:
        try:
            print(f"{name}: {fuzz(ALL[name], args.minutes)} read or refused", flush=True)
        except Exception:  # noqa: BLE001  # whatever it is, it was found
            traceback.print_exc()
            broken += 1
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
