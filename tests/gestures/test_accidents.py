"""What happens before a camera and is meant by nobody fires nothing; what is meant, does.

Every scene is filmed at 10, 15, 30 and 60 frames a second and has to come out the same.
"""

import math
from dataclasses import replace

import pytest

from tests.rigs.scenes import RATES, Scene, Seen, decided, fires, swaying
from vcam.gestures.sensitivity import PRESETS
from vcam.gestures.settings import GestureSettings

NOTHING = "no_gesture"


def held_pen(time: float) -> list[Seen]:
    """Return a hand with a pen: a finger for a moment, plainly none, then a finger for longer."""
    one = 0.5 <= time < 1.0 or (time >= 1.5 and (time - 1.5) % 1.5 < 0.9)
    return [swaying(Seen("one" if one else NOTHING, 160, 80, score=0.9), time)]


def cup_in_two_hands(time: float) -> list[Seen]:
    """Return two quiet hands with a cup between them, one of which looks like a thumb up."""
    return [
        swaying(Seen("like", 140, 100), time),
        swaying(Seen(NOTHING, 190, 104, side="left"), time),
    ]


def cable(time: float) -> list[Seen]:
    """Return two hands that hold a cable's end each, and pull it."""
    apart = 50 + 5 * math.sin(1.7 * time)
    return [
        swaying(Seen("call", 150 - apart / 2, 90, size=45), time),
        swaying(Seen("fist", 150 + apart / 2, 86, size=42, side="left"), time),
    ]


def face_in_profile(time: float) -> list[Seen]:
    """Return a head that the detector half takes for a hand; after a while it looks aside."""
    gesture = "dislike" if time >= 5 or 2 <= time < 2.3 else NOTHING
    return [swaying(Seen(gesture, 160, 70, size=60, score=0.92, found=0.53), time, 0.15)]


def tie(time: float) -> list[Seen]:
    """Return a tie, which comes with its person and goes where that person goes."""
    gesture = "dislike" if time >= 5 or time % 2.4 < 0.35 else NOTHING
    return [swaying(Seen(gesture, 160, 120, size=40, score=0.9, found=0.5), time, 0.2)]


def logo(time: float) -> list[Seen]:
    """Return a logo of a hand that is burnt into the picture."""
    return [Seen("palm", 280, 30, size=30, dead=True)]


def picture_in_picture(time: float) -> list[Seen]:
    """Return a person whose hands come up now and then, and a small film of another one's hand."""
    small = swaying(Seen("stop", 290, 30, size=14), time)
    if time % 5 >= 1.5:
        return [small]
    way = 35 * math.sin(7 * time)
    return [
        Seen(NOTHING, 110 + way, 100),
        Seen(NOTHING, 210 - way, 110, side="left"),
        small,
    ]


def somebody_behind(time: float) -> list[Seen]:
    """Return a person whose hands lie on the table, and a hand that is held up far behind."""
    return [
        swaying(Seen(NOTHING, 120, 130), time),
        swaying(Seen(NOTHING, 200, 132, side="left"), time),
        swaying(Seen("stop", 60, 40, size=14), time),
    ]


def crowd_that_cheers(time: float) -> list[Seen]:
    """Return the hands of five people, open and waved, of like size and in the same row."""
    return [
        Seen(
            "palm",
            40 + 60 * person + 16 * math.sin(6 * time + person),
            70 + 8 * math.sin(5 * time + 2 * person),
            size=40 + person,
            side="left" if person % 2 else "right",
        )
        for person in range(5)
    ]


def to_the_lap(time: float) -> list[Seen]:
    """Return an open hand that rests before the chest for a moment and sinks into the lap."""
    sunk = min(1.0, max(0.0, (time - 1.0) / 0.4))
    gesture = "stop" if 0.6 < time < 1.2 else NOTHING
    return [swaying(Seen(gesture, 160, 60 + 95 * sunk, size=42), time)]


def to_the_table(time: float) -> list[Seen]:
    """Return an open hand that goes down onto a table in the middle of the picture, and lies."""
    sunk = min(1.0, max(0.0, (time - 1.0) / 0.4))
    gesture = "stop" if 0.6 < time < 1.2 else NOTHING
    return [swaying(Seen(gesture, 160, 40 + 85 * sunk, size=35), time)]


def raised(seen: Seen, time: float, at: float = 0.5) -> list[Seen]:
    """Return a hand that comes up at a time, is held for two seconds and goes down again."""
    if not at <= time < at + 3:
        return []
    down = max(0.0, 1 - (time - at) / 0.35, (time - at - 2.5) / 0.35)
    blurred = down > 0.05
    shown = replace(seen, y=seen.y + 100 * down, gesture=NOTHING if blurred else seen.gesture)
    return [swaying(shown, time)]


def before_somebody(time: float) -> list[Seen]:
    """Return a gesture that is meant, while somebody far behind waves."""
    other = Seen("palm", 270 + 10 * math.sin(8 * time), 50, size=15)
    return [*raised(Seen("like", 120, 80), time), other]


def watch(time: float) -> list[Seen]:
    """Return a gesture above a watch that is taken for a hand, too."""
    shown = raised(Seen("like", 120, 80), time)
    return [*shown, *(Seen(NOTHING, s.x, s.y + 24, size=9, found=0.6) for s in shown)]


def at_the_logo(time: float) -> list[Seen]:
    """Return a gesture that is held up beside a logo of the same hand."""
    return [*raised(Seen("palm", 120, 80), time), *logo(time)]


