"""The symbols that X11 and Wayland keymaps know our keys by, as X11's keysymdef.h numbers them."""

from typing import Final

from vcam.actions.chord import DIGITS, LETTERS, PUNCTUATION

_PRINTABLE: Final = {key: (ord(key),) for key in (*LETTERS, *DIGITS, *PUNCTUATION)}
"""Letters, digits and signs are numbered as in Latin-1."""
_FUNCTION: Final = {f"f{number}": (0xFFBE + number - 1,) for number in range(1, 25)}
_NUMPAD_DIGITS: Final = {f"numpad_{digit}": (0xFFB0 + digit,) for digit in range(10)}

KEYSYMS: Final[dict[str, tuple[int, ...]]] = {
    **_PRINTABLE,
    **_FUNCTION,
    **_NUMPAD_DIGITS,
    "ctrl": (0xFFE3,),
    "alt": (0xFFE9,),
    "shift": (0xFFE1,),
    "cmd": (0xFFEB,),
    "right_ctrl": (0xFFE4,),
    "right_alt": (0xFFEA, 0xFE03, 0xFF7E),  # Alt_R, AltGr, Mode_switch: one place, many names
    "right_shift": (0xFFE2,),
    "right_cmd": (0xFFEC,),
    "space": (0x20,),
    "enter": (0xFF0D,),
    "esc": (0xFF1B,),
    "tab": (0xFF09,),
    "backspace": (0xFF08,),
    "delete": (0xFFFF,),
    "insert": (0xFF63,),
    "home": (0xFF50,),
    "end": (0xFF57,),
    "page_up": (0xFF55,),
    "page_down": (0xFF56,),
    "left": (0xFF51,),
    "up": (0xFF52,),
    "right": (0xFF53,),
    "down": (0xFF54,),
    "numpad_plus": (0xFFAB,),
    "numpad_minus": (0xFFAD,),
    "numpad_multiply": (0xFFAA,),
    "numpad_divide": (0xFFAF,),
    "numpad_decimal": (0xFFAE, 0xFFAC),  # KP_Decimal, KP_Separator
    "numpad_enter": (0xFF8D,),
    "media_play_pause": (0x1008FF14,),
    "media_next": (0x1008FF17,),
    "media_previous": (0x1008FF16,),
    "media_volume_mute": (0x1008FF12,),
    "media_volume_up": (0x1008FF13,),
    "media_volume_down": (0x1008FF11,),
}
"""For each key of a chord but the mouse's buttons, the symbols that mean it, best first."""
