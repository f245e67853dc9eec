"""Hears that Windows logs off, shuts down or restarts, by a window that nobody sees.

A console handler is told of that only in programs that load neither user32 nor gdi32, and this one
loads both: Windows then takes it for a program with windows, and asks its windows. Programs that
have neither a console nor a window are ended without a word.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Final

WINDOW: Final = "vcam session end"
"""The name of the window and of its class; an installer of another make can find us by it."""
START_S: Final = 3.0
"""How long the window may take to be there."""

if sys.platform == "win32":
    import ctypes
    import logging
    import threading
    from ctypes import wintypes
    from typing import Any

    log = logging.getLogger(__name__)

    _CLOSE, _DESTROY, _QUERY_END_SESSION, _END_SESSION = 0x10, 0x02, 0x11, 0x16
    _PROCEDURE: Final = ctypes.WINFUNCTYPE(
        ctypes.c_ssize_t, wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM
    )

    class _WindowClass(ctypes.Structure):
        """WNDCLASSW."""

        _fields_ = (
            ("style", wintypes.UINT),
            ("procedure", _PROCEDURE),
            ("class_extra", ctypes.c_int),
            ("window_extra", ctypes.c_int),
            ("instance", wintypes.HINSTANCE),
            ("icon", wintypes.HANDLE),
            ("cursor", wintypes.HANDLE),
            ("background", wintypes.HANDLE),
            ("menu", wintypes.LPCWSTR),
            ("name", wintypes.LPCWSTR),
        )

    class _Window:
        """The window and its thread: messages come to the thread that made it."""

        def __init__(self, ends: Callable[[], object]) -> None:
            """Make it, and wait until it is there."""
            self._ends = ends
            self._handle: int | None = None
            self._ready = threading.Event()
            self.ending = False
            self._thread = threading.Thread(target=self._run, name="session end", daemon=True)
            self._thread.start()
            if not self._ready.wait(START_S) or self._handle is None:
                log.warning("Windows does not tell this program when the session ends")

        def close(self) -> None:
            """Take it away."""
            if self._handle is not None and not self.ending:
                _user().PostMessageW(self._handle, _CLOSE, 0, 0)
                self._thread.join(START_S)

        def _run(self) -> None:
            user = _user()
            procedure = _PROCEDURE(self._hear)  # kept here for as long as the window lives
            instance = _module()
            kind = _WindowClass(procedure=procedure, instance=instance, name=WINDOW)
            user.RegisterClassW(ctypes.byref(kind))
            # One at the top: windows for messages alone are not asked when a session ends.
            self._handle = user.CreateWindowExW(
                0, WINDOW, WINDOW, 0, 0, 0, 0, 0, None, None, instance, None
            )
            self._ready.set()
            if self._handle is None:
                return
            message = wintypes.MSG()
            while user.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
                user.DispatchMessageW(ctypes.byref(message))
            user.UnregisterClassW(WINDOW, instance)

        def _hear(self, window: int, message: int, first: int, second: int) -> int:
            if message == _QUERY_END_SESSION:
                return 1  # nothing of ours is worth holding up a person who wants to go
            if message == _END_SESSION:
                if first:  # otherwise another program held it up
                    self.ending = True
                    self._ends()  # Windows ends us when this returns
                return 0
            if message == _DESTROY:
                _user().PostQuitMessage(0)
                return 0
            return int(_user().DefWindowProcW(window, message, first, second))

    def _user() -> Any:
        """Return user32 with the types that pointers need; a library of our own, not the shared."""
        user = ctypes.WinDLL("user32")
        user.CreateWindowExW.restype = wintypes.HWND
        user.CreateWindowExW.argtypes = [
            wintypes.DWORD, wintypes.LPCWSTR, wintypes.LPCWSTR, wintypes.DWORD,
            ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int,
            wintypes.HWND, wintypes.HMENU, wintypes.HINSTANCE, wintypes.LPVOID,
        ]  # fmt: skip
        for function in (user.DefWindowProcW, user.PostMessageW):
            function.argtypes = [wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM]
        user.DefWindowProcW.restype = ctypes.c_ssize_t
        user.UnregisterClassW.argtypes = [wintypes.LPCWSTR, wintypes.HINSTANCE]
        user.GetMessageW.argtypes = [
            ctypes.POINTER(wintypes.MSG), wintypes.HWND, wintypes.UINT, wintypes.UINT
        ]  # fmt: skip
        user.DispatchMessageW.argtypes = [ctypes.POINTER(wintypes.MSG)]
        return user

    def _module() -> int | None:
        kernel = ctypes.WinDLL("kernel32")
        kernel.GetModuleHandleW.restype = wintypes.HMODULE
        kernel.GetModuleHandleW.argtypes = [wintypes.LPCWSTR]
        handle: int | None = kernel.GetModuleHandleW(None)
        return handle


@contextlib.contextmanager
def session_end(ends: Callable[[], object]) -> Iterator[None]:
    """Inside the block, call `ends` when Windows ends the session, on a thread of its own.

    Windows ends the program as soon as `ends` returns. Nothing is done on other systems, where a
    signal comes.
    """
    if sys.platform == "win32":
        window = _Window(ends)
        try:
            yield
        finally:
            window.close()
    else:
        yield
