"""One contract for every microphone: set it, and it is so; what cannot be done is said."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from vcam.act.microphone import Microphone, change_microphone
from vcam.act.microphone_fake import FakeMicrophone
from vcam.act.microphone_linux import TOOLS, ToolMicrophone, open_linux_microphone
from vcam.errors import ActionError

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


def _fake(folder: Path) -> Microphone:
    return FakeMicrophone()


def _tool(place: int) -> Callable[[Path], Microphone]:
    def make(folder: Path) -> Microphone:
        tool = TOOLS[place]
        _install(folder, tool.name, SCRIPTS[tool.name])
        return ToolMicrophone(tool)

    return make


@pytest.mark.parametrize("make", [_fake, _tool(0), _tool(1)], ids=["fake", "wpctl", "pactl"])
def test_set_and_read_back(make: Callable[[Path], Microphone], only_here: Path) -> None:
    """Mute, mute again, toggle, unmute: after each the state is what was asked for."""
    microphone = make(only_here)
    changes = ("mute", "mute", "toggle", "toggle", "unmute", "unmute")
    seen = [change_microphone(microphone, change) for change in changes]
    assert seen == [True, True, False, True, False, False]
    assert microphone.muted() is False


def test_no_server(only_here: Path) -> None:
    """When no sound server answers, one sentence names every reason and the remedy."""
    for tool in TOOLS:
        _install(only_here, tool.name, "#!/bin/sh\necho 'Connection refused' >&2\nexit 1\n")
    with pytest.raises(ActionError, match=r"wpctl says: Connection.*pactl says.*apt install"):
        open_linux_microphone()


def test_a_tool_that_hangs(only_here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sound server that never answers does not hold up the worker for long."""
    monkeypatch.setattr("vcam.act.microphone_linux.TIMEOUT_S", 0.2)
    _install(only_here, "wpctl", "#!/bin/sh\nexec sleep 5\n")
    with pytest.raises(ActionError, match="does not answer"):
        ToolMicrophone(TOOLS[0])
