"""The microphones of Windows: rules over endpoints of our own, and Core Audio where it is."""

import sys
import threading
from collections.abc import Sequence

import pytest

from vcam.actions.microphone.microphone import change_microphone
from vcam.actions.microphone.windows import Endpoint, WindowsMicrophone
from vcam.errors import ActionError

windows_only = pytest.mark.skipif(sys.platform != "win32", reason="Core Audio is Windows' own")


class Switch:
    """A microphone that can be told to refuse, or to be gone."""

    def __init__(self, *, on: bool = False, obeys: bool = True) -> None:
        self.on, self.obeys, self.gone = on, obeys, False

    def muted(self) -> bool:
        if self.gone:
            raise OSError("device not found")
        return self.on

    def set_muted(self, muted: bool) -> None:
        if self.obeys:
            self.on = muted


class Defaults:
    """The default microphones, as a test sets them."""

    def __init__(self, *switches: Switch) -> None:
        self.switches = switches

    def current(self) -> Sequence[Endpoint]:
        if not self.switches:
            raise OSError("element not found")
        return self.switches


def test_both_default_microphones_are_muted_and_unmuted() -> None:
    """Where calls have a microphone of their own, it and the console's change together."""
    calls, console = Switch(), Switch()
    microphone = WindowsMicrophone(Defaults(calls, console))
    assert change_microphone(microphone, "mute")
    assert (calls.on, console.on) == (True, True)
    assert not change_microphone(microphone, "unmute")
    assert (calls.on, console.on) == (False, False)


@pytest.mark.parametrize(("calls", "console"), [(True, False), (False, True)])
def test_one_open_microphone_is_not_muted(calls: bool, console: bool) -> None:
    """Muted is said only when no default microphone hears anything; toggle then mutes both."""
    switches = Switch(on=calls), Switch(on=console)
    microphone = WindowsMicrophone(Defaults(*switches))
    assert not microphone.muted()
    assert change_microphone(microphone, "toggle")
    assert all(switch.on for switch in switches)


@pytest.mark.parametrize("change", ["mute", "unmute"])
@pytest.mark.parametrize("stubborn", [0, 1])
def test_a_microphone_that_refuses_is_reported(change: str, stubborn: int) -> None:
    """Each one is read back: a driver that ignores the change does not go unnoticed."""
    switches = [Switch(on=change == "unmute"), Switch(on=change == "unmute")]
    switches[stubborn].obeys = False
    with pytest.raises(ActionError, match=rf"cannot be {change}d.*own mute button"):
        change_microphone(WindowsMicrophone(Defaults(*switches)), change)


def test_no_microphone_says_where_to_choose_one() -> None:
    """Without a default microphone one sentence names the place in Windows' settings."""
    with pytest.raises(ActionError, match=r"element not found.*Settings > System > Sound"):
        WindowsMicrophone(Defaults())


def test_a_microphone_that_is_pulled_out_is_an_action_error() -> None:
    """A device that goes between two calls ends in the same sentence."""
    switch = Switch()
    microphone = WindowsMicrophone(Defaults(switch))
    switch.gone = True
    with pytest.raises(ActionError, match="device not found"):
        microphone.set_muted(True)


@windows_only
def test_core_audio_mutes_and_unmutes_from_any_thread() -> None:
    """The real system takes each change and says so, from the thread that opened it and others."""
    microphone = WindowsMicrophone()
    before = microphone.muted()
    results: list[object] = []

    def change() -> None:
        try:
            results.extend(change_microphone(microphone, word) for word in ("mute", "unmute"))
        except ActionError as error:
            results.append(error)

    try:
        change()
        thread = threading.Thread(target=change)
        thread.start()
        thread.join(10)
        assert results == [True, False, True, False]
    finally:
        microphone.set_muted(before)
