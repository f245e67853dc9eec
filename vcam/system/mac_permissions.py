"""What macOS lets this program do with keys, and the calls that make macOS ask the person.

Pressing keys needs *Accessibility*; hearing them needs *Input Monitoring*. Without them macOS
drops and withholds keys silently. Both are given to the terminal or app that starts this program,
and take effect when it is started again.
"""

import ctypes
import ctypes.util
from typing import Any, Final

_SERVICES: Final = "ApplicationServices"
PLACES: Final = "System Settings > Privacy & Security >"


def may_press_keys(*, ask: bool = False, library: Any = None) -> bool:
    """Say whether keys that we press arrive; `ask` lets macOS show its own question."""
    services = library or _load()
    if services is None:
        return False
    if not ask:
        services.AXIsProcessTrusted.restype = ctypes.c_bool
        return bool(services.AXIsProcessTrusted())
    trusted = services.AXIsProcessTrustedWithOptions
    trusted.argtypes, trusted.restype = [ctypes.c_void_p], ctypes.c_bool
    options = _prompt_options(services)
    try:
        return bool(trusted(options))
    finally:
        services.CFRelease(ctypes.c_void_p(options))


def may_hear_keys(*, ask: bool = False, library: Any = None) -> bool:
    """Say whether we hear keys that others get; `ask` lets macOS show its own question."""
    services = library or _load()
    if services is None:
        return False
    name = "CGRequestListenEventAccess" if ask else "CGPreflightListenEventAccess"
    try:
        function = getattr(services, name)
    except AttributeError:  # before macOS 10.15 there was no such permission
        return True
    function.restype = ctypes.c_bool
    return bool(function())


def _prompt_options(services: Any) -> int:
    """Return the dictionary {kAXTrustedCheckOptionPrompt: true}; the caller releases it."""
    key = ctypes.c_void_p.in_dll(services, "kAXTrustedCheckOptionPrompt")
    value = ctypes.c_void_p.in_dll(services, "kCFBooleanTrue")
    create = services.CFDictionaryCreate
    create.restype = ctypes.c_void_p
    create.argtypes = [ctypes.c_void_p] * 3 + [ctypes.c_long] + [ctypes.c_void_p] * 2
    made: int = create(None, ctypes.byref(key), ctypes.byref(value), 1, None, None)
    return made


def _load() -> Any:
    found = ctypes.util.find_library(_SERVICES)
    return None if found is None else ctypes.CDLL(found)
