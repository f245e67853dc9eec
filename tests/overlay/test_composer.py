"""Pictures from sketches: for the call, and for the person alone."""

from dataclasses import replace

import numpy as np
import pytest

from vcam.core.frame import Image
from vcam.core.view import View
from vcam.overlay.composer import Composer, Reaction, Sketch
from vcam.overlay.overlay import Overlay
from vcam.overlay.settings import OverlaySettings

SETTINGS = OverlaySettings()


def _sketch() -> Sketch:
    image = np.zeros((72, 128, 3), np.uint8)
    image[:, :64] = 200
    return Sketch(image, View(), 1.0, SETTINGS)


def test_only_the_persons_own_image_is_mirrored() -> None:
    """The call gets the picture as it is, the person sees it as in a mirror."""
    sketch = _sketch()
    before = sketch.image.copy()
    call = Composer(SETTINGS, private=False).compose(sketch)
    preview = Composer(SETTINGS, private=True).compose(sketch)
    assert (call == before).all()
    assert (preview == before[:, ::-1]).all()
    assert (sketch.image == before).all()


def test_marks_are_for_whom_they_are_wanted() -> None:
    """A warning is drawn for the person, and not for the call when boxes are hidden from it."""
    sketch = replace(_sketch(), view=View(warning="It is too dark."), marked=False)
    assert (Composer(SETTINGS, private=False).compose(sketch) == sketch.image).all()
    assert (Composer(SETTINGS, private=True).compose(sketch) != sketch.image[:, ::-1]).any()


def test_a_reaction_that_is_over_is_not_shown() -> None:
    """Whoever looks again after a while sees the reaction of now, and none of long ago."""
    composer = Composer(SETTINGS, private=False)
    old = replace(_sketch(), reaction=Reaction("👍", 1.0), time=60.0)
    assert (composer.compose(old) == old.image).all()
    new = replace(old, reaction=Reaction("👍", 59.5))
    assert (composer.compose(new) != new.image).any()


def test_cards_and_other_sizes_are_taken() -> None:
    """A finished card is given as it is, and a picture of another size is no fault."""
    composer = Composer(SETTINGS, private=True)
    card = replace(_sketch(), finished=True)
    assert composer.compose(card) is card.image
    assert composer.compose(_sketch()).shape == (72, 128, 3)
    small = np.full((36, 64, 3), 9, np.uint8)
    assert composer.compose(Sketch(small, View(), 2.0, SETTINGS)).shape == small.shape


@pytest.mark.logs_errors
def test_the_image_continues_when_drawing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """When marks cannot be drawn, the bare picture is given, half-drawn marks and all gone."""

    def fail(overlay: Overlay, image: Image, view: View, time: float | None = None) -> None:
        image[:] = 77
        raise ValueError("no ink")

    monkeypatch.setattr(Overlay, "draw", fail)
    sketch = _sketch()
    composer = Composer(SETTINGS, private=True)
    for _ in range(2):
        assert (composer.compose(sketch) == sketch.image[:, ::-1]).all()
