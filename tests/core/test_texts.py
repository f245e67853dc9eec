"""Texts in the language in force, which keep their English."""

import json
import pickle
from collections.abc import Iterator

import pytest

from vcam.core.event import Event
from vcam.core.gesture_names import gesture_named, gesture_title
from vcam.core.outcome import failed
from vcam.core.texts import (
    ENGLISH,
    Text,
    _,
    in_english,
    joined,
    language,
    ngettext,
    use_language,
)
from vcam.errors import ActionError


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use_language(ENGLISH)


def test_a_text_is_shown_in_the_language_in_force() -> None:
    """English first, then German and French at once, and English for what there is not."""
    assert _("Gestures") == "Gestures"
    use_language("de")
    assert _("Gestures") == "Gesten"
    use_language("fr")
    assert (_("Gestures"), language()) == ("Gestes", "fr")
    assert _("no such text") == "no such text"
    use_language("tlh")
    assert (_("Gestures"), language()) == ("Gestures", "en")


def test_numbers_choose_the_form() -> None:
    """German says 0 Bilder, French says 0 image."""
    use_language("de")
    forms = [ngettext("{n} picture", "{n} pictures", n).format(n=n) for n in (0, 1, 2)]
    assert forms == ["0 Bilder", "1 Bild", "2 Bilder"]
    use_language("fr")
    forms = [ngettext("{n} picture", "{n} pictures", n).format(n=n) for n in (0, 1, 2)]
    assert forms == ["0 image", "1 image", "2 images"]


def test_an_error_keeps_its_english() -> None:
    """What is filled in is English there as well, through errors, lists and pickles."""
    use_language("de")
    inner = ActionError(_("there is nothing to undo"))
    outer = _("{place} cannot be deleted: {error}").format(place="a.jpg", error=inner)
    assert outer == "a.jpg kann nicht gelöscht werden: es gibt nichts zurückzunehmen"
    assert in_english(ActionError(outer)) == "a.jpg cannot be deleted: there is nothing to undo"
    assert in_english(pickle.loads(pickle.dumps(outer))) == outer.english
    both = joined("; ", [_("Saved."), "x"])
    assert (both, both.english) == ("Gespeichert.; x", "Saved.; x")
    assert in_english("plain") == "plain"
    assert Text("ein Bild", "a picture").capitalized().english == "A picture"


def test_gestures_are_understood_in_every_language() -> None:
    """By the name in settings, in English, and in the language in force."""
    use_language("de")
    assert gesture_title("fist>palm") == "Faust, dann Offene Hand"
    asked = ("like", "thumbs_up", "Thumb up", "Daumen hoch", "daumen-hoch")
    assert {gesture_named(each) for each in asked} == {"like"}


def test_events_stay_english() -> None:
    """What other programs read of a failure is English, whatever the person reads."""
    use_language("de")
    outcome = failed(ActionError(_("{plugin} is not there in this run").format(plugin="obs")))
    assert outcome.reason == "obs gibt es in diesem Lauf nicht"
    event = Event(1.0, "fire", "stop", "left", 1, "obs.scene:A", (0.0, 0.0, 9.0, 9.0))
    assert json.loads(event.to_json(outcome))["reason"] == "obs is not there in this run"
