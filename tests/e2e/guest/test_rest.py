"""Nobody looks: the real camera is closed. Somebody does: the picture is back in a second."""

import os
import time
from pathlib import Path

import pytest

from tests.e2e.guest.feeder import NAME
from tests.e2e.guest.parts import PROMISED, calling, device_called, feeding, in_fast_guest
from tests.e2e.guest.readers import by_opencv
from vcam.system.v4l2 import find_holders

pytestmark = [in_fast_guest, pytest.mark.timeout(200)]
BACK_S = 2.5
"""1 s is our own bar; opening a camera takes its time on the one CPU of a guest."""


def _is_open(device: str, pid: int) -> bool:
    return any(holder.pid == pid for holder in find_holders(device))


def _comes(device: str, pid: int, *, is_open: bool, seconds: float) -> bool:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        if _is_open(device, pid) == is_open:
            return True
        time.sleep(0.2)
    return False


def test_the_camera_rests_and_is_back(tmp_path: Path) -> None:
    """After ten seconds alone the device is closed; a reader soon gets live frames."""
    with feeding(), calling(tmp_path) as program:
        real = device_called(NAME)
        assert _comes(real, program.pid, is_open=False, seconds=25)
        cpu = _cpu_s(program.pid)
        time.sleep(5)
        print(f"\nresting: {20 * (_cpu_s(program.pid) - cpu):.1f} % of one core")
        assert not _is_open(real, program.pid)
        first = None
        for observation in by_opencv(device_called(PROMISED), 600):
            first = first or observation.at_ms
            if (
                observation.stamp is not None
                and observation.at_ms - observation.age_ms >= first - 1000
            ):
                break
        late = observation.at_ms - (first or 0.0)
        print(f"back after {late:.0f} ms")
        assert late <= BACK_S * 1000
        assert _comes(real, program.pid, is_open=False, seconds=25)


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
