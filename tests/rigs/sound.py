"""Sound servers of our own, with two microphones that hear nothing: PulseAudio and PipeWire."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

SPEAKERS = "module-null-sink sink_name=speakers"
SOURCES = ("first", "second")


class PulseAudio:
    """PulseAudio, without the settings of this machine."""

    programs: tuple[str, ...] = ("pulseaudio", "pactl")
    package = "pulseaudio pulseaudio-utils"

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        """Start it in `folder`, and let this process find it alone."""
        for program in self.programs:
            if shutil.which(program) is None:
                pytest.skip(f"{program} is not installed: apt install {self.package}")
        patch.setenv("XDG_RUNTIME_DIR", str(folder))  # none of the person's
        patch.setenv("PULSE_SERVER", f"unix:{folder}/pulse/native")
        patch.delenv("DISPLAY", raising=False)
        (folder / "pulse").mkdir(mode=0o700)
        self._process = subprocess.Popen(
            self._command(folder),
            env={**os.environ, "HOME": str(folder), "XDG_STATE_HOME": str(folder / "state")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            _wait_for(["pactl", "info"], "Default Source: ")
            self._settle()
            self.use(SOURCES[0])
        except BaseException:
            self.end()
            raise

    def _command(self, folder: Path) -> list[str]:
        sources = (f"module-null-source source_name={name}" for name in SOURCES)
        socket = f"module-native-protocol-unix socket={folder}/pulse/native"
        loads = [part for module in (socket, SPEAKERS, *sources) for part in ("-L", module)]
        quiet = ["--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"]
        return ["pulseaudio", "-n", "--daemonize=no", *quiet, *loads]

    def _settle(self) -> None:
        """Have everything that is needed already."""

    def use(self, source: str) -> None:
        """Make a source the default one."""
        pactl("set-default-source", source)

    def end(self) -> None:
        """End it, and whatever it started."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(10)


class PipeWire(PulseAudio):
    """PipeWire with its session manager and its stand-in for PulseAudio."""

    programs = ("pipewire", "pipewire-pulse", "wireplumber", "wpctl", "pactl", "dbus-run-session")
    package = "pipewire pipewire-pulse wireplumber pulseaudio-utils dbus-daemon"

    def _command(self, folder: Path) -> list[str]:
        all_three = "pipewire & sleep 0.5; wireplumber & pipewire-pulse & wait"
        return ["dbus-run-session", "--", "sh", "-c", all_three]

    def _settle(self) -> None:
        pactl("load-module", *SPEAKERS.split())
        kind = ("media.class=Audio/Source/Virtual", "channel_map=front-left,front-right")
        for name in SOURCES:
            pactl("load-module", "module-null-sink", f"sink_name={name}", *kind)
        _wait_for(["wpctl", "status"], SOURCES[-1])

    def use(self, source: str) -> None:
        """Make a source the default one; the session manager takes a moment to agree."""
        pactl("set-default-source", source)
        node = source.removesuffix(".monitor")
        _wait_for(["wpctl", "inspect", "@DEFAULT_AUDIO_SOURCE@"], f'node.name = "{node}"')


def pactl(*words: str) -> str:
    """Run pactl; return what it says."""
    return subprocess.run(["pactl", *words], capture_output=True, text=True, check=True).stdout


def _wait_for(command: list[str], answer: str) -> None:
    until = time.perf_counter() + 20
    while answer not in subprocess.run(command, capture_output=True, text=True, check=False).stdout:
        assert time.perf_counter() < until, f"{command} never says {answer}"
        time.sleep(0.05)
