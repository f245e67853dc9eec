"""Every press has its release."""

import contextlib
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.keyboard import FakeKeyboard
from vcam.actions.chord import parse_chord
from vcam.actions.keyboard.held_keys import HeldKeys, press_chord
from vcam.errors import ActionError
from vcam.system.clock import SteppedClock

CHORD = parse_chord("ctrl+shift+m")


class FailingKeyboard(FakeKeyboard):
    """Fails at the n-th press."""

    def __init__(self, fails_at: int) -> None:
        super().__init__()
        self._left = fails_at

    def press(self, key: str) -> None:
        """Press, or fail half way: the key may be down already."""
        super().press(key)
        self._left -= 1
        if self._left < 0:
            raise ActionError("the display is gone")


def test_order() -> None:
    """Keys go down in order and come up in reverse."""
    keyboard = FakeKeyboard()
    press_chord(HeldKeys(keyboard), CHORD, SteppedClock())
    assert keyboard.log == ["+ctrl", "+shift", "+m", "-m", "-shift", "-ctrl"]


def test_a_missing_key_presses_nothing() -> None:
    """When the last key of a chord is missing, not even its modifiers go down."""
    keyboard = FakeKeyboard(missing=["m"])
    with pytest.raises(ActionError):
        press_chord(HeldKeys(keyboard), CHORD, SteppedClock())
    assert keyboard.log == []


@given(st.integers(0, 2))
def test_a_failing_press_leaves_nothing_down(fails_at: int) -> None:
    """Wherever a chord fails, everything that went down comes up again."""
    keyboard = FailingKeyboard(fails_at)
    with pytest.raises(ActionError):
        press_chord(HeldKeys(keyboard), CHORD, SteppedClock())
    assert keyboard.down == []


def test_a_key_held_twice_stays_until_both_let_go() -> None:
    """A key that two gestures hold is pressed once and released once, by the last."""
    keyboard = FakeKeyboard()
    held = HeldKeys(keyboard)
    held.hold((1, "fist"), parse_chord("space"))
    held.hold((2, "palm"), parse_chord("shift+space"))
    held.let_go((1, "fist"))
    assert keyboard.down == ["space", "shift"]
    held.let_go((2, "palm"))
    assert keyboard.log == ["+space", "+shift", "-space", "-shift"]


owners = st.tuples(st.integers(1, 3), st.sampled_from(["fist", "palm"]))
chords = st.sampled_from(["space", "ctrl+a", "ctrl+shift+b", "shift"])
steps = st.lists(st.tuples(st.booleans(), owners, chords), max_size=30)


@settings(max_examples=60)
@given(steps)
def test_presses_and_releases_balance(moves: list[tuple[bool, tuple[int, str], str]]) -> None:
    """Whatever is held and let go in whatever order, nothing is down at the end."""
    keyboard = FakeKeyboard()
    held = HeldKeys(keyboard)
    for down, owner, chord in moves:
        if down:
            held.hold(owner, parse_chord(chord))
        else:
            held.let_go(owner)
    held.release_all()
    assert keyboard.down == []
    assert not held
    count = Counter(keyboard.log)
    assert all(count["+" + key] == count["-" + key] for key in ("space", "ctrl", "shift", "a", "b"))


class Moody(FakeKeyboard):
    """Fails at the calls whose numbers it is given, after the key has moved."""

    def __init__(self, fails_at: set[int]) -> None:
        super().__init__()
        self._fails_at, self._calls = fails_at, 0

    def press(self, key: str) -> None:
        """Press, and perhaps fail in a way that nobody foresaw."""
        super().press(key)
        self._count()

    def release(self, key: str) -> None:
        """Release, and perhaps fail in a way that nobody foresaw."""
        super().release(key)
        self._count()

    def _count(self) -> None:
        self._calls += 1
        if self._calls in self._fails_at:
            raise OSError("the display is gone")


@settings(max_examples=60)
@given(st.sets(st.integers(1, 40)), steps)
def test_failing_calls_leave_nothing_down(
    fails_at: set[int], moves: list[tuple[bool, tuple[int, str], str]]
) -> None:
    """Whichever presses and releases fail, and however, no key is forgotten."""
    keyboard = Moody(fails_at)
    held = HeldKeys(keyboard)
    for down, owner, chord in moves:
        with contextlib.suppress(OSError):
            if down:
                held.hold(owner, parse_chord(chord))
            else:
                press_chord(held, parse_chord(chord), SteppedClock())
    held.release_all()
    assert keyboard.down == []
    assert not held


