"""The foreground window of Windows, by calls of user32 and kernel32."""

import ctypes
import sys
from ctypes import byref, c_ulong, c_void_p, create_unicode_buffer
from pathlib import PureWindowsPath
from typing import Any, Final

from vcam.actions.window.focus import FocusedWindow
from vcam.core.texts import _
from vcam.errors import ActionError

_MAY_ASK_ITS_NAME: Final = 0x1000
"""PROCESS_QUERY_LIMITED_INFORMATION: granted for programs of other users too."""
_LONGEST_TITLE: Final = 1024
_LONGEST_PATH: Final = 32_768
"""Characters, with the end; programs may lie deeper than the old limit of 260."""


class WindowsDesktop:
    """Asks for the foreground window, its title and its program's file name."""

    def __init__(self) -> None:
        """Load the libraries; raises `ActionError` elsewhere than on Windows."""
        if sys.platform != "win32":  # for the type checker: windll exists on Windows alone
            raise ActionError(_("this is not Windows"))
        self._user: Any = ctypes.windll.user32
        self._kernel: Any = ctypes.windll.kernel32
        # Handles are as wide as pointers; ctypes believes in 32 bits unless it is told.
        self._user.GetForegroundWindow.restype = c_void_p
        self._kernel.OpenProcess.restype = c_void_p

    def focused(self) -> FocusedWindow:
        """Return the foreground window; there is none while windows change places."""
        handle = self._user.GetForegroundWindow()
        if not handle:
            raise ActionError(_("no window has the focus"))
        title = create_unicode_buffer(_LONGEST_TITLE)
        self._user.GetWindowTextW(c_void_p(handle), title, _LONGEST_TITLE)
        return FocusedWindow(self._program(handle), title.value)

    def close(self) -> None:
        """Nothing to give back."""

    def _program(self, window: int) -> tuple[str, ...]:
        """Return the program's name, such as `zoom`; nothing where Windows keeps it to itself."""
        number = c_ulong()
        self._user.GetWindowThreadProcessId(c_void_p(window), byref(number))
        process = self._kernel.OpenProcess(_MAY_ASK_ITS_NAME, False, number.value)
        if not process:
            return ()
        path, length = create_unicode_buffer(_LONGEST_PATH), c_ulong(_LONGEST_PATH)
        try:
            found = self._kernel.QueryFullProcessImageNameW(
                c_void_p(process), 0, path, byref(length)
            )
        finally:
            self._kernel.CloseHandle(c_void_p(process))
        return (PureWindowsPath(path.value).stem,) if found else ()
