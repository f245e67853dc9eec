"""One contract for every microphone: set it, and it is so; what cannot be done is said."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.microphone import FakeMicrophone
from vcam.actions.microphone.linux import TOOLS, ToolMicrophone
from vcam.actions.microphone.mac import USUAL_VOLUME, MacMicrophone
from vcam.actions.microphone.microphone import Microphone, change_microphone
from vcam.errors import ActionError

Make = Callable[[Path, pytest.MonkeyPatch], Microphone]

SCRIPTS = {
    "wpctl": """#!/bin/sh
case "$1" in
  get-volume) echo "Volume: 0.40$( [ -f "{state}" ] && echo ' [MUTED]' )" ;;
  set-mute) if [ "$3" = 1 ]; then : > "{state}"; else rm -f "{state}"; fi ;;
esac
""",
    "pactl": """#!/bin/sh
case "$1" in
  get-source-mute) if [ -f "{state}" ]; then echo "Mute: yes"; else echo "Mute: no"; fi ;;
  set-source-mute) if [ "$3" = 1 ]; then : > "{state}"; else rm -f "{state}"; fi ;;
esac
""",
}


def _install(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(script.replace("{state}", str(folder / "muted")))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def only_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder whose programs come before those of the system."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return tmp_path


def _fake(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Microphone:
    return FakeMicrophone()


def _mac(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Microphone:
    """A Mac's microphone over a script runner that only remembers a volume."""
    volume = 60

    def script(line: str) -> str:
        nonlocal volume
        if line.startswith("set volume input volume "):
            volume = int(line.rsplit(maxsplit=1)[-1])
            return ""
        assert line == "input volume of (get volume settings)"
        return str(volume)

    monkeypatch.setattr("vcam.actions.microphone.mac._script", script)
    return MacMicrophone()


def _tool(place: int) -> Make:
    def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Microphone:
        if sys.platform == "win32":
            pytest.skip("the tools of Linux are shell scripts here")
        tool = TOOLS[place]
        _install(folder, tool.name, SCRIPTS[tool.name])
        return ToolMicrophone(tool)

    return make


@pytest.mark.parametrize(
    "make", [_fake, _tool(0), _tool(1), _mac], ids=["fake", "wpctl", "pactl", "mac"]
)
def test_set_and_read_back(make: Make, only_here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mute, mute again, toggle, unmute: after each the state is what was asked for."""
    microphone = make(only_here, monkeypatch)
    changes = ("mute", "mute", "toggle", "toggle", "unmute", "unmute")
    seen = [change_microphone(microphone, change) for change in changes]
    assert seen == [True, True, False, True, False, False]
    assert microphone.muted() is False


@pytest.mark.parametrize("before", ["60", "0"])
def test_a_mac_gets_its_volume_back(before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unmuting gives the volume that was, or a usual one where it was never seen."""
    lines: list[str] = []
    volume = before

    def script(line: str) -> str:
        nonlocal volume
        if line.startswith("set"):
            lines.append(line)
            volume = line.rsplit(maxsplit=1)[-1]
        return volume

    monkeypatch.setattr("vcam.actions.microphone.mac._script", script)
    microphone = MacMicrophone()
    microphone.set_muted(True)
    microphone.set_muted(False)
    assert lines[-1] == f"set volume input volume {before if before != '0' else USUAL_VOLUME}"


def test_a_mac_without_input_volume(monkeypatch: pytest.MonkeyPatch) -> None:
    """A microphone that has no volume is reported, with what to do instead."""
    monkeypatch.setattr("vcam.actions.microphone.mac._script", lambda line: "missing value")
    with pytest.raises(ActionError, match="use the call app's own mute"):
        MacMicrophone()
