"""wpctl and pactl, as they are and as they fail: scripts stand in for them."""

import os
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from vcam.actions.microphone.linux import TOOLS, Tool, ToolMicrophone, open_linux_microphone
from vcam.actions.microphone.microphone import change_microphone
from vcam.errors import ActionError

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="the tools of Linux are shell scripts here"
)

WPCTL, PACTL = TOOLS
Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return what puts a shell script on the PATH, before the programs of the system."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")

    def put(name: str, script: str) -> None:
        path = folder / name
        path.write_text(f"#!/bin/sh\ncd {tmp_path}\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    return put


def _without(install: Install, name: str) -> None:
    install(name, "echo 'Connection refused' >&2; exit 1")


def test_the_exact_words_that_are_sent(install: Install, tmp_path: Path) -> None:
    """Both tools are asked about the default source, and told 1 or 0, never `toggle`."""
    for tool in TOOLS:
        install(tool.name, 'echo "$*" >> words; echo "Volume: 0.40"; echo "Mute: no"')
        microphone = ToolMicrophone(tool)
        microphone.set_muted(True)
        microphone.set_muted(False)
    assert (tmp_path / "words").read_text().splitlines() == [
        "inspect @DEFAULT_AUDIO_SOURCE@",
        "get-volume @DEFAULT_AUDIO_SOURCE@",
        "inspect @DEFAULT_AUDIO_SOURCE@",
        "set-mute @DEFAULT_AUDIO_SOURCE@ 1",
        "inspect @DEFAULT_AUDIO_SOURCE@",
        "set-mute @DEFAULT_AUDIO_SOURCE@ 0",
        "get-default-source",
        "get-source-mute @DEFAULT_SOURCE@",
        "get-default-source",
        "set-source-mute @DEFAULT_SOURCE@ 1",
        "get-default-source",
        "set-source-mute @DEFAULT_SOURCE@ 0",
    ]


@pytest.mark.parametrize(
    ("tool", "speakers"),
    [(WPCTL, '* media.class = "Audio/Sink"'), (PACTL, "alsa_output.pci.analog-stereo.monitor")],
    ids=["wpctl", "pactl"],
)
def test_speakers_are_never_muted(
    tool: Tool, speakers: str, install: Install, tmp_path: Path
) -> None:
    """With no microphone the default source is a loudspeaker's monitor: it is left alone."""
    answer = 'case "$1" in set*) : > touched;; *) echo "Volume: 0.40"; echo "Mute: no";; esac'
    install(tool.name, answer)
    plugged = ToolMicrophone(tool)
    install(tool.name, f"echo '{speakers}'; {answer}")
    for call in (plugged.muted, lambda: plugged.set_muted(True), lambda: ToolMicrophone(tool)):
        with pytest.raises(ActionError, match="finds no microphone"):
            call()
    assert not (tmp_path / "touched").exists()


def test_no_server(install: Install) -> None:
    """When no sound server answers, one sentence names every reason and the remedy."""
    for tool in TOOLS:
        _without(install, tool.name)
    with pytest.raises(ActionError, match=r"wpctl says: Connection.*pactl says.*apt install"):
        open_linux_microphone()


def test_no_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither tool is installed, the sentence says so."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ActionError, match="wpctl is not installed; pactl is not installed"):
        open_linux_microphone()


def test_the_second_tool_stands_in(install: Install) -> None:
    """Where wpctl has no server, pactl is used."""
    _without(install, "wpctl")
    install("pactl", "echo 'Mute: yes'")
    assert open_linux_microphone().muted()


def test_a_system_in_another_language(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pactl translates what it prints: it is asked for plain words, whatever the person speaks."""
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    _without(install, "wpctl")
    install("pactl", 'if [ "$LC_ALL" = C ]; then echo "Mute: yes"; else echo "Stumm: ja"; fi')
    assert open_linux_microphone().muted()


@pytest.mark.parametrize("answer", ["true", "echo", "echo 'Stumm: ja'"])
def test_an_answer_that_says_nothing_is_no_answer(install: Install, answer: str) -> None:
    """A tool that tells of no source is not taken to say that the microphone is on."""
    for tool in TOOLS:
        install(tool.name, answer)
        with pytest.raises(ActionError, match="no default microphone"):
            ToolMicrophone(tool)


def test_an_answer_that_is_no_text(install: Install) -> None:
    """Bytes that are no UTF-8 end in a sentence, not in a traceback."""
    install("wpctl", "printf '\\377\\376 kaputt' >&2; exit 3")
    with pytest.raises(ActionError, match=r"wpctl says: .* kaputt"):
        ToolMicrophone(WPCTL)


def test_a_server_that_goes_away(install: Install) -> None:
    """A server that ends while the program runs is reported at the next change, and found again."""
    install("pactl", "echo 'Mute: no'")
    microphone = ToolMicrophone(PACTL)
    install("pactl", "echo 'Connection terminated' >&2; exit 1")
    with pytest.raises(ActionError, match="Connection terminated"):
        change_microphone(microphone, "mute")
    install("pactl", "echo 'Mute: yes'")
    assert change_microphone(microphone, "mute")


def test_a_change_that_does_not_take(install: Install) -> None:
    """A tool that says yes and does nothing is found out by reading back."""
    install("wpctl", "echo 'Volume: 0.40'")
    with pytest.raises(ActionError, match="did not change"):
        change_microphone(ToolMicrophone(WPCTL), "mute")


@pytest.mark.parametrize("script", ["exec sleep 5", "sleep 5; echo late"])
def test_a_tool_that_hangs(install: Install, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A sound server that never answers holds the worker up for no longer than the limit."""
    monkeypatch.setattr("vcam.actions.microphone.linux.TIMEOUT_S", 0.2)
    install("wpctl", script)
    began = time.perf_counter()
    with pytest.raises(ActionError, match="does not answer"):
        ToolMicrophone(WPCTL)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("given", "asked"), [({}, "unix:/run/mine/pulse/native"), ({"PULSE_SERVER": "own"}, "own")]
)
def test_only_this_machine_is_asked(
    install: Install, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], asked: str
) -> None:
    """Pactl is pointed at the local socket, unless the person has chosen a server."""
    monkeypatch.delenv("PULSE_SERVER", raising=False)
    for key, value in {"XDG_RUNTIME_DIR": "/run/mine", **given}.items():
        monkeypatch.setenv(key, value)
    install("pactl", f'[ "$PULSE_SERVER" = "{asked}" ] && echo "Mute: no"')
    assert not ToolMicrophone(PACTL).muted()


OLD_PACTL = """
case "$1 $2" in
  "info ") echo "Default Sink: speakers"; echo "Default Source: second";;
  "list sources") printf 'Source #1\\n\\tName: first\\n\\tMute: no\\n'
    printf 'Source #2\\n\\tName: second\\n\\tMute: %s\\n' "$(cat state)";;
  "set-source-mute second") [ "$3" = 1 ] && echo yes > state || echo no > state;;
  *) echo "No valid command specified." >&2; exit 1;;
esac
"""


def test_a_pactl_that_cannot_get_what_it_sets(install: Install, tmp_path: Path) -> None:
    """PulseAudio before 15 is read by its list of sources, and what is set is read back."""
    _without(install, "wpctl")
    install("pactl", OLD_PACTL)
    (tmp_path / "state").write_text("yes")
    microphone = open_linux_microphone()
    assert microphone.muted()
    assert not change_microphone(microphone, "unmute")
    assert change_microphone(microphone, "toggle")
    assert (tmp_path / "state").read_text() == "yes\n"
