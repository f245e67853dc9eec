"""The default microphone of Windows, through Core Audio's COM interface.

Interfaces and their method order are those of Microsoft's mmdeviceapi.h and endpointvolume.h.
"""

import contextlib
import ctypes
from ctypes import POINTER, byref, c_int, c_void_p
from typing import Any
from uuid import UUID

from vcam.errors import ActionError

_ENUMERATOR_CLASS = UUID("BCDE0395-E52F-467C-8E3D-C4579291692E")
_ENUMERATOR = UUID("A95664D2-9614-4F35-A746-DE8DB63617E6")
_ENDPOINT_VOLUME = UUID("5CDF2C82-841E-4546-9722-0CF74078229A")
_ALL_CONTEXTS = 23
_CAPTURE = 1
_COMMUNICATIONS = 2
# Places in the interfaces' method tables.
_RELEASE = 2
_ACTIVATE = 3
_GET_DEFAULT_ENDPOINT = 4
_SET_MUTE, _GET_MUTE = 14, 15


class WindowsMicrophone:
    """The default communications microphone."""

    def __init__(self) -> None:
        """Find it; raises `ActionError` when there is none."""
        self.muted()

    def muted(self) -> bool:
        """Tell whether it is mute."""
        state = c_int()
        self._with_volume(_GET_MUTE, byref(state))
        return bool(state.value)

    def set_muted(self, muted: bool) -> None:
        """Mute or unmute it."""
        self._with_volume(_SET_MUTE, c_int(muted), c_void_p())

    def _with_volume(self, place: int, *arguments: Any) -> None:
        """Call one method on the endpoint's volume; the device may change between two calls."""
        ole = ctypes.oledll.ole32  # type: ignore[attr-defined]  # Windows only
        with contextlib.suppress(OSError):  # this thread is initialised already
            ole.CoInitializeEx(None, 0)
        pointers: list[c_void_p] = []
        try:
            volume = _open_volume(ole, pointers)
            _call(volume, place, *arguments)
        except OSError as error:
            raise ActionError(
                f"Windows has no microphone to mute ({error}): choose one under Sound settings"
            ) from None
        finally:
            for pointer in reversed(pointers):
                _call(pointer, _RELEASE)


def _open_volume(ole: Any, pointers: list[c_void_p]) -> c_void_p:
    enumerator, device, volume = c_void_p(), c_void_p(), c_void_p()
    ole.CoCreateInstance(
        _guid(_ENUMERATOR_CLASS), None, _ALL_CONTEXTS, _guid(_ENUMERATOR), byref(enumerator)
    )
    pointers.append(enumerator)
    _call(
        enumerator,
        _GET_DEFAULT_ENDPOINT,
        c_int(_CAPTURE),
        c_int(_COMMUNICATIONS),
        byref(device),
    )
    pointers.append(device)
    _call(device, _ACTIVATE, _guid(_ENDPOINT_VOLUME), c_int(_ALL_CONTEXTS), None, byref(volume))
    pointers.append(volume)
    return volume


def _call(interface: c_void_p, place: int, *arguments: Any) -> None:
    """Call a method by its place in the table; raises OSError for a failing HRESULT."""
    table = ctypes.cast(interface, POINTER(POINTER(c_void_p))).contents
    prototype = ctypes.WINFUNCTYPE(ctypes.HRESULT, c_void_p)  # type: ignore[attr-defined]  # Windows only
    method = prototype(table[place])
    method.argtypes = None
    method(interface, *arguments)


def _guid(uuid: UUID) -> Any:
    return ctypes.create_string_buffer(uuid.bytes_le, 16)
