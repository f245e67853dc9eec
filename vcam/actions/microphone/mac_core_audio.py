"""The mute of macOS's default input device, by Core Audio's C functions.

Names and numbers are those of Apple's AudioHardware.h and AudioHardwareBase.h.
"""

import ctypes
import ctypes.util
from typing import Any, Final

from vcam.core.texts import _
from vcam.errors import ActionError

_SYSTEM_OBJECT: Final = 1
_MAIN_ELEMENT: Final = 0
_NO_DEVICE: Final = 0


def _four_letters(code: str) -> int:
    """Return Apple's code of four letters as the number that it stands for."""
    return int.from_bytes(code.encode("ascii"), "big")


DEFAULT_INPUT_DEVICE: Final = _four_letters("dIn ")
MUTE: Final = _four_letters("mute")
SCOPE_GLOBAL: Final = _four_letters("glob")
SCOPE_INPUT: Final = _four_letters("inpt")


class Address(ctypes.Structure):
    """`AudioObjectPropertyAddress`."""

    _fields_ = (
        ("selector", ctypes.c_uint32),
        ("scope", ctypes.c_uint32),
        ("element", ctypes.c_uint32),
    )


class InputDevice:
    """One input device, by its `AudioObjectID`."""

    def __init__(self, library: Any, number: int) -> None:
        self._library, self._number = library, ctypes.c_uint32(number)
        self._mute = Address(MUTE, SCOPE_INPUT, _MAIN_ELEMENT)

    def has_mute(self) -> bool:
        """Say whether the device has a mute that we may set."""
        address, settable = ctypes.byref(self._mute), ctypes.c_ubyte()
        if not self._library.AudioObjectHasProperty(self._number, address):
            return False
        failed = self._library.AudioObjectIsPropertySettable(
            self._number, address, ctypes.byref(settable)
        )
        return not failed and bool(settable.value)

    def muted(self) -> bool:
        """Tell whether it is muted; raises `ActionError` when the device is gone."""
        return bool(_read(self._library, self._number, self._mute))

    def set_muted(self, muted: bool) -> None:
        """Mute or unmute it; raises `ActionError` when it refuses."""
        value = ctypes.c_uint32(muted)
        status = self._library.AudioObjectSetPropertyData(
            self._number,
            ctypes.byref(self._mute),
            ctypes.c_uint32(0),
            None,
            ctypes.c_uint32(ctypes.sizeof(value)),
            ctypes.byref(value),
        )
        _check(status)


def default_input(library: Any = None) -> InputDevice | None:
    """Return the default input device; None when there is none or Core Audio cannot be loaded."""
    audio = library or _load()
    if audio is None:
        return None
    address = Address(DEFAULT_INPUT_DEVICE, SCOPE_GLOBAL, _MAIN_ELEMENT)
    number = _read(audio, ctypes.c_uint32(_SYSTEM_OBJECT), address)
    return None if number == _NO_DEVICE else InputDevice(audio, number)


def _read(library: Any, number: ctypes.c_uint32, address: Address) -> int:
    """Return a property of 32 bits."""
    value, size = ctypes.c_uint32(), ctypes.c_uint32(4)
    status = library.AudioObjectGetPropertyData(
        number,
        ctypes.byref(address),
        ctypes.c_uint32(0),
        None,
        ctypes.byref(size),
        ctypes.byref(value),
    )
    _check(status)
    return value.value


def _check(status: int) -> None:
    """Raise `ActionError` for an `OSStatus` other than 0."""
    if status:
        raise ActionError(
            _("macOS does not let the microphone be muted (error {status})").format(status=status)
        )


def _load() -> Any:
    found = ctypes.util.find_library("CoreAudio")
    if found is None:
        return None
    library = ctypes.CDLL(found)
    library.AudioObjectHasProperty.restype = ctypes.c_ubyte
    return library
