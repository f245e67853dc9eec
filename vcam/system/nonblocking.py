"""Pipes that refuse instead of waiting when nobody reads them."""

import os
import sys

_PIPE_NOWAIT = 0x1


def set_nonblocking(descriptor: int) -> None:
    """Let writes into a full pipe fail with OSError, or return None, at once. Raises OSError."""
    if sys.platform != "win32":
        os.set_blocking(descriptor, False)
        return
    # os.set_blocking came to Windows with Python 3.12; this is what it calls.
    import ctypes
    import msvcrt

    mode = ctypes.c_ulong(_PIPE_NOWAIT)
    handle = ctypes.c_void_p(msvcrt.get_osfhandle(descriptor))
    if not ctypes.windll.kernel32.SetNamedPipeHandleState(handle, ctypes.byref(mode), None, None):
        raise ctypes.WinError()
