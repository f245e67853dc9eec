"""The overlay in languages with letters beyond ASCII."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from vcam.core.texts import ENGLISH, use_language
from vcam.core.view import View
from vcam.overlay.captions import action_words, badge_words, gesture_words
from vcam.overlay.overlay import Overlay
from vcam.overlay.settings import OverlaySettings
from vcam.overlay.text import plain_letters, text_mask

LETTERS = "äöüÄÖÜßàâçéèêëîïôùûÀÇÉÈÊœ„“«»’…✓"


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use_language(ENGLISH)


@pytest.mark.skipif(not hasattr(cv2, "FontFace"), reason="OpenCV before 5 has no such font")
def test_the_font_has_every_letter() -> None:
    """No letter of German or French is drawn as the sign for a letter that is not there."""
    missing = text_mask("\ue000", 40)  # of private use, which no font draws
    drawn = {letter: text_mask(letter, 40) for letter in LETTERS[:-1]}
    assert [each for each, mask in drawn.items() if np.array_equal(mask, missing)] == []
    assert all(mask.any() for mask in drawn.values())


def test_where_the_font_is_not_there_letters_are_spelled() -> None:
    """Lines draw ASCII alone: nothing becomes a question mark."""
    assert plain_letters("Übung: weiß, „groß“") == 'Uebung: weiss, "gross"'
    assert plain_letters("Échec déjà œuvre « où »") == 'Echec deja oeuvre " ou "'
    assert plain_letters("Thumb up, 60 %") == "Thumb up, 60 %"


def test_what_is_drawn_is_in_the_language() -> None:
    """Gestures, actions and badges, also those of other programs; the colour of mute stays red."""
    use_language("de")
    assert gesture_words("like") == "Daumen hoch"
    assert action_words("key:alt+y") == "Alt+Y drücken"
    assert [badge_words(each) for each in ("MIC MUTED", "TEAMS MUTED")] == [
        "MIKRO STUMM",
        "TEAMS STUMM",
    ]
    image = np.full((360, 640, 3), 90, np.uint8)
    Overlay(OverlaySettings()).draw(image, View(badges=("MIC MUTED",)))
    blue, green, red = (int(value) for value in image[20, 16])
    assert red > 2 * green
    assert red > blue
