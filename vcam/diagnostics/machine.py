"""What this machine is like, as far as no single room knows: Python, speed, disk."""

import os
import shutil
import sys
import time
from pathlib import Path
from typing import Final

from vcam.core.check_result import CheckResult
from vcam.core.texts import _
from vcam.system.child_process import is_frozen

OLDEST_PYTHON: Final = (3, 11)
SLOW_GFLOPS: Final = 10.0
"""A guess, for single precision: current laptops reach 50 and more, early netbooks 5."""
LITTLE_DISK: Final = 500_000_000
"""Bytes; about twenty minutes of recorded video."""


def check_python() -> CheckResult:
    """Look at the version of Python."""
    text = _("{version} inside {program}") if is_frozen() else _("{version} at {program}")
    text = text.format(version=sys.version.split()[0], program=sys.executable)
    if sys.version_info < OLDEST_PYTHON:
        return CheckResult("python", "fail", text, _("install Python 3.11 or newer"))
    return CheckResult("python", "ok", text)


def check_cpu() -> CheckResult:
    """Count cores and time a small piece of arithmetic for about a tenth of a second."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    speed = _gflops()
    text = _("{cores} cores, about {speed:.0f} GFLOPS on one of them").format(
        cores=cores, speed=speed
    )
    if speed < SLOW_GFLOPS or cores == 1:
        return CheckResult(
            "cpu",
            "warn",
            _("{text}: slow").format(text=text),
            _("set a lower rate_hz under [recognition]"),
        )
    return CheckResult("cpu", "ok", text)


def _gflops(side: int = 64, seconds: float = 0.1) -> float:
    """Return the best speed of one core; larger matrices would be spread over all of them."""
    import numpy as np

    matrix = np.ones((side, side), np.float32)
    out = np.empty_like(matrix)
    best = float("inf")
    end = time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        np.matmul(matrix, matrix, out=out)
        best = min(best, time.perf_counter() - start)
    return 2 * side**3 / best / 1e9


def check_disk(folder: Path) -> CheckResult:
    """Look at the space for videos that are written in `folder`."""
    free = shutil.disk_usage(folder).free
    text = _("{free:.1f} GB free in {folder}").format(free=free / 1000000000.0, folder=folder)
    if free < LITTLE_DISK:
        return CheckResult("disk", "warn", text, _("free some space before recording to a file"))
    return CheckResult("disk", "ok", text)
