"""The camera's program is killed during a call, and starts again: the call continues throughout."""

import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.e2e.guest.parts import PROMISED, calling, device_called, feeding, in_fast_guest
from tests.e2e.guest.readers import Observation, by_opencv

pytestmark = [in_fast_guest, pytest.mark.timeout(200)]
WORST_GAP_MS = 500.0
"""200 ms is our own bar; a Python that starts beside us on the one CPU takes its share."""


def test_the_camera_goes_and_comes_back(tmp_path: Path) -> None:
    """While no frame comes the call gets a card without a pause, and then the camera again."""
    observations: list[Observation] = []
    done = threading.Event()

    def read() -> None:
        for observation in by_opencv(device_called(PROMISED), 100_000):
            observations.append(observation)
            if done.is_set():
                return

    with feeding() as first, calling(tmp_path):
        reader = threading.Thread(target=read)
        reader.start()
        time.sleep(4)
        first.kill()
        first.wait(10)
        time.sleep(3)
        card = len(observations)
        with feeding():
            time.sleep(12)
            done.set()
            reader.join(20)
    gaps = [after.at_ms - before.at_ms for before, after in pairwise(observations[30:])]
    print(f"\nlongest pause {max(gaps):.0f} ms over {len(observations)} pictures")
    assert max(gaps) <= WORST_GAP_MS
    assert all(observation.stamp is None for observation in observations[card - 15 : card])
    assert all(observation.stamp is not None for observation in observations[-30:])
