"""Keymaps as libxkbcommon reads them; every Wayland desktop has that library."""

import ctypes
from ctypes import POINTER, byref, c_char_p, c_int, c_uint32, c_void_p
from functools import cache
from pathlib import Path
from typing import Any, Final

from vcam.actions.keyboard.keymap import Keymap
from vcam.core.texts import _
from vcam.errors import ActionError

_TEXT_V1: Final = 1
_DEBIAN: Final = Path("/etc/default/keyboard")
_SETTINGS: Final = ("RULES", "MODEL", "LAYOUT", "VARIANT", "OPTIONS")


class _Names(ctypes.Structure):
    """`struct xkb_rule_names`."""

    _fields_ = tuple((name.lower(), c_char_p) for name in _SETTINGS)


def compile_keymap(text: bytes) -> Keymap:
    """Return the keymap that a compositor describes; raises `ActionError`."""
    library = _library()
    context = c_void_p(library.xkb_context_new(0))
    try:
        made = library.xkb_keymap_new_from_string(context, text, _TEXT_V1, 0)
        return _read(library, made)
    finally:
        library.xkb_context_unref(context)


def default_keymap() -> Keymap:
    """Return the keymap of the system's settings: XKB_DEFAULT_LAYOUT, or Debian's file."""
    library = _library()
    context = c_void_p(library.xkb_context_new(0))
    try:
        made = library.xkb_keymap_new_from_names(context, byref(_names()), 0)
        return _read(library, made)
    finally:
        library.xkb_context_unref(context)


def _names() -> _Names:
    """Return what Debian's file says; where it is silent, the library asks XKB_DEFAULT_*."""
    import os

    found: dict[str, bytes] = {}
    try:
        lines = _DEBIAN.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    for line in lines:
        name, _equals, value = line.strip().partition("=")
        name = name.removeprefix("XKB")
        if name in _SETTINGS and "XKB_DEFAULT_LAYOUT" not in os.environ:
            found[name.lower()] = value.strip("\"'").encode()
    return _Names(**found)


def _read(library: Any, made: int | None) -> Keymap:
    if not made:
        raise ActionError(_("the keyboard layout of this desktop cannot be read"))
    keymap = c_void_p(made)
    try:
        codes = range(
            library.xkb_keymap_min_keycode(keymap), library.xkb_keymap_max_keycode(keymap) + 1
        )
        keys = {code: _layouts(library, keymap, code) for code in codes}
        layouts = library.xkb_keymap_num_layouts(keymap)
        return Keymap(keys, active=0 if layouts == 1 else None)
    finally:
        library.xkb_keymap_unref(keymap)


def _layouts(library: Any, keymap: c_void_p, code: int) -> list[list[int]]:
    layouts = range(library.xkb_keymap_num_layouts_for_key(keymap, code))
    return [
        [
            _symbol(library, keymap, code, layout, level)
            for level in range(library.xkb_keymap_num_levels_for_key(keymap, code, layout))
        ]
        for layout in layouts
    ]


def _symbol(library: Any, keymap: c_void_p, code: int, layout: int, level: int) -> int:
    """Return what a key types, 0 for nothing or for more than one symbol at once."""
    symbols = POINTER(c_uint32)()
    count = library.xkb_keymap_key_get_syms_by_level(keymap, code, layout, level, byref(symbols))
    return int(symbols[0]) if count == 1 else 0


@cache
def _library() -> Any:
    try:
        library = ctypes.CDLL("libxkbcommon.so.0")
    except OSError:
        raise ActionError(
            _(
                "the keyboard layout is not known without libxkbcommon: sudo apt install "
                "libxkbcommon0"
            )
        ) from None
    for name in ("context_new", "keymap_new_from_string", "keymap_new_from_names"):
        getattr(library, f"xkb_{name}").restype = c_void_p
    library.xkb_keymap_new_from_string.argtypes = [c_void_p, c_char_p, c_int, c_int]
    library.xkb_keymap_new_from_names.argtypes = [c_void_p, c_void_p, c_int]
    return library
