"""The keymap of the keyboard that we plug into a Wayland compositor.

Every key has its place on an English keyboard, and types what `vcam.actions.chord` calls it,
whatever layout the desktop has: a program is handed the keymap of the keyboard that was pressed.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

from vcam.actions.chord import LETTERS
from vcam.actions.keyboard.keysyms import KEYSYMS
from vcam.actions.keyboard.places import EVDEV_CODES, EVDEV_TO_XKB

MODIFIER_MASKS: Final = {
    "shift": 1, "right_shift": 1,
    "ctrl": 4, "right_ctrl": 4,
    "alt": 8, "right_alt": 8,
    "cmd": 64, "right_cmd": 64,
}  # fmt: skip
"""The bits of Shift, Control, Mod1 and Mod4, which mean what the modifiers of a chord mean."""
_MASK_NAMES: Final = {1: "Shift", 4: "Control", 8: "Mod1", 64: "Mod4"}
_SHIFTED: Final = dict(zip("1234567890-=[]\\;',./`", '!@#$%^&*()_+{}|:"<>?~', strict=True))


@cache
def virtual_keymap() -> str:
    """Return the keymap as the compositor reads it (XKB's text format, version 1)."""
    codes = "".join(f"{_name(key)} = {code + EVDEV_TO_XKB};\n" for key, code in EVDEV_CODES.items())
    symbols = "".join(
        f"key {_name(key)} {{ [{', '.join(_types(key))}] }};\n" for key in EVDEV_CODES
    )
    modifiers = "".join(
        f"modifier_map {_MASK_NAMES[mask]} {{ {_name(key)} }};\n"
        for key, mask in MODIFIER_MASKS.items()
    )
    return (
        "xkb_keymap {\n"
        f'xkb_keycodes "vcam" {{\nminimum = 8;\nmaximum = 255;\n{codes}}};\n'
        'xkb_types "vcam" { include "complete" };\n'
        'xkb_compatibility "vcam" { include "complete" };\n'
        f'xkb_symbols "vcam" {{\nname[group1] = "vcam";\n{symbols}{modifiers}}};\n'
        "};\n"
    )


def _name(key: str) -> str:
    """Return a key's name in the keymap, of four letters at most."""
    return f"<K{EVDEV_CODES[key]}>"


def _types(key: str) -> Iterator[str]:
    """Yield what a key types alone and with Shift, by the numbers of X11's symbols."""
    yield hex(KEYSYMS[key][0])
    if key in LETTERS:
        yield hex(ord(key.upper()))
    elif key in _SHIFTED:
        yield hex(ord(_SHIFTED[key]))
