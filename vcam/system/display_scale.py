"""How large Windows draws things, told to a process that draws windows or menus of its own.

A process that does not say that it knows of scaled displays is given a small picture of the screen,
which Windows stretches: everything in it is blurred.
"""

import ctypes
import sys
from typing import Any, Final

_PER_MONITOR_V2: Final = -4
"""With title bars and menus drawn as large as the window; new in Windows 10, version 1703."""
_PER_MONITOR: Final = -3
_UNSCALED_DPI: Final = 96


def declare_dpi_awareness() -> float:
    """On Windows, draw in the screen's own pixels from now on; return how large things are drawn.

    2.0 is a display at 200 %. Elsewhere nothing is declared, and it is 1.0. To be called before
    the process has a window.
    """
    if sys.platform != "win32":
        return 1.0
    user: Any = ctypes.WinDLL("user32")
    try:
        for context in (_PER_MONITOR_V2, _PER_MONITOR):
            if user.SetProcessDpiAwarenessContext(ctypes.c_void_p(context)):
                break
        return int(user.GetDpiForSystem()) / _UNSCALED_DPI
    except AttributeError:  # before Windows 10
        user.SetProcessDPIAware()
        return 1.0