@given(st.sampled_from(["ctrl", "shift", "m", "ctrl+shift"]))
def test_a_chord_leaves_held_keys_down(holding: str) -> None:
    """A chord that is pressed while a gesture holds one of its keys does not release that key."""
    keyboard = FakeKeyboard()
    held = HeldKeys(keyboard)
    chord = parse_chord(holding)
    held.hold((1, "fist"), chord)
    press_chord(held, CHORD, SteppedClock())
    assert keyboard.down == list(chord.keys)


def _let_a_thread_hang(chord: str) -> tuple[FakeKeyboard, HeldKeys, Callable[[], None]]:
    """Return keys where another thread hangs in pressing `a` of `chord`, and what ends that."""
    entered, leave = threading.Event(), threading.Event()

    class Stuck(FakeKeyboard):
        def press(self, key: str) -> None:
            if key == "a":
                entered.set()
                leave.wait(5)
            super().press(key)

    keyboard = Stuck()
    held = HeldKeys(keyboard)
    held.hold((1, "fist"), parse_chord("space"))

    def hold() -> None:
        with pytest.raises(ActionError, match="let go"):
            held.hold((2, "palm"), parse_chord(chord))

    thread = threading.Thread(target=hold)
    thread.start()
    assert entered.wait(2)

    def go_on() -> None:
        leave.set()
        thread.join(2)
        assert not thread.is_alive()

    return keyboard, held, go_on


def test_release_all_does_not_wait_for_a_stuck_thread() -> None:
    """Keys come up even while another thread hangs, those of its own chord too."""
    keyboard, held, go_on = _let_a_thread_hang("ctrl+a")
    assert keyboard.down == ["space", "ctrl"]
    held.release_all()
    assert keyboard.down == []
    go_on()


def test_a_stuck_thread_that_continues_leaves_nothing_down() -> None:
    """A press that comes through after everything was released is taken back."""
    keyboard, held, go_on = _let_a_thread_hang("ctrl+a")
    held.release_all()
    go_on()
    assert keyboard.log[-2:] == ["-a", "-ctrl"]
    assert keyboard.down == []
    assert not held


def test_a_modifier_that_the_person_holds() -> None:
    """It would make another chord of it: nothing is pressed, and the person is told."""
    keyboard = FakeKeyboard()
    held = HeldKeys(keyboard)
    keyboard.held_by_the_person = frozenset({"shift"})
    with pytest.raises(ActionError, match=r"shift is held down .* another key of alt\+a"):
        press_chord(held, parse_chord("alt+a"))
    assert keyboard.log == []
    press_chord(held, parse_chord("shift+a"), SteppedClock())
    held.hold((1, "fist"), parse_chord("space"))  # push-to-talk works with whatever else is down
    assert keyboard.log == ["+shift", "+a", "-a", "-shift", "+space"]


def test_a_modifier_that_is_let_go_in_time() -> None:
    """Whoever types a capital letter at that moment delays the chord, and no more."""
    keyboard = FakeKeyboard()
    keyboard.held_by_the_person = frozenset({"right_shift"})
    timer = threading.Timer(0.1, lambda: setattr(keyboard, "held_by_the_person", frozenset()))
    timer.start()
    press_chord(HeldKeys(keyboard), parse_chord("alt+a"))
    timer.join()
    assert keyboard.log == ["+alt", "+a", "-a", "-alt"]


def test_modifiers_of_ours_are_no_strangers() -> None:
    """What another gesture holds does not keep a chord back, and neither does the right twin."""
    keyboard = FakeKeyboard()
    held = HeldKeys(keyboard)
    held.hold((1, "fist"), parse_chord("ctrl"))
    keyboard.held_by_the_person = frozenset({"right_alt"})
    press_chord(held, parse_chord("alt+a"), SteppedClock())
    assert keyboard.log == ["+ctrl", "+alt", "+a", "-a", "-alt"]
