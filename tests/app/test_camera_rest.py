"""The camera rests while nobody looks, and never while somebody may."""

import pytest

from vcam.app.camera_rest import REST_AFTER_S, CameraRest, Watchers
from vcam.system.clock import SteppedClock


class Case:
    """A camera, those who may look at it, and a clock that the test moves."""

    def __init__(self) -> None:
        self.reported: list[bool] = []
        self.wanted, self.person = True, False
        self.call: bool | None = False
        self.clock = SteppedClock()
        watchers = Watchers(lambda: self.wanted, lambda: self.call, lambda: self.person)
        self.rester = CameraRest(self, watchers, self.clock)

    def rest(self, *, resting: bool) -> None:
        """Take in what is asked of the camera."""
        self.reported.append(resting)

    def after(self, seconds: float) -> list[bool]:
        """Let time pass, and return everything that was asked of the camera so far."""
        end = self.clock.now() + seconds
        while self.clock.now() < end:
            self.clock.set(self.clock.now() + 0.5)
            self.rester.step()
        return self.reported


def test_it_rests_after_a_while_and_wakes_at_once() -> None:
    """Ten seconds without anybody close the camera; the first one who looks opens it."""
    case = Case()
    assert case.after(REST_AFTER_S - 1) == []
    assert case.after(1) == [True]
    assert case.after(60) == [True]
    case.call = True
    case.rester.step()
    assert case.reported == [True, False]


def test_a_short_glance_starts_the_time_again() -> None:
    """Whoever leaves and comes back within ten seconds never finds the camera closed."""
    case = Case()
    for _ in range(4):
        case.call = True
        case.after(1)
        case.call = False
        assert case.after(REST_AFTER_S - 1) == []


@pytest.mark.parametrize(
    ("wanted", "call", "person"),
    [(False, False, False), (True, True, False), (True, None, False), (True, False, True)],
    ids=["switched off", "a call", "nobody can tell", "a window or the panel"],
)
def test_it_stays_on(wanted: bool, call: bool | None, person: bool) -> None:
    """Without the setting, or while somebody looks or may look, it is never closed."""
    case = Case()
    case.wanted, case.call, case.person = wanted, call, person
    assert case.after(100) == []


def test_switching_it_off_wakes_the_camera() -> None:
    """The setting takes effect while the camera rests."""
    case = Case()
    case.after(REST_AFTER_S)
    case.wanted = False
    assert case.after(1) == [True, False]
