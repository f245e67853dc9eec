"""Soft sounds, made and played."""

import io
import shutil
import subprocess
import threading
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.outside import FakeOutside
from tests.rigs.sound import PulseAudio, pactl
from vcam.core.event import Event, Phase
from vcam.core.outcome import DONE, failed
from vcam.errors import ActionError
from vcam.integrations.settings import SoundSettings
from vcam.integrations.sounds.player import open_player, play
from vcam.integrations.sounds.service import Sounds
from vcam.integrations.sounds.tones import NOTES, RATE, tone

BOTH = SoundSettings(hold=True, fire=True)


def _event(phase: Phase, action: str | None = "mic.mute") -> Event:
    return Event(1.0, phase, "stop", "left", 3, action, (0, 0, 1, 1))


class Played:
    """Remembers what was played, and takes its time for it."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.names: list[str] = []
        self.seconds = seconds
        self.came = threading.Semaphore(0)

    def __call__(self, file: Path) -> None:
        assert file.read_bytes().startswith(b"RIFF")
        self.names.append(file.stem)
        self.came.release()
        time.sleep(self.seconds)


@pytest.mark.parametrize("name", list(NOTES))
def test_tones_are_soft(name: str) -> None:
    """A tone is short, no louder than asked for, and begins and ends in silence."""
    with wave.open(io.BytesIO(tone(name, 0.3))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert 0.02 < len(samples) / RATE < 0.5
    assert 1_000 < np.abs(samples).max() <= 0.3 * 32_767
    assert np.abs(samples[[0, -1]]).max() < 100
    assert not np.frombuffer(tone(name, 0.0)[44:], "<i2").any()


def test_what_sounds_when() -> None:
    """A bound hold ticks, a fire sounds, a failure sounds low; what is unbound is silent."""
    played = Played()
    sounds = Sounds(BOTH, FakeOutside(), played)
    for phase in ("begin", "fire", "end"):
        sounds.hear(_event(phase))
        if phase != "end":
            assert played.came.acquire(timeout=5)
    sounds.hear(_event("begin", None))
    sounds.answered(_event("fire"), DONE)
    sounds.answered(_event("fire"), failed("no"))
    assert played.came.acquire(timeout=5)
    assert played.names == ["hold", "fire", "failed"]
    sounds.close()


def test_each_is_switched_on_for_itself() -> None:
    """With `hold` alone a fire is silent."""
    played = Played()
    sounds = Sounds(SoundSettings(hold=True), FakeOutside(), played)
    sounds.hear(_event("fire"))
    sounds.answered(_event("fire"), failed("no"))
    sounds.hear(_event("begin"))
    assert played.came.acquire(timeout=5)
    assert played.names == ["hold"]
    sounds.close()


def test_a_slow_player_holds_nobody_up() -> None:
    """Events go on while a sound plays; what would come too late is left out."""
    played = Played(0.7)
    sounds = Sounds(BOTH, FakeOutside(), played)
    before = time.perf_counter()
    for _ in range(1_000):
        sounds.hear(_event("begin"))
    assert time.perf_counter() - before < 0.5
    time.sleep(1.0)
    assert len(played.names) <= 2
    sounds.close()


def test_a_player_that_fails_is_reported_once() -> None:
    """One that cannot play is a sentence, once, and no more than that."""
    program = FakeOutside()
    came = threading.Semaphore(0)

    def broken(file: Path) -> None:
        came.release()
        raise OSError("no sound card")

    sounds = Sounds(BOTH, program, broken)
    for _ in range(3):
        sounds.hear(_event("fire"))
        assert came.acquire(timeout=5)
    sounds.close()
    assert program.reported == ["Sounds cannot be played here"]
    assert sounds.state() == "sounds cannot be played"


def test_no_player(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing plays sounds, the sentence says what to install."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ActionError, match="apt install"):
        open_player()


@pytest.fixture
def pulse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PulseAudio]:
    """Return a sound server with speakers that nobody hears."""
    server = PulseAudio(tmp_path, monkeypatch)
    yield server
    server.end()


def test_a_real_player_plays(pulse: PulseAudio, tmp_path: Path) -> None:
    """The sound reaches the speakers of a real sound server."""
    if shutil.which("paplay") is None or shutil.which("parec") is None:
        pytest.skip("paplay is not installed: apt install pulseaudio-utils")
    file = tmp_path / "fire.wav"
    file.write_bytes(tone("fire", 0.8))
    pactl("set-default-sink", "speakers")
    with subprocess.Popen(
        ["parec", "--device=speakers.monitor", "--raw", "--format=s16le", "--latency-msec=20"],
        stdout=subprocess.PIPE,
    ) as recorder:
        assert recorder.stdout is not None
        recorder.stdout.read(4096)  # it listens
        play(("paplay",), file)
        heard = np.frombuffer(recorder.stdout.read(200_000), "<i2")
        recorder.terminate()
    assert np.abs(heard).max() > 5_000
