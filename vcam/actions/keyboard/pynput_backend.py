"""Keys by pynput: X11, Windows and macOS. The only file that imports it.

Every key goes by its virtual key code. On X11 a character would go by XSendEvent, which reaches
the focused window but no global hotkey; a key code goes by XTEST and reaches both.
"""

import os
import sys
from typing import Any, Final

from vcam.actions.chord import DIGITS, LETTERS, Chord
from vcam.actions.keyboard.listener import Heard
from vcam.actions.window.elevation import keys_reach_foreground, when_keys_reach
from vcam.errors import ActionError

_X11_KEYSYMS: Final = {
    "-": 0x2D,
    "=": 0x3D,
    "[": 0x5B,
    "]": 0x5D,
    "\\": 0x5C,
    ";": 0x3B,
    "'": 0x27,
    ",": 0x2C,
    ".": 0x2E,
    "/": 0x2F,
    "`": 0x60,
}
_PLAIN_COLUMNS: Final = (0, 2)
"""Where X11's keymap lists what a key types by itself, in the first and in the second layout."""
_WINDOWS_CODES: Final = {
    "-": 0xBD,
    "=": 0xBB,
    "[": 0xDB,
    "]": 0xDD,
    "\\": 0xDC,
    ";": 0xBA,
    "'": 0xDE,
    ",": 0xBC,
    ".": 0xBE,
    "/": 0xBF,
    "`": 0xC0,
}
_MAC_CODES: Final = dict(
    zip(
        "asdfhgzxcv",
        range(10),
        strict=True,
    )
) | {
    "b": 11, "q": 12, "w": 13, "e": 14, "r": 15, "y": 16, "t": 17, "1": 18, "2": 19, "3": 20,
    "4": 21, "6": 22, "5": 23, "=": 24, "9": 25, "7": 26, "-": 27, "8": 28, "0": 29, "]": 30,
    "o": 31, "u": 32, "[": 33, "i": 34, "p": 35, "l": 37, "j": 38, "'": 39, "k": 40, ";": 41,
    "\\": 42, ",": 43, "/": 44, "n": 45, "m": 46, ".": 47, "`": 50,
}  # fmt: skip
"""Apple's kVK_ANSI codes: places on the keyboard, whatever is printed on them."""


