"""Two steps that mean something together, and both hands at once."""

import pytest

from tests.rigs.traces import Row, moments, play
from vcam.core.binding import Binding
from vcam.core.event import Event
from vcam.core.labels import Side

RATES = (5, 15, 60)
CENTRE, ASIDE = (500.0, 400.0, 500.0, 400.0), (900.0, 400.0, 900.0, 400.0)
FIST_THEN_PALM = Binding("fist>palm", "mic.toggle")
BOTH_PALMS = Binding("palm", "video.blank", hand="both")
ONE_PALM = Binding("palm", "mic.mute")


def _row(begin: float, end: float, gesture: str, side: Side = "right") -> Row:
    way = CENTRE if side == "right" else ASIDE
    return Row(begin, end, gesture, 0.95, side, way, 180)


def _fires(rows: list[Row], rate: float, *bindings: Binding) -> list[tuple[str, str, str | None]]:
    times = moments(max(row.end for row in rows) + 1, rate)
    return [_reported(event) for event in play(rows, times, bindings) if event.phase == "fire"]


def _reported(event: Event) -> tuple[str, str, str | None]:
    return event.gesture, event.hand, event.action


@pytest.mark.parametrize("rate", RATES)
def test_two_steps_fire_once_and_the_second_is_no_gesture_of_its_own(rate: float) -> None:
    """A fist, then a palm that is held for long: the sequence fires, the palm does not."""
    rows = [_row(1.0, 1.5, "fist"), _row(1.6, 4.0, "palm")]
    fires = _fires(rows, rate, FIST_THEN_PALM, ONE_PALM)
    assert fires == [("fist>palm", "right", "mic.toggle")]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([_row(1.0, 1.5, "palm"), _row(1.6, 2.1, "fist")], id="wrong-order"),
        pytest.param([_row(1.0, 1.5, "fist"), _row(3.0, 3.5, "palm")], id="too-late"),
        pytest.param([_row(1.0, 1.5, "fist"), _row(1.6, 2.1, "palm", "left")], id="other-hand"),
        pytest.param(
            [_row(1.0, 1.5, "fist"), _row(1.5, 2.0, "ok"), _row(2.0, 2.5, "palm")],
            id="one-between",
        ),
    ],
)
def test_other_steps_are_no_sequence(rows: list[Row], rate: float) -> None:
    """Another order, a long wait, another hand or a step between: nothing fires."""
    assert _fires(rows, rate, FIST_THEN_PALM) == []


def test_a_sequence_that_nobody_bound_is_none() -> None:
    """Without the binding the second step is a gesture like any other."""
    rows = [_row(1.0, 1.5, "fist"), _row(1.6, 4.0, "palm")]
    assert _fires(rows, 15, ONE_PALM) == [("palm", "right", "mic.mute")]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("single", [(), (ONE_PALM,)], ids=["alone", "beside-one-hand"])
def test_both_hands_fire_once(rate: float, single: tuple[Binding, ...]) -> None:
    """Two palms fire what is bound to both, once, and nothing when one goes down first."""
    rows = [_row(1.0, 3.0, "palm"), _row(1.05, 4.5, "palm", "left")]
    assert _fires(rows, rate, BOTH_PALMS, *single) == [("palm", "any", "video.blank")]


@pytest.mark.parametrize("rate", RATES)
def test_one_hand_waits_for_the_other(rate: float) -> None:
    """One palm alone does nothing where only both are bound."""
    assert _fires([_row(1.0, 4.0, "palm")], rate, BOTH_PALMS) == []


@pytest.mark.parametrize("rate", RATES)
def test_one_hand_alone_still_has_its_own(rate: float) -> None:
    """One palm fires its own binding, also where both hands have another."""
    fires = _fires([_row(1.0, 4.0, "palm")], rate, BOTH_PALMS, ONE_PALM)
    assert fires == [("palm", "right", "mic.mute")]


@pytest.mark.parametrize("rate", RATES)
def test_different_gestures_are_not_both(rate: float) -> None:
    """A palm and a fist are no two palms."""
    rows = [_row(1.0, 4.0, "palm"), _row(1.0, 4.0, "fist", "left")]
    assert _fires(rows, rate, BOTH_PALMS) == [("fist", "left", None)]