ACCIDENTS = {
    scene.__name__: scene
    for scene in (
        held_pen,
        cup_in_two_hands,
        cable,
        face_in_profile,
        tie,
        logo,
        picture_in_picture,
        somebody_behind,
        crowd_that_cheers,
        to_the_lap,
        to_the_table,
    )
}
MEANT = {
    "alone": (lambda time: raised(Seen("stop", 120, 80), time), "stop"),
    "far": (lambda time: raised(Seen("like", 120, 80, size=14, found=0.55), time), "like"),
    "before somebody": (before_somebody, "like"),
    "above a watch": (watch, "like"),
    "at a logo": (at_the_logo, "palm"),
}


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("name", ACCIDENTS)
def test_an_accident_fires_nothing(name: str, rate: float) -> None:
    """However many frames a second there are, nobody has meant this, and nothing fires."""
    assert fires(decided(ACCIDENTS[name], 12, rate)) == []


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("every", [1.0, 2.5, 4.0])
def test_a_logo_fires_nothing_however_often_the_scene_is_cut(every: float, rate: float) -> None:
    """It is not believed from its first moment on, nor from the first one after a cut."""
    assert fires(decided(logo, 12, rate, cut_every=every)) == []


@pytest.mark.parametrize("name", MEANT)
def test_what_is_meant_fires_once_and_in_time_at_every_rate(name: str) -> None:
    """The same event at any rate, 0.4 s after the hold at the latest."""
    scene, gesture = MEANT[name]
    for rate in RATES:
        events = decided(scene, 5, rate)
        assert fires(events) == [gesture], rate
        (fired,) = (event.time for event in events if event.phase == "fire")
        assert fired <= 0.5 + 0.35 + 0.6 + 0.4 + 1 / rate


def resting(found: float) -> Scene:
    """Return a hand that rests where it is for five seconds, and then shows something there."""

    def scene(time: float) -> list[Seen]:
        gesture = "dislike" if time >= 5 else NOTHING
        return [swaying(Seen(gesture, 160, 70, found=found), time, 0.15)]

    return scene


@pytest.mark.parametrize("rate", RATES)
def test_a_hand_that_rests_in_view_need_not_be_raised(rate: float) -> None:
    """What the detector is confident of is a hand; what it half doubts has to be raised first."""
    assert fires(decided(resting(0.7), 8, rate)) == ["dislike"]
    assert fires(decided(resting(0.53), 8, rate)) == []


@pytest.mark.parametrize("rate", RATES)
def test_a_doubtful_hand_that_is_raised_after_a_rest_fires(rate: float) -> None:
    """Far hands are doubted, too: whoever lets one rest and then raises it is believed."""

    def scene(time: float) -> list[Seen]:
        up = min(1.0, max(0.0, (time - 5) / 0.4))
        return [swaying(Seen("like" if up == 1 else NOTHING, 160, 120 - 60 * up, found=0.55), time)]

    assert fires(decided(scene, 8, rate)) == ["like"]


@pytest.mark.parametrize("rate", RATES)
def test_somebody_behind_counts_when_nobody_has_been_in_front_for_long(rate: float) -> None:
    """Ten seconds after the hands in front went, a far hand counts; with two people at once."""

    def scene(time: float) -> list[Seen]:
        front = [swaying(Seen(NOTHING, 110, 100), time)] if time < 2 else []
        behind = Seen("stop", 280, 40, size=14)
        return [*front, *raised(behind, time, at=3.0), *raised(behind, time, at=13.0)]

    (fired,) = (event.time for event in decided(scene, 17, rate) if event.phase == "fire")
    assert 13.6 <= fired <= 14.5
    assert fires(decided(scene, 6, rate, GestureSettings(max_people=2))) == ["stop"]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("y", [100, 170])
def test_who_reaches_past_the_camera_is_not_nearer_for_it(y: float, rate: float) -> None:
    """A hand that the edge cuts is large for a moment; the same person's is believed after it."""

    def scene(time: float) -> list[Seen]:
        reaching = swaying(Seen(NOTHING, 200, y, size=100), time)
        return [reaching] if time < 1.5 else raised(Seen("stop", 120, 70, size=30), time, at=2.0)

    assert fires(decided(scene, 6, rate)) == (["stop"] if y > 100 else [])


@pytest.mark.parametrize("rate", RATES)
def test_a_gesture_that_was_taken_back_is_held_a_little_longer(rate: float) -> None:
    """It fires 0.4 s later than one that comes from a hand which has shown nothing yet."""

    def scene(begins: float) -> Scene:
        def shown(time: float) -> list[Seen]:
            like = begins <= time < 1.0 or time >= 1.7
            return [swaying(Seen("like" if like else NOTHING, 160, 80), time)]

        return shown

    back, new = (
        next(event.time for event in decided(scene(begins), 5, rate) if event.phase == "fire")
        for begins in (0.6, 1.0)
    )
    assert back - new == pytest.approx(0.4, abs=0.11)


def test_the_sensitivities_keep_their_order_in_what_is_meant() -> None:
    """Quick fires first, then usual, then calm; each once."""
    scene: Scene = MEANT["alone"][0]
    times = []
    for word in ("quick", "usual", "calm"):
        settings = GestureSettings(**PRESETS[word].settings())  # type: ignore[arg-type]
        events = [event for event in decided(scene, 5, 15, settings) if event.phase == "fire"]
        assert [event.gesture for event in events] == ["stop"]
        times.append(events[0].time)
    assert times == sorted(times)
    assert len(set(times)) == 3


@pytest.mark.parametrize("word", ["usual", "calm"])
@pytest.mark.parametrize("name", ACCIDENTS)
def test_calm_fires_no_more_than_usual(name: str, word: str) -> None:
    """What usual does not believe, calm does not."""
    settings = GestureSettings(**PRESETS[word].settings())  # type: ignore[arg-type]
    assert fires(decided(ACCIDENTS[name], 12, 15, settings)) == []
