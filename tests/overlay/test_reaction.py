"""Reactions float up and are gone."""

import numpy as np
import pytest

from vcam.overlay.emoji import SHAPES
from vcam.overlay.reaction import LASTS_S, Reactions


def middle_of_change(reactions: Reactions, time: float) -> float | None:
    """Return the mean row of what is drawn at `time`; None: nothing is."""
    image = np.full((360, 640, 3), 100, np.uint8)
    reactions.draw(image, time)
    ys, _ = np.nonzero((image != 100).any(axis=2))
    return float(ys.mean()) if len(ys) else None


@pytest.mark.parametrize("emoji", [*SHAPES, "❤️", "🚀", "hello"])
def test_a_reaction_rises_and_ends(emoji: str) -> None:
    """Every sign, known or not, is drawn, rises, and is gone after its time."""
    reactions = Reactions()
    reactions.add(emoji, 1.0)
    early, late = middle_of_change(reactions, 1.4), middle_of_change(reactions, 2.8)
    assert early is not None
    assert late is not None
    assert late < early
    assert middle_of_change(reactions, 1.0 + LASTS_S + 0.01) is None


def test_a_reaction_is_forgotten_when_time_goes_back() -> None:
    """A clip that starts again does not show reactions from its end."""
    reactions = Reactions()
    reactions.add("👍", 10.0)
    assert middle_of_change(reactions, 0.0) is None
