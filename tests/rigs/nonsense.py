"""Files that somebody else wrote, made up by hypothesis: each target reads one or refuses it.

A target raises nothing but what it lets pass: an error of ours, in one sentence.
"""

import contextlib
import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rigs.small_model import small_model
from vcam.errors import ConfigError, ModelError
from vcam.settings.load import decode, parse_settings
from vcam.vision.models.bundled import shipped_model
from vcam.vision.models.card import read_card
from vcam.vision.models.session import ModelSession

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


@dataclass(frozen=True, slots=True)
class Target:
    """What reads, and what is made up for it."""

    read: Callable[[Any], None]
    made_up: st.SearchStrategy[Any]
    examples: int = 150
    """How many are enough for the suite."""

    def try_out(self) -> None:
        """Read as many made-up files as are enough for the suite."""
        settings(max_examples=self.examples, deadline=None)(given(self.made_up)(self.read))()


def read_settings(content: bytes) -> None:
    """Take settings from bytes."""
    with contextlib.suppress(ConfigError):
        parse_settings(decode(content, SETTINGS), SETTINGS, None, None)


def read_slipped_settings(slip: tuple[int, int, str]) -> None:
    """Take good settings of which a piece was replaced."""
    place, length, text = slip
    read_settings((EXAMPLE[:place] + text + EXAMPLE[place + length :]).encode("utf-8", "replace"))


def read_slipped_card(slip: Mapping[str, object]) -> None:
    """Take a good card with other values in places."""
    read_card_bytes(json.dumps({**CARD, **slip}).encode("utf-8"))


def read_card_bytes(content: bytes) -> None:
    """Take a card from bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.json"
        path.write_bytes(content)
        for task in ("classify", "detect"):
            with contextlib.suppress(ModelError):
                read_card(path.with_suffix(".onnx"), task)


@cache
def _good_model() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return small_model(Path(folder), ("gesture", "hand")).read_bytes()


def read_slipped_model(slips: list[tuple[int, bytes]]) -> None:
    """Load a model of which pieces were replaced, with a card that vouches for it."""
    content = bytearray(_good_model())
    for place, piece in slips:
        start = place % len(content)
        content[start : start + len(piece)] = piece
    with tempfile.TemporaryDirectory() as folder:
        path = small_model(Path(folder), ("gesture", "hand"))
        path.write_bytes(content)
        card = json.loads(path.with_suffix(".json").read_text("utf-8"))
        card["sha256"] = hashlib.sha256(content).hexdigest()
        path.with_suffix(".json").write_text(json.dumps(card), "utf-8")
        with contextlib.suppress(ModelError):
            ModelSession(path, "classify")


_SLIPS = st.lists(
    st.tuples(st.integers(0, 1 << 16), st.binary(min_size=1, max_size=4)), min_size=1, max_size=4
)
TARGETS = {
    "bytes as settings": Target(read_settings, st.binary(max_size=200)),
    "pieces of settings": Target(
        read_settings, st.lists(TOML_BITS, max_size=12).map(lambda bits: " ".join(bits).encode())
    ),
    "settings with a slip": Target(
        read_slipped_settings,
        st.tuples(st.integers(0, len(EXAMPLE)), st.integers(0, 12), st.text(max_size=6)),
    ),
    "bytes as a card": Target(read_card_bytes, st.binary(max_size=100)),
    "JSON as a card": Target(read_card_bytes, JSON.map(lambda value: json.dumps(value).encode())),
    "cards with slips": Target(
        read_slipped_card,
        st.dictionaries(st.sampled_from(sorted(CARD)), JSON, min_size=1, max_size=3),
    ),
    "models with slips": Target(read_slipped_model, _SLIPS, 60),
}
