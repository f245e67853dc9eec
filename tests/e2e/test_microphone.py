"""Real sound servers with microphones that hear nothing: muted, read back, changed by others."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.rigs.sound import PipeWire, PulseAudio, pactl
from vcam.actions.microphone.events import MicrophoneEvents, open_events
from vcam.actions.microphone.linux import TOOLS, ToolMicrophone
from vcam.actions.microphone.microphone import change_microphone
from vcam.actions.microphone.monitor import MUTED_BADGE, MicrophoneMonitor
from vcam.actions.microphone.open import open_microphone
from vcam.errors import ActionError
from vcam.pipeline.state import ProgramState
from vcam.system.clock import SystemClock

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the servers are Linux's")
PACTL = next(tool for tool in TOOLS if tool.name == "pactl")


@pytest.fixture(params=[PulseAudio, PipeWire])
def server(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PulseAudio]:
    """Return a running server, whose default source is the first microphone."""
    server = request.param(tmp_path, monkeypatch)
    try:
        yield server
    finally:
        server.end()


def _mute(source: str) -> str:
    return pactl("get-source-mute", source).strip()


def test_mute_unmute_toggle(server: PulseAudio) -> None:
    """Each does what it says, twice as well as once, and another program sees it."""
    microphone = open_microphone()
    for change, muted in (
        ("mute", True),
        ("mute", True),
        ("unmute", False),
        ("unmute", False),
        ("toggle", True),
        ("toggle", False),
    ):
        assert change_microphone(microphone, change) is muted
        assert microphone.muted() is muted
        assert _mute("first") == f"Mute: {'yes' if muted else 'no'}"
    assert _mute("second") == "Mute: no"


def test_speakers_are_left_alone(server: PulseAudio) -> None:
    """Where the default source is what the speakers play, nothing is muted."""
    microphone = open_microphone()
    server.use("speakers.monitor")
    with pytest.raises(ActionError, match="no microphone"):
        change_microphone(microphone, "mute")
    assert _mute("speakers.monitor") == "Mute: no"


def test_the_default_changes_meanwhile(server: PulseAudio) -> None:
    """A headset that is plugged in during the call is the microphone from then on."""
    microphone = ToolMicrophone(PACTL)
    change_microphone(microphone, "mute")
    server.use("second")
    assert microphone.muted() is False
    change_microphone(microphone, "mute")
    assert (_mute("first"), _mute("second")) == ("Mute: yes", "Mute: yes")


def test_the_badge_follows_another_program(server: PulseAudio) -> None:
    """Unmuted in the mixer, the badge goes; muted there, it comes; without a server, it goes."""
    state = ProgramState(SystemClock(), lambda name: None)
    monitor = MicrophoneMonitor(state, open_microphone)
    seen = []
    for muted in ("1", "0", "1"):
        pactl("set-source-mute", "first", muted)
        assert monitor.check()
        seen.append(MUTED_BADGE in state.badges)
    assert seen == [True, False, True]
    server.end()
    assert not monitor.check()
    assert MUTED_BADGE not in state.badges


@pytest.mark.alone
def test_the_badge_follows_within_half_a_second(server: PulseAudio) -> None:
    """Muted and unmuted by another program, the badge follows at once, by the server's own word."""
    state = ProgramState(SystemClock(), lambda name: None)
    heard: list[MicrophoneEvents] = []

    def listen(hear: Callable[[bool | None], None]) -> MicrophoneEvents:
        heard.append(open_events(hear))
        return heard[0]

    monitor = MicrophoneMonitor(state, open_microphone, listen)
    monitor.start()
    try:
        _wait(lambda: monitor.muted is False and heard[0].connected, 10)
        delays = []
        for muted in ("1", "0") * 5:
            began = time.perf_counter()
            pactl("set-source-mute", "first", muted)
            _wait(lambda: (MUTED_BADGE in state.badges) == (muted == "1"), 2)  # noqa: B023
            delays.append(time.perf_counter() - began)
        print("seconds from the command to the badge:", [round(each, 3) for each in delays])
        assert max(delays) < 0.5
        server.use("second")  # another microphone, which is on
        pactl("set-source-mute", "second", "1")
        _wait(lambda: monitor.muted is True, 2)
    finally:
        monitor.close()


def _wait(done: Callable[[], bool], seconds: float) -> None:
    until = time.perf_counter() + seconds
    while not done():
        assert time.perf_counter() < until, f"not within {seconds} s"
        time.sleep(0.005)


def test_no_server_is_a_sentence(server: PulseAudio) -> None:
    """Without a server the reasons and the remedy come in one sentence, in good time."""
    server.end()
    began = time.perf_counter()
    with pytest.raises(ActionError, match=r"cannot be reached.*apt install"):
        open_microphone()
    assert time.perf_counter() - began < 10
