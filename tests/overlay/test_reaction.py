"""Reactions float up and are gone."""

from importlib.resources import files

import numpy as np
import pytest

from vcam.overlay.emoji import emoji_image
from vcam.overlay.emoji_set import ALL, TONED, TONES, known_emoji, suggestion
from vcam.overlay.reaction import LASTS_S, Reactions

EVERY = [*ALL, *(sign + tone for sign in TONED for tone in TONES)]


def change(reactions: Reactions, time: float) -> tuple[float, float, float] | None:
    """Return the mean row, the mean column and the height of what is drawn; None: nothing is."""
    image = np.full((360, 640, 3), 100, np.uint8)
    reactions.draw(image, time)
    ys, xs = np.nonzero((image != 100).any(axis=2))
    return (float(ys.mean()), float(xs.mean()), float(np.ptp(ys))) if len(ys) else None


@pytest.mark.parametrize("emoji", ["👍", "❤️", "🚀", "👏🏿", "heart"])
def test_a_reaction_rises_and_ends(emoji: str) -> None:
    """A sign is drawn, rises, and is gone after its time."""
    reactions = Reactions()
    reactions.add(emoji, 1.0)
    early, late = change(reactions, 1.4), change(reactions, 2.8)
    assert early is not None
    assert late is not None
    assert late[0] < early[0]
    assert change(reactions, 1.0 + LASTS_S + 0.01) is None


def test_every_sign_of_the_set_has_an_image() -> None:
    """All signs and their skin tones have a picture of their own, and all of it is small."""
    folder = files("vcam.overlay").joinpath("emoji")
    assert len(ALL) >= 80
    assert len({emoji_image(sign).tobytes() for sign in EVERY}) == len(EVERY)
    assert sum(len(each.read_bytes()) for each in folder.iterdir()) < 3_000_000
    assert "Apache License" in folder.joinpath("LICENSE").read_text(encoding="utf-8")


def test_a_reaction_is_large_and_on_its_side() -> None:
    """It takes about a third of the height, at the side of the hand that made it."""
    for side in (0.2, 0.8):
        reactions = Reactions()
        reactions.add("🔥", 0.0, side)
        found = change(reactions, 1.2)
        assert found is not None
        assert found[1] / 640 == pytest.approx(side, abs=0.05)
        assert found[2] > 360 * 0.28


def test_it_moves_smoothly() -> None:
    """At 30 pictures a second no step is larger than a hundredth of the height."""
    reactions = Reactions()
    reactions.add("🎉", 0.0)
    rows = [found[0] for step in range(8, 60) if (found := change(reactions, step / 30))]
    assert max(np.abs(np.diff(rows))) < 360 * 0.02


def test_a_reaction_is_forgotten_when_time_goes_back() -> None:
    """A clip that starts again does not show reactions from its end."""
    reactions = Reactions()
    reactions.add("👍", 10.0)
    assert change(reactions, 0.0) is None


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("👍", "👍"),
        ("👍🏽", "👍🏽"),
        ("❤️", "❤"),
        ("thumbs_up", "👍"),
        ("hello", None),
        ("😀🏽", None),
    ],
)
def test_signs_are_known_by_themselves_and_by_name(text: str, sign: str | None) -> None:
    """A sign, its skin tones and its names are understood; words that name none are not."""
    assert known_emoji(text) == sign


@pytest.mark.parametrize("text", ["hello", "🦑", "😀🏽", "fier", "", "�"])
def test_there_is_always_something_to_suggest(text: str) -> None:
    """Whatever was asked for, what is suggested has a picture."""
    assert all(known_emoji(sign) for sign in suggestion(text).split())
