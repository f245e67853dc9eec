"""Windows that get no keys from us.

Windows drops the keys that a program sends to a window of higher integrity, such as that of a
program that runs as administrator, and reports no error (User Interface Privilege Isolation).
"""

import contextlib
import ctypes
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from vcam.errors import ActionError

_QUERY_PROCESS: Final = 0x1000
_QUERY_TOKEN: Final = 0x0008
_INTEGRITY_LEVEL: Final = 25
_HIGH: Final = 0x3000
"""The integrity of an administrator's program; an ordinary one has 0x2000."""
_ACCESS_DENIED: Final = 5
_CURRENT_PROCESS: Final = -1
_SID_BYTES: Final = 256


def keys_reach_foreground() -> bool:
    """Say whether the window in front gets the keys that we send; True where nobody can tell."""
    if sys.platform != "win32":
        return True
    user = ctypes.WinDLL("user32")
    user.GetForegroundWindow.restype = ctypes.c_void_p
    window = user.GetForegroundWindow()
    if not window:
        return True
    number = ctypes.c_ulong()
    user.GetWindowThreadProcessId(ctypes.c_void_p(window), ctypes.byref(number))
    ours, theirs = _integrity(None), _integrity(number.value)
    return ours is None or theirs is None or theirs <= ours


def when_keys_reach(do: Callable[[], None], every_s: float = 0.1) -> threading.Thread:
    """Do it on a thread of its own as soon as the window in front gets our keys."""

    def wait() -> None:
        while not keys_reach_foreground():
            time.sleep(every_s)
        with contextlib.suppress(ActionError):
            do()

    thread = threading.Thread(target=wait, name="late release", daemon=True)
    thread.start()
    return thread


def _integrity(process_id: int | None) -> int | None:
    """Return a process's integrity level, ours for None; None when Windows does not tell."""
    if sys.platform != "win32":
        return None
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.OpenProcess.restype = ctypes.c_void_p
    if process_id is None:
        return _level_of(kernel, ctypes.c_void_p(_CURRENT_PROCESS))
    process = kernel.OpenProcess(_QUERY_PROCESS, False, process_id)
    if not process:
        return None
    try:
        return _level_of(kernel, ctypes.c_void_p(process))
    finally:
        kernel.CloseHandle(ctypes.c_void_p(process))


def _level_of(kernel: Any, process: ctypes.c_void_p) -> int | None:
    if sys.platform != "win32":
        return None
    advapi = ctypes.WinDLL("advapi32", use_last_error=True)
    advapi.GetSidSubAuthorityCount.restype = ctypes.POINTER(ctypes.c_ubyte)
    advapi.GetSidSubAuthority.restype = ctypes.POINTER(ctypes.c_ulong)
    token = ctypes.c_void_p()
    if not advapi.OpenProcessToken(process, _QUERY_TOKEN, ctypes.byref(token)):
        # An administrator's program keeps its token from everybody below it.
        return _HIGH if ctypes.get_last_error() == _ACCESS_DENIED else None
    try:
        label, size = ctypes.create_string_buffer(_SID_BYTES), ctypes.c_ulong()
        if not advapi.GetTokenInformation(
            token, _INTEGRITY_LEVEL, label, _SID_BYTES, ctypes.byref(size)
        ):
            return None
        sid = ctypes.cast(label, ctypes.POINTER(ctypes.c_void_p))[0]  # TOKEN_MANDATORY_LABEL
        last = advapi.GetSidSubAuthorityCount(ctypes.c_void_p(sid))[0] - 1
        return int(advapi.GetSidSubAuthority(ctypes.c_void_p(sid), last)[0])
    finally:
        kernel.CloseHandle(token)