class PynputKeyboard:
    """Presses keys with pynput's controller."""

    def __init__(self) -> None:
        """Connect; raises `ActionError` without a display, or without the right to press keys."""
        keyboard = _pynput()
        if sys.platform == "darwin" and not _trusted_on_mac():
            raise ActionError("this program has no Accessibility permission")
        self._keyboard = keyboard
        self._controller = keyboard.Controller()

    def check(self, key: str) -> None:
        """Raise `ActionError` when the keyboard has no such key."""
        self._code(key)

    def press(self, key: str) -> None:
        """Put the key down, unless Windows would keep it from the window in front."""
        if not keys_reach_foreground():
            raise ActionError(
                "the window in front runs as administrator, and Windows keeps our keys from it: "
                "start this program as administrator too, or that one without"
            )
        self._do(self._controller.press, key)

    def release(self, key: str) -> None:
        """Let the key up; once more when a window that gets no keys from us has gone."""
        self._do(self._controller.release, key)
        if not keys_reach_foreground():
            when_keys_reach(lambda: self._do(self._controller.release, key))

    def close(self) -> None:
        """Nothing to give back: the connection ends with the program."""

    def _do(self, work: Any, key: str) -> None:
        code = self._code(key)
        try:
            work(code)
        except Exception as error:  # X errors, OSError, pynput's own
            raise ActionError(f"the key {key!r} could not be sent ({error})") from error

    def _code(self, key: str) -> Any:
        """Return pynput's key; raises `ActionError` for one that cannot be pressed here."""
        code = self._printable(key) if len(key) == 1 else self._special(key)
        if code is None:
            raise ActionError(f"there is no key {key!r} on this system")
        if sys.platform == "linux":
            self._check_mapped(key, code)
        return code

    def _printable(self, key: str) -> Any:
        from_vk = self._keyboard.KeyCode.from_vk
        if sys.platform == "darwin":
            return from_vk(_MAC_CODES[key]) if key in _MAC_CODES else None
        if key in (*LETTERS, *DIGITS):
            return from_vk(ord(key.upper() if sys.platform == "win32" else key))
        table = _WINDOWS_CODES if sys.platform == "win32" else _X11_KEYSYMS
        return from_vk(table[key]) if key in table else None

    def _special(self, key: str) -> Any:
        named = getattr(self._keyboard.Key, key, None)
        if named is not None:
            return named
        if key.startswith("f") and key[1:].isdigit():
            return self._function_key(int(key[1:]))
        return None

    def _function_key(self, number: int) -> Any:
        """F13 and up, which pynput does not name everywhere."""
        if sys.platform == "win32":
            return self._keyboard.KeyCode.from_vk(0x70 + number - 1)
        if sys.platform == "linux":
            return self._keyboard.KeyCode.from_vk(0xFFBE + number - 1)
        return None

    def _check_mapped(self, key: str, code: Any) -> None:
        """X11 can only send keys of the keymap; pynput would hang on another, or press its base."""
        display = getattr(self._controller, "_display", None)
        value = getattr(code, "value", code)
        keysym = getattr(value, "vk", None)
        if display is None or not keysym:
            return
        try:
            keycode = display.keysym_to_keycode(keysym)
            plain = [display.keycode_to_keysym(keycode, column) for column in _PLAIN_COLUMNS]
        except Exception as error:
            raise ActionError(f"the X11 display does not answer ({error})") from error
        if not keycode:
            raise ActionError(f"the keyboard layout of this desktop has no key {key!r}")
        if key in _X11_KEYSYMS and keysym not in plain:
            raise ActionError(
                f"the keyboard layout of this desktop has {key!r} only with Shift or AltGr, "
                "which would press another key; use a letter or a function key"
            )


class PynputListener:
    """Hears with pynput's listener that keys go down, on a thread of pynput's."""

    def __init__(self, heard: Heard) -> None:
        """Begin to listen; raises `ActionError` without a display or the right to listen."""
        keyboard = _pynput()
        self._heard = heard
        self._hotkey = (
            keyboard.HotKey(keyboard.HotKey.parse(_as_pynput(heard.chord)), heard.pressed)
            if heard.chord
            else None
        )
        self._listener = keyboard.Listener(on_press=self._press, on_release=self._release)
        try:
            self._listener.start()
            self._listener.wait()
        except Exception as error:
            raise ActionError(f"keys cannot be listened to here ({error})") from error

    def close(self) -> None:
        """Stop listening."""
        self._listener.stop()

    def _press(self, key: Any) -> None:
        self._heard.typed()
        if self._hotkey:
            self._hotkey.press(self._listener.canonical(key))

    def _release(self, key: Any) -> None:
        if self._hotkey:
            self._hotkey.release(self._listener.canonical(key))


def _as_pynput(chord: Chord) -> str:
    """Return a chord as pynput writes it: `<ctrl>+<alt>+p`."""
    return "+".join(key if len(key) == 1 else f"<{key}>" for key in chord.keys)


def _pynput() -> Any:
    """Return pynput's keyboard module; raises `ActionError` where it does not start."""
    try:
        from pynput import keyboard
    except Exception as error:  # noqa: BLE001  # pynput raises what its backends raise
        if sys.platform == "linux" and not os.environ.get("DISPLAY"):
            raise ActionError("there is no X11 display (DISPLAY is not set)") from None
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ActionError(f"pynput does not start here ({reason})") from None
    return keyboard


def _trusted_on_mac() -> bool:
    """Ask macOS whether we may press keys; without that, it drops them silently."""
    import ctypes
    import ctypes.util

    library = ctypes.util.find_library("ApplicationServices")
    if library is None:
        return False
    trusted = ctypes.cdll.LoadLibrary(library).AXIsProcessTrusted
    trusted.restype = ctypes.c_bool
    return bool(trusted())
