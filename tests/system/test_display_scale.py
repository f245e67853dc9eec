"""Scaled displays of Windows: what knows of them is not stretched."""

import subprocess
import sys

import pytest

from vcam.system.display_scale import declare_dpi_awareness

AWARENESS = """
import ctypes, sys
from vcam.system.display_scale import declare_dpi_awareness
user = ctypes.WinDLL("user32")
user.GetThreadDpiAwarenessContext.restype = ctypes.c_void_p

def awareness():
    context = ctypes.c_void_p(user.GetThreadDpiAwarenessContext())
    return user.GetAwarenessFromDpiAwarenessContext(context)

if "declare" in sys.argv:
    scale = declare_dpi_awareness()
    assert scale == user.GetDpiForSystem() / 96, scale
print(awareness())
"""
UNAWARE, PER_MONITOR = "0", "2"


def test_nothing_is_scaled_elsewhere() -> None:
    """Qt and macOS draw things as large as they are to be."""
    if sys.platform != "win32":
        assert declare_dpi_awareness() == 1.0


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows stretches windows")
@pytest.mark.parametrize(("words", "level"), [([], UNAWARE), (["declare"], PER_MONITOR)])
def test_windows_does_not_stretch_what_is_declared(words: list[str], level: str) -> None:
    """A process is unaware of scaled displays until it says so, once and for all."""
    done = subprocess.run(
        [sys.executable, "-c", AWARENESS, *words], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == (level, "")
