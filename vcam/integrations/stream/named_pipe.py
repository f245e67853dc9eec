"""The stream at a named pipe of Windows, which only the person's own programs can open."""

import sys

from vcam.core.texts import _, marked

if sys.platform == "win32":
    import _winapi
    import contextlib
    import ctypes
    import threading
    from collections.abc import Iterator
    from ctypes import wintypes
    from multiprocessing.connection import PipeConnection
    from typing import Any, Final

    from vcam.errors import ActionError
    from vcam.integrations.stream.clients import MAX_LINE, Clients

    PIPE: Final = r"\\.\pipe\vcam-events-"
    """With the person's name behind it: one for each who is logged in."""
    POLL_S: Final = 0.5
    TAKEN: Final = marked("another run serves the stream already, so this one does not")
    _FIRST: Final = _winapi.FILE_FLAG_FIRST_PIPE_INSTANCE
    _NOT_FROM_ELSEWHERE: Final = 0x8
    """PIPE_REJECT_REMOTE_CLIENTS."""
    _BUFFER: Final = 8192
    _TOKEN_QUERY, _TOKEN_USER, _SDDL_1 = 0x8, 1, 1

    class _SecurityAttributes(ctypes.Structure):
        _fields_ = (
            ("length", wintypes.DWORD),
            ("descriptor", ctypes.c_void_p),
            ("inherit", wintypes.BOOL),
        )

    class PipeLine:
        """One program at the pipe."""

        def __init__(self, handle: int) -> None:
            self._pipe = PipeConnection(handle)

        def send(self, content: bytes) -> None:
            """Send it whole."""
            self._pipe.send_bytes(content)

        def lines(self) -> Iterator[bytes]:
            """Yield what the program says; it may write several lines at once, or one in parts."""
            waiting = b""
            while True:
                try:
                    waiting += self._pipe.recv_bytes()
                except EOFError:
                    return
                *whole, waiting = waiting.split(b"\n")
                yield from (line[:MAX_LINE] for line in whole)
                if len(waiting) >= MAX_LINE:
                    yield waiting
                    waiting = b""

        def hang_up(self) -> None:
            """Close it: what waits for it ends."""
            self.close()

        def close(self) -> None:
            """Close it."""
            with contextlib.suppress(OSError):
                self._pipe.close()

    class NamedPipe:
        """Waits for programs at the pipe until it is closed."""

        def __init__(self, name: str, clients: Clients) -> None:
            """Listen at `PIPE` and `name`; raises `ActionError` when another run does so."""
            self.path = PIPE + name
            self._clients = clients
            self._closed = threading.Event()
            self._security = _for_this_person_alone()
            if self._is_served():
                raise ActionError(_(TAKEN))
            try:
                handle = self._new_end(_FIRST)
            except OSError as error:
                raise ActionError(
                    _("{taken} ({error})").format(taken=_(TAKEN), error=error)
                ) from None
            self._thread = threading.Thread(
                target=self._accept, args=(handle,), name="stream", daemon=True
            )
            self._thread.start()

        def close(self) -> None:
            """Listen no more."""
            self._closed.set()
            self._thread.join(2 * POLL_S)

        def _is_served(self) -> bool:
            """Return whether somebody has that pipe already, without going in."""
            try:
                _winapi.WaitNamedPipe(self.path, 1)
            except FileNotFoundError:
                return False
            except OSError:  # all its ends are taken
                return True
            return True

        def _new_end(self, first: int = 0) -> int:
            return _winapi.CreateNamedPipe(
                self.path,
                _winapi.PIPE_ACCESS_DUPLEX | _winapi.FILE_FLAG_OVERLAPPED | first,
                _winapi.PIPE_TYPE_MESSAGE
                | _winapi.PIPE_READMODE_MESSAGE
                | _winapi.PIPE_WAIT
                | _NOT_FROM_ELSEWHERE,
                _winapi.PIPE_UNLIMITED_INSTANCES,
                _BUFFER,
                _BUFFER,
                _winapi.NMPWAIT_WAIT_FOREVER,
                ctypes.addressof(self._security),
            )

        def _accept(self, handle: int) -> None:
            while not self._closed.is_set():
                try:
                    if self._connected(handle):
                        self._clients.take(PipeLine(handle))
                        handle = self._new_end_in_time()
                        self._clients.cannot_take(None)
                except OSError as error:  # the end is of no use; another one may be
                    self._clients.cannot_take(error)
                    with contextlib.suppress(OSError):
                        _winapi.CloseHandle(handle)
                    handle = self._new_end_in_time()
            with contextlib.suppress(OSError):
                _winapi.CloseHandle(handle)

        def _new_end_in_time(self) -> int:
            """Return a new end, as soon as Windows gives one, or 0 when the pipe is closed."""
            while not self._closed.is_set():
                try:
                    return self._new_end()
                except OSError as error:
                    self._clients.cannot_take(error)
                    self._closed.wait(POLL_S)
            return 0

        def _connected(self, handle: int) -> bool:
            """Wait for a program; return False at the end. Raises OSError."""
            try:
                waiting = _winapi.ConnectNamedPipe(handle, overlapped=True)
            except OSError as error:
                # Whoever has come and gone again leaves an end that can be read to its end.
                if error.winerror == _winapi.ERROR_NO_DATA:
                    return True
                raise
            came, milliseconds = _winapi.WAIT_OBJECT_0, int(POLL_S * 1000)
            while not self._closed.is_set():
                if _winapi.WaitForSingleObject(waiting.event, milliseconds) == came:
                    waiting.GetOverlappedResult(True)
                    return True
            waiting.cancel()
            return False

    def _for_this_person_alone() -> _SecurityAttributes:
        """Return who may open it: whoever this program runs as, and not everybody, as is usual."""
        api: Any = ctypes.WinDLL("advapi32", use_last_error=True)
        descriptor = ctypes.c_void_p()
        words = f"D:P(A;;GA;;;{_own_sid(api)})"
        made = api.ConvertStringSecurityDescriptorToSecurityDescriptorW(
            words, _SDDL_1, ctypes.byref(descriptor), None
        )
        if not made:
            raise ActionError(
                _("Windows does not say who may open the stream, so it is not served")
            )
        size = ctypes.sizeof(_SecurityAttributes)
        return _SecurityAttributes(size, descriptor.value, False)

    def _own_sid(api: Any) -> str:
        """Return the number that Windows knows this person by."""
        token, needed, text = wintypes.HANDLE(), wintypes.DWORD(), wintypes.LPWSTR()
        kernel: Any = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        api.OpenProcessToken.argtypes = [
            wintypes.HANDLE,
            wintypes.DWORD,
            ctypes.POINTER(wintypes.HANDLE),
        ]
        api.OpenProcessToken(kernel.GetCurrentProcess(), _TOKEN_QUERY, ctypes.byref(token))
        api.GetTokenInformation(token, _TOKEN_USER, None, 0, ctypes.byref(needed))
        found = ctypes.create_string_buffer(needed.value)
        got = api.GetTokenInformation(token, _TOKEN_USER, found, needed, ctypes.byref(needed))
        _winapi.CloseHandle(int(token.value or 0))
        sid = ctypes.cast(found, ctypes.POINTER(ctypes.c_void_p))[0] if got else None
        if not got or not api.ConvertSidToStringSidW(ctypes.c_void_p(sid), ctypes.byref(text)):
            raise ActionError(_("Windows does not say who this is, so the stream is not served"))
        return str(text.value)
