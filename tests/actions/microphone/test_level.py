"""How loud the microphone is: measured, told, and never kept."""

import sys
import threading

import numpy as np
import pytest

from vcam.actions.microphone import level as meter
from vcam.actions.microphone.level import TALK_RMS, Meter, loudness
from vcam.errors import ActionError

WRITES = "import sys; sys.stdout.buffer.write(({!r}).to_bytes(2, 'little', signed=True) * 8000)"


def test_loudness_is_that_of_the_samples() -> None:
    """Silence is 0, a full square wave is 1, speech at a tenth of full scale is loud."""
    speech = (3000 * np.sin(np.arange(800) / 5)).astype("<i2").tobytes()
    assert loudness(b"") == 0.0
    assert loudness(bytes(1600)) == 0.0
    assert loudness(np.full(800, -32768, "<i2").tobytes()) == 1.0
    assert loudness(speech) > TALK_RMS
    assert loudness(speech[:-1]) > TALK_RMS


@pytest.mark.parametrize(("sample", "talks"), [(8000, True), (20, False)])
def test_a_loud_recorder_is_told(sample: int, talks: bool) -> None:
    """What a recorder writes is measured until it ends; silence tells nothing."""
    heard = threading.Event()
    it = Meter((sys.executable, "-c", WRITES.format(sample)), heard.set)
    assert heard.wait(5 if talks else 0.5) == talks
    it.close()
    it.close()


def test_a_recorder_is_ended() -> None:
    """Closing ends the recorder, also one that would go on for ever."""
    command = (sys.executable, "-c", "import time; time.sleep(60)")
    it = Meter(command, lambda: None)
    it.close()
    assert not it._thread.is_alive()


def test_a_recorder_that_is_not_there() -> None:
    """A program that cannot be started is an error with its name."""
    with pytest.raises(ActionError, match="no-such-recorder"):
        Meter(("no-such-recorder",), lambda: None)


@pytest.mark.parametrize(("platform", "said"), [("win32", "Linux only"), ("linux", "pw-record")])
def test_where_there_is_none_it_says_so(
    platform: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a recorder, or on another system, one sentence says what to do."""
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(ActionError, match=said):
        meter.open_meter(lambda: None)
