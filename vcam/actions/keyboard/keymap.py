"""Which key code gives a letter in the layout that is active now: one rule for X11 and Wayland.

The same place on the keyboard is A on an English layout and Q on a French one: with the wrong
code, Alt+A (mute) becomes Alt+Q (leave the meeting). What is not certain is refused in a sentence.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vcam.actions.chord import DIGITS, LETTERS, MODIFIERS, PUNCTUATION
from vcam.actions.keyboard.keysyms import KEYSYMS
from vcam.actions.keyboard.places import EVDEV_CODES, EVDEV_TO_XKB
from vcam.core.texts import _
from vcam.errors import ActionError

Levels = Sequence[int]
"""What a key types in one layout: by itself, with Shift, with AltGr, and so on; 0: nothing."""


_LAYOUT_SYMBOLS: Final = range(0xFE06, 0xFE10)
"""ISO_Next_Group and others that change the layout, as X11's keysymdef.h numbers them."""


class SeveralLayoutsError(ActionError):
    """The layouts have a key in different places, and the active one is not known."""


@dataclass(frozen=True, slots=True)
class Keymap:
    """A keyboard with its layouts, and the one that is active."""

    keys: Mapping[int, Sequence[Levels]]
    """By key code, the key's levels in each layout; all layouts share a key that has one alone."""
    active: int | None
    """The layout that is active now, counted from 0; None: the desktop does not tell."""

    def code(self, key: str) -> int:
        """Return the code that gives `key` of `vcam.actions.chord` when pressed by itself.

        Where the active layout has no Latin letters (Cyrillic, Greek), programs look at the other
        layouts for their shortcuts, and so does this. Raises `ActionError` when no key gives it,
        when only Shift or AltGr would, and when two layouts disagree about where it is.
        """
        if key in (*LETTERS, *DIGITS, *PUNCTUATION):
            return self._printable(key)
        found = self._modifiers(key) if key in MODIFIERS else self._with(key)
        if not found:
            raise ActionError(
                _("the keyboard layout of this desktop has no key {key!r}").format(key=key)
            )
        return _usual(key, found)

    def check_together(self, keys: Sequence[str]) -> None:
        """Raise `ActionError` when pressing these together would change the desktop's layout.

        Where Alt+Shift does that, Ctrl+Alt+Shift+K changes it and arrives as Ctrl+Alt+K.
        """
        switching = [key for key in keys if key in EVDEV_CODES and self._switches(key)]
        if len(switching) > 1:
            raise ActionError(
                _(
                    "{keys} together change the keyboard layout of this desktop: use a chord "
                    "without both"
                ).format(keys="+".join(switching))
            )

    def _switches(self, key: str) -> bool:
        """Tell whether a key changes the layout when another one is down."""
        levels = self._levels(self.code(key), self.active or 0)
        return any(symbol in _LAYOUT_SYMBOLS for symbol in levels[1:])

    def codes_in_any_layout(self, key: str) -> set[int]:
        """Return the codes by which a person may mean `key`: to hear a chord, not to press it.

        Those of the active layout if it has the key, else those of the others, else the key's
        place on an English keyboard.
        """
        if key in MODIFIERS:
            return self._modifiers(key) or self._with(key)
        if key not in (*LETTERS, *DIGITS, *PUNCTUATION):
            return self._with(key)
        active = self._plain(key, self._layouts()[:1])
        found = active or self._plain(key, self._layouts())
        return found or {EVDEV_CODES[key] + EVDEV_TO_XKB}

    def _modifiers(self, key: str) -> set[int]:
        """Return the codes that are a modifier by themselves: the left ones, else the right.

        Layouts have spare keys that are Alt only with another key, and left Alt may be AltGr or
        change the layout: a chord with such a key would type its letter into the call.
        """
        layouts = self._layouts()[: None if self.active is None else 1]
        left = self._plain(key, layouts)
        right_symbol = KEYSYMS[f"right_{key}"][0]
        return left or self._typing({right_symbol}, layouts)

    def _with(self, key: str) -> set[int]:
        """Return the codes that have a key on any level, as the numpad has its digits."""
        return {code for code in self.keys if self._has(code, key)}

    def _printable(self, key: str) -> int:
        if self.active is None:
            found = self._plain(key, self._layouts())
        else:
            found = self._plain(key, [self.active]) or self._elsewhere(key)
        if not found:
            raise ActionError(self._why_not(key))
        if self.active is None and len(self._where(key)) > 1:
            raise SeveralLayoutsError(
                _(
                    "the layouts of this desktop have {key!r} on different keys, and Wayland does "
                    "not tell which is active: use a key that all have in one place, such as a "
                    "function key"
                ).format(key=key)
            )
        if len(found) > 1 and self.active is not None and not self._plain(key, [self.active]):
            raise ActionError(
                _(
                    "the active keyboard layout has no key {key!r}, and the others have it on "
                    "different keys: switch to one that has it"
                ).format(key=key)
            )
        return _usual(key, found)

    def _elsewhere(self, key: str) -> set[int]:
        """Look at the other layouts, if the active one has no Latin letters of its own."""
        if any(self._plain(letter, [self.active or 0]) for letter in LETTERS):
            return set()
        first = [self._plain(key, [layout]) for layout in self._layouts()]
        return {_usual(key, codes) for codes in first if codes}

    def _where(self, key: str) -> set[tuple[int, ...]]:
        """Return the codes that each layout which types Latin letters has for a key."""
        latin = [n for n in self._layouts() if any(self._plain(a, [n]) for a in LETTERS)]
        return {tuple(sorted(self._plain(key, [layout]))) for layout in latin}

    def _layouts(self) -> list[int]:
        """Return the numbers of all layouts, the active one first."""
        count = max((len(layouts) for layouts in self.keys.values()), default=0)
        return sorted(range(count), key=lambda layout: layout != self.active)

    def _plain(self, key: str, layouts: Sequence[int]) -> set[int]:
        """Return the codes whose first level is `key` in one of the layouts."""
        return self._typing(KEYSYMS[key], layouts)

    def _typing(self, symbols: Container[int], layouts: Sequence[int]) -> set[int]:
        return {
            code
            for code in self.keys
            for layout in layouts
            if (levels := self._levels(code, layout)) and levels[0] in symbols
        }

    def _levels(self, code: int, layout: int) -> Levels:
        layouts = self.keys[code]
        return layouts[layout % len(layouts)] if layouts else ()

    def _has(self, code: int, key: str) -> bool:
        return any(
            symbol in levels for levels in self.keys[code] for symbol in KEYSYMS.get(key, ())
        )

    def _why_not(self, key: str) -> str:
        layouts = self._layouts() if self.active is None else [self.active]
        if any(
            symbol in self._levels(code, layout)
            for code in self.keys
            for layout in layouts
            for symbol in KEYSYMS[key]
        ):
            return _(
                "the keyboard layout of this desktop has {key!r} only with Shift or AltGr, which "
                "would press another key; use a letter or a function key"
            ).format(key=key)
        return _("the keyboard layout of this desktop has no key {key!r}").format(key=key)


def _usual(key: str, codes: set[int]) -> int:
    """Return the code of the key's usual place if it is among them: some keys are there twice."""
    usual = EVDEV_CODES[key] + EVDEV_TO_XKB
    return usual if usual in codes else min(codes)
