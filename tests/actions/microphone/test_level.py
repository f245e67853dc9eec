"""How loud the microphone is: measured, told, and never kept."""

import sys
import threading
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from vcam.actions.microphone.level import TALK_RMS, loudness
from vcam.actions.microphone.level_recorder import RecorderMeter
from vcam.actions.microphone.open_level import open_meter, what_is_missing
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
def test_a_loud_recorder_is_reported(sample: int, talks: bool) -> None:
    """What a recorder writes is measured until it ends; silence tells nothing."""
    heard = threading.Event()
    it = RecorderMeter((sys.executable, "-c", WRITES.format(sample)), heard.set)
    assert heard.wait(5 if talks else 0.5) == talks
    it.close()
    it.close()


def test_a_recorder_is_ended() -> None:
    """Closing ends the recorder, also one that would go on for ever."""
    command = (sys.executable, "-c", "import time; time.sleep(60)")
    it = RecorderMeter(command, lambda: None)
    it.close()
    assert not it._thread.is_alive()


def test_a_recorder_that_is_not_there() -> None:
    """A program that cannot be started is an error with its name."""
    with pytest.raises(ActionError, match="no-such-recorder"):
        RecorderMeter(("no-such-recorder",), lambda: None)


@pytest.mark.parametrize(("platform", "said"), [("win32", "sounddevice"), ("linux", "pw-record")])
def test_where_there_is_none_it_says_so(
    platform: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a recorder and without the extra, one sentence says what to do."""
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(ActionError, match=said):
        open_meter(lambda: None)


class FakeStream:
    """PortAudio's stream: the test plays into it."""

    def __init__(self, **options: Any) -> None:
        self.options, self.runs = options, False

    def start(self) -> None:
        """Begin."""
        self.runs = True

    def close(self) -> None:
        """End."""
        self.runs = False

    def play(self, sample: int) -> None:
        """Give a block of equal samples, as PortAudio does: a buffer and three things more."""
        block = memoryview(np.full(self.options["blocksize"], sample, "<i2").tobytes())
        self.options["callback"](block, self.options["blocksize"], None, None)


class FakeSoundDevice(ModuleType):
    """The library with one microphone, or with none."""

    class PortAudioError(Exception):
        """What the library raises."""

    def __init__(self, *, microphone: bool = True) -> None:
        super().__init__("sounddevice")
        self.microphone, self.streams = microphone, list[FakeStream]()

    def query_devices(self, kind: str) -> dict[str, float]:
        """Describe the default microphone."""
        if not self.microphone:
            raise self.PortAudioError("Error querying device -1")
        return {"default_samplerate": 44100.0}

    def RawInputStream(self, **options: Any) -> FakeStream:  # noqa: N802 - its name there
        """Open the microphone."""
        self.streams.append(FakeStream(**options))
        return self.streams[-1]


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_the_extra_hears_on_windows_and_macos(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loud block is reported, a quiet one is not, and closing twice ends the stream."""
    library = FakeSoundDevice()
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setitem(sys.modules, "sounddevice", library)
    heard: list[int] = []
    meter = open_meter(lambda: heard.append(1))
    (stream,) = library.streams
    assert stream.runs
    stream.play(20)
    assert heard == []
    stream.play(8000)
    assert heard == [1]
    meter.close()
    meter.close()
    assert not stream.runs


def test_a_microphone_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the library raises becomes a sentence."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "sounddevice", FakeSoundDevice(microphone=False))
    assert what_is_missing() is None
    with pytest.raises(ActionError, match="plug one in"):
        open_meter(lambda: None)
