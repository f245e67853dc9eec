"""Key combinations as people write them: `alt+shift+f13`."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from vcam.core.texts import _, marked
from vcam.errors import ConfigError

MODIFIERS: Final[tuple[str, ...]] = ("ctrl", "alt", "shift", "cmd")
"""Keys that change what another key does; `cmd` is the Windows key or Super elsewhere."""
RIGHT_MODIFIERS: Final[tuple[str, ...]] = ("right_ctrl", "right_alt", "right_shift", "right_cmd")
"""The same keys on the right: usual for push-to-talk, and keys of their own to programs."""

LETTERS: Final[tuple[str, ...]] = tuple("abcdefghijklmnopqrstuvwxyz")
DIGITS: Final[tuple[str, ...]] = tuple("0123456789")
PUNCTUATION: Final[tuple[str, ...]] = tuple("-=[]\\;',./`")
FUNCTION_KEYS: Final[tuple[str, ...]] = tuple(f"f{number}" for number in range(1, 25))
EDITING_KEYS: Final[tuple[str, ...]] = (
    "space",
    "enter",
    "esc",
    "tab",
    "backspace",
    "delete",
    "insert",
    "home",
    "end",
    "page_up",
    "page_down",
    "up",
    "down",
    "left",
    "right",
)
MEDIA_KEYS: Final[tuple[str, ...]] = (
    "media_play_pause",
    "media_next",
    "media_previous",
    "media_volume_mute",
    "media_volume_up",
    "media_volume_down",
)
NUMPAD_KEYS: Final[tuple[str, ...]] = (
    *(f"numpad_{digit}" for digit in range(10)),
    "numpad_plus",
    "numpad_minus",
    "numpad_multiply",
    "numpad_divide",
    "numpad_decimal",
    "numpad_enter",
)
MOUSE_BUTTONS: Final[tuple[str, ...]] = (
    "mouse_left",
    "mouse_middle",
    "mouse_right",
    "mouse_back",
    "mouse_forward",
)
KEYS: Final[tuple[str, ...]] = (
    *LETTERS,
    *DIGITS,
    *PUNCTUATION,
    *FUNCTION_KEYS,
    *EDITING_KEYS,
    *MEDIA_KEYS,
    *NUMPAD_KEYS,
    *MOUSE_BUTTONS,
    *RIGHT_MODIFIERS,
)
"""Everything that a chord may name after its modifiers, each by its one canonical name."""

ALIASES: Final[dict[str, str]] = {
    "control": "ctrl",
    "option": "alt",
    "opt": "alt",
    "command": "cmd",
    "win": "cmd",
    "windows": "cmd",
    "super": "cmd",
    "meta": "cmd",
    "return": "enter",
    "escape": "esc",
    "del": "delete",
    "ins": "insert",
    "pageup": "page_up",
    "pgup": "page_up",
    "pagedown": "page_down",
    "pgdn": "page_down",
    "pgdown": "page_down",
    "minus": "-",
    "dash": "-",
    "equals": "=",
    "semicolon": ";",
    "quote": "'",
    "apostrophe": "'",
    "comma": ",",
    "period": ".",
    "dot": ".",
    "slash": "/",
    "backslash": "\\",
    "backquote": "`",
    "grave": "`",
    "volume_mute": "media_volume_mute",
    "volume_up": "media_volume_up",
    "volume_down": "media_volume_down",
    **{
        alias: f"right_{name}"
        for name in MODIFIERS
        for alias in (f"{name}_r", f"r{name}", f"{name}right")
    },
    "altgr": "right_alt",
    "alt_gr": "right_alt",
    "option_r": "right_alt",
    "win_r": "right_cmd",
    "super_r": "right_cmd",
    **{f"numpad{digit}": f"numpad_{digit}" for digit in range(10)},
    **{f"num_{digit}": f"numpad_{digit}" for digit in range(10)},
    **{f"kp_{digit}": f"numpad_{digit}" for digit in range(10)},
    "mouse1": "mouse_left",
    "mouse2": "mouse_right",
    "mouse3": "mouse_middle",
    "mouse4": "mouse_back",
    "mouse5": "mouse_forward",
}
"""Other names that are understood; `str(chord)` writes the canonical one."""

_MODIFIERS_THEN: Final = marked("modifiers ctrl, alt, shift, cmd; then one of {keys}")
_ALLOWED_KEYS: Final = (
    "a-z, 0-9, f1-f24, - = [ ] \\ ; ' , . / `, "
    + ", ".join((*EDITING_KEYS, *MEDIA_KEYS))
    + ", numpad_0-numpad_9, "
    + ", ".join((*NUMPAD_KEYS[10:], *MOUSE_BUTTONS, *RIGHT_MODIFIERS))
)


@dataclass(frozen=True, slots=True)
class Chord:
    """Keys that go down together. Made by `parse_chord`, which checks the names."""

    modifiers: tuple[str, ...]
    """Some of `MODIFIERS`, each once, in the order in which they go down."""
    key: str | None
    """One of `KEYS`, pressed last; None: the modifiers alone."""

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys in the order in which they go down; never empty."""
        return self.modifiers if self.key is None else (*self.modifiers, self.key)

    def __str__(self) -> str:
        return "+".join(self.keys)


def parse_chord(text: str) -> Chord:
    """Return the chord that `text` names: modifiers, one key, or both, joined by `+`.

    Case and spaces around names do not matter. Raises `ConfigError` with what is allowed.
    """
    if not text.strip():
        raise ConfigError(_("the chord is empty; name keys joined by +, such as ctrl+shift+m"))
    names = [_canonical(part, text) for part in text.split("+")]
    *first, last = names
    for name in first:
        if name not in MODIFIERS:
            raise ConfigError(
                _(
                    'the chord "{text}" has "{name}" before its last key, but only ctrl, alt, '
                    "shift and cmd may come before it"
                ).format(text=text, name=name)
            )
    if len(set(names)) < len(names):
        raise ConfigError(
            _('the chord "{text}" names a key twice; name each key once').format(text=text)
        )
    if last in MODIFIERS:
        return Chord(tuple(names), None)
    return Chord(tuple(first), last)


def _canonical(part: str, text: str) -> str:
    name = part.strip().lower()
    name = ALIASES.get(name, name)
    if name in MODIFIERS or name in KEYS:
        return name
    if not name:
        raise ConfigError(
            _(
                'the chord "{text}" has a + with no key beside it; write names joined by +, '
                "such as ctrl+shift+m (the plus key itself is shift+=)"
            ).format(text=text)
        )
    raise ConfigError(
        _('the chord "{text}" has an unknown key "{name}"; {hint}').format(
            text=text,
            name=name,
            hint=_hint(name)
            or _("allowed are {allowed}").format(
                allowed=_(_MODIFIERS_THEN).format(keys=_ALLOWED_KEYS)
            ),
        )
    )


def _hint(name: str) -> str:
    close = get_close_matches(name, (*MODIFIERS, *KEYS, *ALIASES), n=1)
    return _('did you mean "{word}"?').format(word=close[0]) if close else ""
