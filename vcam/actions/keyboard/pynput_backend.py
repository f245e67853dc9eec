"""Keys by pynput: Windows and macOS. The only file that imports it.

Letters go by the virtual key that the active layout has for them.
"""

import sys
import threading
from collections.abc import Mapping
from typing import Any, Final

from vcam.actions.chord import DIGITS, LETTERS, MOUSE_BUTTONS, PUNCTUATION, Chord
from vcam.actions.keyboard.listener import Heard
from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.system.elevation import keys_reach_foreground, when_keys_reach
from vcam.system.mac_permissions import may_press_keys

_PYNPUT_NAMES: Final = {
    "right_ctrl": "ctrl_r",
    "right_alt": "alt_r",
    "right_shift": "shift_r",
    "right_cmd": "cmd_r",
}
"""Keys that pynput calls something else."""
_BUTTONS: Final = {"mouse_back": "x1", "mouse_forward": "x2"}
"""Buttons of the mouse that are not simply `left`, `middle` and `right` to pynput."""
_WINDOWS_CODES: Final = {
    **{f"f{number}": 0x70 + number - 1 for number in range(1, 25)},
    **{f"numpad_{digit}": 0x60 + digit for digit in range(10)},
    "numpad_multiply": 0x6A,
    "numpad_plus": 0x6B,
    "numpad_minus": 0x6D,
    "numpad_decimal": 0x6E,
    "numpad_divide": 0x6F,
}
_MAC_CODES: Final = {
    **{f"numpad_{digit}": 82 + digit for digit in range(8)},
    "numpad_8": 91,
    "numpad_9": 92,
    "numpad_decimal": 65,
    "numpad_multiply": 67,
    "numpad_plus": 69,
    "numpad_divide": 75,
    "numpad_enter": 76,
    "numpad_minus": 78,
}
"""Apple's kVK_ANSI_Keypad codes."""
_MAC_ANSI_CODES: Final = dict(
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
"""Apple's kVK_ANSI codes: where an English keyboard has its keys."""
_BY_NAME, _BY_CODE, _BUTTON = "name:", "code:", "button:"
"""How a key is written for the guardian: as pynput names it, by virtual key, or on the mouse."""


class PynputSender:
    """Sends keys with pynput's controllers."""

    def __init__(self) -> None:
        """Connect; raises `ActionError` without a display, or without the right to press keys."""
        keyboard = _pynput()
        if sys.platform == "darwin" and not _trusted_on_mac():
            raise ActionError(_("this program has no Accessibility permission"))
        self._keyboard = keyboard
        self._controller = keyboard.Controller()
        self._mac_letters = _mac_letters() if sys.platform == "darwin" else {}
        self._mouse: Any = None

    def code(self, key: str) -> str:
        """Return the key by its name in pynput, or by its virtual key in the active layout."""
        if key in MOUSE_BUTTONS:
            return self._button(key)
        code = self._letter(key) if len(key) == 1 else self._table().get(key)
        if code is not None:
            return f"{_BY_CODE}{code}"
        name = _PYNPUT_NAMES.get(key, key)
        if len(key) > 1 and getattr(self._keyboard.Key, name, None) is not None:
            return f"{_BY_NAME}{name}"
        raise ActionError(_("there is no key {key!r} on this system").format(key=key))

    def prepare(self) -> None:
        """Nothing is to be done."""

    def send(self, code: str, *, down: bool) -> None:
        """Put the key or button down, or let it up.

        Windows keeps keys from the window in front when that has more rights: nothing goes down
        there, and what comes up is let up once more when another window is in front.
        """
        if down and not keys_reach_foreground():
            raise ActionError(
                _(
                    "the window in front runs as administrator, and Windows keeps our keys from "
                    "it: start this program as administrator too, or that one without"
                )
            )
        self._do(code, down=down)
        if not down and not keys_reach_foreground():
            when_keys_reach(lambda: self._do(code, down=False))

    def close(self) -> None:
        """Nothing to give back: the connection ends with the program."""

    def _do(self, code: str, *, down: bool) -> None:
        try:
            controller, key = self._target(code)
            (controller.press if down else controller.release)(key)
        except Exception as error:  # OSError, pynput's own
            raise ActionError(
                _("the key could not be sent ({error})").format(error=error)
            ) from error

    def _target(self, code: str) -> tuple[Any, Any]:
        """Return pynput's controller for a code, and its key."""
        if code.startswith(_BY_CODE):
            number = int(code.removeprefix(_BY_CODE))
            return self._controller, self._keyboard.KeyCode.from_vk(number)
        if code.startswith(_BY_NAME):
            return self._controller, getattr(self._keyboard.Key, code.removeprefix(_BY_NAME))
        if self._mouse is None:
            self._mouse = _pynput_mouse()
        return self._mouse.Controller(), getattr(self._mouse.Button, code.removeprefix(_BUTTON))

    def _table(self) -> dict[str, int]:
        return _WINDOWS_CODES if sys.platform == "win32" else _MAC_CODES

    def _letter(self, key: str) -> int | None:
        """Return the virtual key of a letter, digit or sign; None where the layout has none."""
        if sys.platform == "win32":
            # Windows names the key that a layout has the letter on by the letter itself.
            if key in PUNCTUATION:
                return _windows_sign(key)
            return ord(key.upper()) if key in (*LETTERS, *DIGITS) else None
        return _mac_place(key, self._mac_letters)

    def _button(self, key: str) -> str:
        if self._mouse is None:
            self._mouse = _pynput_mouse()
        name = _BUTTONS.get(key, key.removeprefix("mouse_"))
        if getattr(self._mouse.Button, name, None) is None:
            raise ActionError(_("there is no button {key!r} on this system").format(key=key))
        return f"{_BUTTON}{name}"


def _mac_letters() -> dict[str, int]:
    """Return the virtual key of what each key types by itself in the active layout.

    Called on the main thread alone: macOS ends programs that ask for the layout on another. So a
    layout that is chosen later is not noticed before the program starts again.
    """
    from pynput._util.darwin import keycode_context, keycode_to_string

    with keycode_context() as context:
        letters = {keycode_to_string(context, code): code for code in _MAC_ANSI_CODES.values()}
    if any(letter in letters for letter in LETTERS):
        return letters
    return dict(_MAC_ANSI_CODES)  # as macOS reads Cyrillic and Greek layouts while Cmd is down


def _mac_place(key: str, letters: Mapping[str, int]) -> int | None:
    """Return the virtual key of a character. Digits go by their place, behind Shift or not."""
    return _MAC_ANSI_CODES[key] if key in DIGITS else letters.get(key)


def mac_code_of(key: str) -> int | None:
    """Return the virtual key code of a key's name on a Mac; None when there is no such key."""
    if len(key) == 1:
        on_main = threading.current_thread() is threading.main_thread()
        return _mac_place(key, _mac_letters() if on_main else _MAC_ANSI_CODES)
    if key in _MAC_CODES:
        return _MAC_CODES[key]
    named = getattr(_pynput().Key, _PYNPUT_NAMES.get(key, key), None)
    return None if named is None else int(named.value.vk)


def _windows_sign(key: str) -> int | None:
    """Return the virtual key that types a sign by itself in the layout of the focused window."""
    if sys.platform != "win32":  # for the type checker: windll exists on Windows alone
        return None
    import ctypes

    user: Any = ctypes.windll.user32
    user.GetForegroundWindow.restype = user.GetKeyboardLayout.restype = ctypes.c_void_p
    window = ctypes.c_void_p(user.GetForegroundWindow())
    layout = ctypes.c_void_p(user.GetKeyboardLayout(user.GetWindowThreadProcessId(window, None)))
    found = int(user.VkKeyScanExW(ctypes.c_wchar(key), layout)) & 0xFFFF
    return _plain_key(key, found)


def _plain_key(key: str, found: int) -> int | None:
    """Return the virtual key that VkKeyScanEx found; raises where it needs Shift or AltGr."""
    if found == 0xFFFF:
        return None
    if found >> 8:
        raise ActionError(
            _(
                "the active keyboard layout has {key!r} only with Shift or AltGr, which "
                "would press another key; use a letter or a function key"
            ).format(key=key)
        )
    return found


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
            raise ActionError(
                _("keys cannot be listened to here ({error})").format(error=error)
            ) from error

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
    names = [_PYNPUT_NAMES.get(key, key) for key in chord.keys]
    return "+".join(name if len(name) == 1 else f"<{name}>" for name in names)


def _pynput() -> Any:
    """Return pynput's keyboard module; raises `ActionError` where it does not start."""
    try:
        from pynput import keyboard
    except Exception as error:  # noqa: BLE001  # pynput raises what its backends raise
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ActionError(
            _("pynput does not start here ({reason})").format(reason=reason)
        ) from None
    return keyboard


def _pynput_mouse() -> Any:
    """Return pynput's mouse module; raises `ActionError` where it does not start."""
    try:
        from pynput import mouse
    except Exception as error:  # noqa: BLE001  # as above
        raise ActionError(_("pynput moves no mouse here ({error})").format(error=error)) from None
    return mouse


def _trusted_on_mac() -> bool:
    """Ask macOS whether we may press keys; it asks the person when that is not decided yet."""
    return may_press_keys() or may_press_keys(ask=True)
