"""Files that somebody else wrote: whatever is in them, they are read or refused in a sentence."""

import contextlib
import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from vcam.card import read_card
from vcam.config.load import decode, parse_settings
from vcam.errors import ConfigError, ModelError
from vcam.models import shipped_model

SETTINGS = Path("settings.toml")
EXAMPLE = """profile = "mine"
allow_commands = true
[camera]
width = 1280
[output]
kinds = ["virtual"]
[overlay.colours]
hold = "#ffaa00"
[recognition]
rate_hz = 15.0
[gestures]
hold_ms = 600
[profiles.mine]
bindings = [ { gesture = "stop", hand = "any", action = "run:[\\"ls\\"]", hold_ms = 800 } ]
"""
TOML_BITS = st.sampled_from(
    [*EXAMPLE.split(), "\n", "nan", "inf", "-1", "1e999", "[[", "]]", "{", "'", '"', "\0", "true"]
)
CARD = json.loads(shipped_model("classify").with_suffix(".json").read_text("utf-8"))
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


def _take(content: bytes) -> None:
    with contextlib.suppress(ConfigError):
        parse_settings(decode(content, SETTINGS), SETTINGS, None, None)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_as_settings(content: bytes) -> None:
    """Any bytes are settings, or a `ConfigError`."""
    _take(content)


@settings(max_examples=150, deadline=None)
@given(st.lists(TOML_BITS, max_size=12))
def test_pieces_of_settings(pieces: list[str]) -> None:
    """What looks like settings, in any order, is taken or refused."""
    _take(" ".join(pieces).encode())


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(EXAMPLE)), st.integers(0, 12), st.text(max_size=6))
def test_settings_with_a_slip(place: int, length: int, text: str) -> None:
    """A good file with a piece replaced is taken or refused."""
    _take((EXAMPLE[:place] + text + EXAMPLE[place + length :]).encode("utf-8", "replace"))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(CARD)), JSON)
def test_cards_with_a_slip(key: str, value: object) -> None:
    """A model's card with any value in the place of a good one is taken or refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.json"
        path.write_text(json.dumps({**CARD, key: value}), "utf-8")
        with contextlib.suppress(ModelError):
            read_card(path.with_suffix(".onnx"), "classify")
