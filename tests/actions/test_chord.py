"""Chords, as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcam.actions.chord import KEYS, MODIFIERS, Chord, parse_chord
from vcam.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("alt+a", ("alt", "a")),
        ("Ctrl + Shift + M", ("ctrl", "shift", "m")),
        ("win+option+escape", ("cmd", "alt", "esc")),
        ("space", ("space",)),
        ("shift+=", ("shift", "=")),
        ("f24", ("f24",)),
        ("ctrl+shift", ("ctrl", "shift")),
    ],
)
def test_what_people_write(text: str, keys: tuple[str, ...]) -> None:
    """Names, other names, case and spaces all lead to the same keys, in order."""
    assert parse_chord(text).keys == keys


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("alt+", "no key beside it"),
        ("alt+spaec", 'did you mean "space"'),
        ("a+alt", "before its last key"),
        ("alt+alt+a", "names a key twice"),
        ("f25", "unknown key"),
        ("ä", "unknown key"),
    ],
)
def test_bad_chords(text: str, message: str) -> None:
    """A chord that makes no sense is refused in a sentence that helps."""
    with pytest.raises(ConfigError, match=message):
        parse_chord(text)


@given(
    st.lists(st.sampled_from(MODIFIERS), unique=True),
    st.one_of(st.none(), st.sampled_from(KEYS)),
)
def test_round_trip(modifiers: list[str], key: str | None) -> None:
    """What a chord prints as is read back as the same chord."""
    if modifiers or key:
        chord = Chord(tuple(modifiers), key)
        assert parse_chord(str(chord)) == chord
