"""What is a swipe by movement and what is not."""

import pytest

from vcam.gestures.swipe import Moment, swipe_along


def way(
    dx: float, dy: float, seconds: float, is_open: bool = True, bend: float = 0
) -> list[Moment]:
    """Return a way of a hand of size 100 in eight steps; `bend` takes it aside in the middle."""
    parts = [index / 8 for index in range(9)]
    aside = [bend * (1 - abs(2 * part - 1)) for part in parts]
    return [
        Moment(part * seconds, 500 + part * dx, 300 + part * dy + off, 100, is_open, not is_open)
        for part, off in zip(parts, aside, strict=True)
    ]


@pytest.mark.parametrize(
    ("dx", "dy", "name"),
    [
        (250, 0, "swipe_left"),
        (-250, 0, "swipe_right"),
        (0, -200, "swipe_up"),
        (0, 200, "swipe_down"),
        (-250, 60, "swipe_right"),
    ],
)
def test_directions_are_the_persons_own(dx: float, dy: float, name: str) -> None:
    """To the right edge of an unmirrored picture is the person's left."""
    assert swipe_along(way(dx, dy, 0.4)) == name


@pytest.mark.parametrize(
    "no_swipe",
    [
        pytest.param(way(120, 0, 0.4), id="too-short"),
        pytest.param(way(250, 0, 0.12), id="too-quick"),
        pytest.param(way(250, 0, 1.2), id="too-slow"),
        pytest.param(way(250, 0, 0.4, is_open=False), id="closed-hand"),
        pytest.param(way(200, 170, 0.4), id="diagonal"),
        pytest.param(way(200, 0, 0.4, bend=150), id="bent"),
    ],
)
def test_other_movements_are_none(no_swipe: list[Moment]) -> None:
    """Short, slow, hasty, bent or slanting movements, and closed hands, are no swipes."""
    assert swipe_along(no_swipe) is None
