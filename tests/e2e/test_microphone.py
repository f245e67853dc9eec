"""A real PulseAudio with a microphone that hears nothing: muted, read back, changed by others."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from vcam.act.microphone import change_microphone, open_microphone
from vcam.act.microphone_linux import TOOLS, ToolMicrophone
from vcam.act.microphone_watch import MUTED_BADGE, MicrophoneWatch
from vcam.clock import SystemClock
from vcam.errors import ActionError
from vcam.state import ProgramState

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="PulseAudio is Linux's")
PACTL = next(tool for tool in TOOLS if tool.name == "pactl")
SPEAKERS = "module-null-sink sink_name=speakers"
MICROPHONES = ("module-null-source source_name=first", "module-null-source source_name=second")


class Server:
    """A PulseAudio of our own."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "native"
        modules = (f"module-native-protocol-unix socket={self.socket}", SPEAKERS, *MICROPHONES)
        loads = [part for module in modules for part in ("-L", module)]
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1"]
        self.process = subprocess.Popen(
            [*command, "--use-pid-file=no", "--disable-shm=yes", *loads],
            env={**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)},
            stderr=subprocess.DEVNULL,
        )

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + 20
        while subprocess.run(["pactl", "info"], capture_output=True, check=False).returncode:
            assert time.monotonic() < until, "PulseAudio does not start"
            time.sleep(0.05)

    def end(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Return a running server, whose default source is the first microphone."""
    if not (shutil.which("pulseaudio") and shutil.which("pactl")):
        pytest.skip("PulseAudio is not installed: apt install pulseaudio pulseaudio-utils")
    server = Server(tmp_path)
    monkeypatch.setenv("PULSE_SERVER", f"unix:{server.socket}")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))  # no PipeWire of the person's
    try:
        server.wait()
        _pactl("set-default-source", "first")
        yield server
    finally:
        server.end()


def _pactl(*words: str) -> str:
    return subprocess.run(["pactl", *words], capture_output=True, text=True, check=True).stdout


def _mute(source: str) -> str:
    return _pactl("get-source-mute", source).strip()


def test_mute_unmute_toggle(server: Server) -> None:
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


def test_speakers_are_left_alone(server: Server) -> None:
    """Where the default source is what the speakers play, nothing is muted."""
    microphone = open_microphone()
    _pactl("set-default-source", "speakers.monitor")
    with pytest.raises(ActionError, match="no microphone"):
        change_microphone(microphone, "mute")
    assert _mute("speakers.monitor") == "Mute: no"


def test_the_default_changes_meanwhile(server: Server) -> None:
    """A headset that is plugged in during the call is the microphone from then on."""
    microphone = ToolMicrophone(PACTL)
    change_microphone(microphone, "mute")
    _pactl("set-default-source", "second")
    assert microphone.muted() is False
    change_microphone(microphone, "mute")
    assert (_mute("first"), _mute("second")) == ("Mute: yes", "Mute: yes")


def test_the_badge_follows_another_program(server: Server) -> None:
    """Unmuted in the mixer, the badge goes; muted there, it comes; without a server, it goes."""
    state = ProgramState(SystemClock(), lambda name: None)
    watch = MicrophoneWatch(state, open_microphone)
    seen = []
    for muted in ("1", "0", "1"):
        _pactl("set-source-mute", "first", muted)
        assert watch.look()
        seen.append(MUTED_BADGE in state.badges)
    assert seen == [True, False, True]
    server.end()
    assert not watch.look()
    assert MUTED_BADGE not in state.badges


def test_no_server_is_a_sentence(server: Server) -> None:
    """Without a server the reasons and the remedy come in one sentence, in good time."""
    server.end()
    began = time.monotonic()
    with pytest.raises(ActionError, match=r"cannot be reached.*apt install"):
        open_microphone()
    assert time.monotonic() - began < 10
