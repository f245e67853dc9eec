"""What the people in the call see of it all."""

from dataclasses import replace

import numpy as np
import pytest

from vcam.core.hand import Hand, TrackedHand
from vcam.core.outcome import DONE, DRY_RUN, Outcome, failed
from vcam.core.view import HandView, View
from vcam.overlay.composer import Composer, Sketch
from vcam.overlay.fading import Fading
from vcam.overlay.overlay import Overlay
from vcam.overlay.settings import CallShows, OverlaySettings

GREY = np.full((360, 640, 3), 128, np.uint8)


def hand(progress: float = 0.5, action: str | None = "mic.mute", seen: float = 1.0) -> HandView:
    """Return a hand that shows a thumb."""
    there = Hand((200, 100, 300, 200), 0.9, "like", 0.9, "right", 0.9)
    return HandView(TrackedHand(1, there, seen, 0.0), "like", progress, action)


def drawn(view: View, shows: CallShows, *, private: bool = False, time: float = 1.0) -> bool:
    """Tell whether anything is drawn of a view."""
    settings = OverlaySettings(call_shows=shows)
    sketch = Sketch(GREY, replace(view, frame_size=(640, 360)), time, settings)
    return bool((Composer(settings, private=private).compose(sketch) != GREY).any())


NEWS = {
    "a toast": View(toast="Settings reloaded"),
    "a failure": View(toast="mic.mute failed: no microphone", toast_kind="failed"),
    "a warning": View(warning="Recognition failed."),
    "a failed hand": View((replace(hand(1.0), label=None, outcome=failed("no")),)),
    "pause": View(badges=("PAUSED",)),
    "practice": View(badges=("PRACTICE",)),
    "an idle hand": View((replace(hand(0.0), label=None),)),
    "an unbound gesture": View((hand(0.5, None),)),
    "a gesture that is not held": View((hand(0.0),)),
    "a failed gesture": View((replace(hand(1.0), outcome=failed("no microphone")),)),
}


@pytest.mark.parametrize("what", NEWS)
@pytest.mark.parametrize("shows", ["gestures", "reactions"])
def test_the_call_sees_nothing_of_it(what: str, shows: CallShows) -> None:
    """News, failures, idle hands and states of the program are the person's alone."""
    assert not drawn(NEWS[what], shows)
    assert drawn(NEWS[what], shows, private=True)


@pytest.mark.parametrize("what", ["a toast", "a failure", "a warning"])
def test_failures_never_go_out(what: str) -> None:
    """Even who shows everything shows no news and no failures."""
    assert not drawn(NEWS[what], "everything")


def test_a_gesture_that_failed_is_not_ticked_for_the_call() -> None:
    """Where everything is shown, a failure looks like a hand that has not fired."""
    tried = replace(hand(1.0), outcome=failed("no microphone"))
    settings = OverlaySettings(call_shows="everything")
    images = []
    for one in (tried, hand(0.0, None)):
        sketch = Sketch(GREY, View((one,), (640, 360)), 1.0, settings)
        images.append(Composer(settings, private=False).compose(sketch).copy())
    assert (images[0] == images[1]).all()


@pytest.mark.parametrize(
    ("view", "gestures", "reactions"),
    [(View((hand(),)), True, False), (View(badges=("MIC MUTED",)), True, True)],
    ids=["a bound gesture", "a muted microphone"],
)
def test_what_others_may_know_goes_out(view: View, gestures: bool, reactions: bool) -> None:
    """A gesture on its way is framed where that is wanted; a muted microphone always shows."""
    assert drawn(view, "gestures") is gestures
    assert drawn(view, "reactions") is reactions


def test_the_mark_of_a_fired_gesture_goes_by_itself() -> None:
    """In the call a fired gesture stays marked for about a second, however long it is shown."""
    settings = OverlaySettings()
    composer = Composer(settings, private=False)
    shown = []
    for step in range(60):
        now = step / 20
        one = replace(hand(1.0, seen=now), outcome=DONE)
        image = composer.compose(Sketch(GREY, View((one,), (640, 360)), now, settings))
        shown.append(bool((image != GREY).any()))
    assert all(shown[:20])
    assert not any(shown[30:])


def pixels(outcome: Outcome | None) -> bytes:
    """Return the person's picture of a gesture that has fired, with what came of it."""
    image = GREY.copy()
    view = View((replace(hand(1.0), outcome=outcome),), (640, 360))
    Overlay(OverlaySettings()).draw(image, view, 5.0)
    return image.tobytes()


def test_each_outcome_has_its_own_mark() -> None:
    """Not answered yet, done, failed and only practised are told apart."""
    outcomes = [None, DONE, failed("no microphone"), DRY_RUN]
    assert len({pixels(outcome) for outcome in outcomes}) == 4


def test_marks_fade_when_the_hand_goes() -> None:
    """A hand that left the view, or that is not seen any more, fades within half a second."""
    fading, there = Fading(), hand(seen=1.0)
    assert [round(part, 2) for _, part in fading.update([there], 1.0)] == [1.0]
    assert fading.update([], 1.05)[0][1] == 1.0
    assert 0 < fading.update([], 1.2)[0][1] < 0.5
    assert fading.update([], 1.4) == []
    stale = Fading()
    stale.update([there], 1.0)
    assert stale.update([there], 1.3)[0][1] == 1.0
    assert stale.update([there], 1.8)[0][1] == 0.0
    assert stale.update([hand(seen=1.8)], 1.85)[0][1] == 1.0


def test_slow_recognition_does_not_make_marks_blink() -> None:
    """Where a hand is seen only every half second, its mark stays."""
    fading = Fading()
    parts = [fading.update([hand(seen=step // 10 / 2)], step / 20)[0][1] for step in range(20, 80)]
    assert min(parts) == 1.0
