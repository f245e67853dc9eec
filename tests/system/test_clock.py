"""The clock that paces video."""

import time
from itertools import pairwise

from vcam.system.clock import SystemClock


def test_the_clock_tells_milliseconds_apart() -> None:
    """Waiting about a millisecond always moves the clock, by no more than a slow machine needs."""
    clock = SystemClock()
    times = [clock.now()]
    for _ in range(50):
        time.sleep(0.001)
        times.append(clock.now())
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) > 0
    assert sorted(gaps)[len(gaps) // 2] < 0.01


def test_a_paced_second_is_a_second() -> None:
    """Sleeping by the clock takes what was asked for, and nothing when it is asked for nothing."""
    clock = SystemClock()
    began = clock.now()
    clock.sleep(-1.0)
    clock.sleep(0.05)
    assert 0.04 < clock.now() - began < 1.0
