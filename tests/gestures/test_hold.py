"""The truth table of hold, fire and release."""

from dataclasses import dataclass

import pytest

from vcam.gestures.hold import Hold, HoldInput, Step, max_drift


@dataclass(frozen=True)
class Case:
    """What a hand shows every tenth of a second: `s` stop, `p` palm, `.` nothing, being gone.

    `-` is a hand that stays and seems to show nothing, a capital letter one that is not steady.
    Expected: step and the tenth it happens at.
    """

    name: str
    shown: str
    expected: list[tuple[str, int]]


CASES = [
    Case("nothing", "......", []),
    Case("held", ".sssss", [("begin stop", 1), ("fire stop", 4)]),
    Case("held-and-released", "sssss...", [("begin stop", 0), ("fire stop", 3), ("end stop", 7)]),
    Case("let-go-early", "sss...", [("begin stop", 0), ("cancel stop", 3)]),
    Case("blink-after-fire", "ssss.ss..ss", [("begin stop", 0), ("fire stop", 3)]),
    Case("fires-once", "s" * 60, [("begin stop", 0), ("fire stop", 3)]),
    Case(
        "twice",
        "ssss...ssss",
        [
            ("begin stop", 0),
            ("fire stop", 3),
            ("end stop", 6),
            ("begin stop", 7),
            ("fire stop", 10),
        ],
    ),
    Case("other-while-holding", "sspp", [("begin stop", 0), ("cancel stop", 2), ("begin palm", 2)]),
    Case(
        "other-while-fired",
        "sssspppp",
        [("begin stop", 0), ("fire stop", 3), ("end stop", 6), ("begin palm", 6)],
    ),
    Case("blink", "ss-sss", [("begin stop", 0), ("fire stop", 4)]),
    Case("two-blinks", "ss--s--ss", [("begin stop", 0), ("fire stop", 7)]),
    Case("long-blink", "ss---s", [("begin stop", 0), ("cancel stop", 4), ("begin stop", 5)]),
    Case("let-go-after-a-blink", "ss-.", [("begin stop", 0), ("cancel stop", 3)]),
    Case("other-after-a-blink", "ss-p", [("begin stop", 0), ("cancel stop", 3), ("begin palm", 3)]),
    Case("unsteady-does-not-begin", "SSSSSS", []),
    Case("unsteady-does-not-fire", "sssSSSSS", [("begin stop", 0)]),
    Case("unsteady-does-not-count", "ssSSSss", [("begin stop", 0), ("fire stop", 6)]),
]


def showing(letter: str, may_begin: bool = True) -> HoldInput:
    """Return what one letter of a case means."""
    gesture = {"s": "stop", "p": "palm"}.get(letter.lower(), "no_gesture")
    steady, stays = letter.islower(), letter == "-"
    return HoldInput(gesture, may_begin, steady, hold_s=0.3, release_s=0.2, stays=stays)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_truth_table(case: Case) -> None:
    """Each row of the table gives its steps at its times, and no others."""
    hold, found = Hold(), []
    for index, letter in enumerate(case.shown):
        for phase, gesture in hold.update(showing(letter), index / 10):
            found.append((f"{phase} {gesture}", index))
    assert found == case.expected


def test_no_hold_begins_where_none_may() -> None:
    """While the cooldown lasts, nothing begins."""
    assert Hold().update(showing("s", may_begin=False), 0.0) == []


def test_progress_grows_to_one_only_by_firing() -> None:
    """The ring is full when the gesture has fired, and not before."""
    hold = Hold()
    grown = []
    for index in range(5):
        hold.update(showing("s"), index / 10)
        grown.append(round(hold.progress, 2))
    assert grown == [0.0, 0.33, 0.67, 1.0, 1.0]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [("", []), ("s", [("cancel", "stop")]), ("ssss", [("end", "stop")])],
    ids=["idle", "holding", "fired"],
)
def test_stop_closes_what_is_open(shown: str, expected: list[Step]) -> None:
    """Stopping cancels a hold, ends what fired, and does it once."""
    hold = Hold()
    for index, letter in enumerate(shown):
        hold.update(showing(letter), index / 10)
    assert hold.stop() == expected
    assert hold.stop() == []


def test_no_hold_time_fires_at_once() -> None:
    """A hold time of zero begins and fires in the same moment."""
    at_once = HoldInput("stop", may_begin=True, steady=True, hold_s=0.0, release_s=0.2)
    assert Hold().update(at_once, 1.0) == [("begin", "stop"), ("fire", "stop")]


@pytest.mark.parametrize(("drift", "fires_at"), [(0.4, 3), (0.8, 5)])
def test_a_hand_that_drifts_starts_again(drift: float, fires_at: int) -> None:
    """A hand that is elsewhere after a while, however slowly it went, has not been held."""
    hold, fired = Hold(), []
    for index in range(8):
        place = (100 * drift * min(index, 2) / 2, 0.0)
        steps = hold.update(showing("s")._replace(place=place, size=100), index / 10)
        fired += [index for phase, _ in steps if phase == "fire"]
    assert fired == [fires_at]


def test_a_hand_that_drifts_while_it_blinks_is_let_go() -> None:
    """What shows nothing somewhere else has been moved: the hold is called off."""
    hold = Hold()
    hold.update(showing("s")._replace(size=100.0), 0.0)
    assert hold.update(showing("-")._replace(size=100.0, place=(70.0, 0.0)), 0.1) == [
        ("cancel", "stop")
    ]


@pytest.mark.parametrize(
    ("hold_s", "drift"), [(0.0, 0.4), (0.35, 0.4), (0.6, 0.4), (0.9, 0.6), (5.0, 0.8)]
)
def test_a_hand_that_is_held_for_longer_may_drift_as_fast(hold_s: float, drift: float) -> None:
    """As far as the usual hold allows, in proportion, and twice as far at most."""
    assert max_drift(hold_s) == pytest.approx(drift)
