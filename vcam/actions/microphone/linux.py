"""The microphone of PipeWire or PulseAudio, through their own command-line tools."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from vcam.actions.microphone.microphone import Microphone
from vcam.core.texts import _
from vcam.errors import ActionError

TIMEOUT_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Tool:
    """How one program reads and sets the default source."""

    name: str
    which: tuple[str, ...]
    """Prints what the default source is."""
    speaker_word: str
    """Found in it when that is a loudspeaker's monitor."""
    read: tuple[str, ...]
    answer: str
    """Found in whatever `read` prints about a source."""
    muted_word: str
    """Found in it when the source is mute."""
    set: tuple[str, ...]
    """Followed by `1` or `0`."""


TOOLS: Final = (
    Tool(
        "wpctl",
        ("wpctl", "inspect", "@DEFAULT_AUDIO_SOURCE@"),
        'media.class = "Audio/Sink',
        ("wpctl", "get-volume", "@DEFAULT_AUDIO_SOURCE@"),
        "Volume:",
        "[MUTED]",
        ("wpctl", "set-mute", "@DEFAULT_AUDIO_SOURCE@"),
    ),
    Tool(
        "pactl",
        ("pactl", "get-default-source"),
        ".monitor",
        ("pactl", "get-source-mute", "@DEFAULT_SOURCE@"),
        "Mute:",
        "Mute: yes",
        ("pactl", "set-source-mute", "@DEFAULT_SOURCE@"),
    ),
)


class ToolMicrophone:
    """The default source, as one tool sees it."""

    def __init__(self, tool: Tool) -> None:
        """Look once; raises `ActionError` when the tool or its server is not there."""
        self._tool = tool
        if shutil.which(tool.name) is None:
            raise ActionError(_("{tool} is not installed").format(tool=tool.name))
        self.muted()

    def muted(self) -> bool:
        """Tell whether the default source is mute."""
        self._check_microphone()
        answer = _ask(self._tool.read)
        if self._tool.answer not in answer:
            raise ActionError(
                _("{tool} tells of no default microphone").format(tool=self._tool.name)
            )
        return self._tool.muted_word in answer

    def set_muted(self, muted: bool) -> None:
        """Mute or unmute the default source."""
        self._check_microphone()
        _ask((*self._tool.set, "1" if muted else "0"))

    def _check_microphone(self) -> None:
        """Without a microphone the default source is a monitor: wpctl would mute the speakers."""
        if self._tool.speaker_word in _ask(self._tool.which):
            raise ActionError(_("{tool} finds no microphone").format(tool=self._tool.name))


class OldPactlMicrophone:
    """The default source of PulseAudio before 15, whose pactl sets a mute and does not get it."""

    def __init__(self) -> None:
        """Look once; raises `ActionError` when pactl or its server is not there."""
        if shutil.which("pactl") is None:
            raise ActionError(_("pactl is not installed"))
        self.muted()

    def muted(self) -> bool:
        """Tell whether the default source is mute."""
        name = self._default()
        name_now = ""
        for line in _ask(("pactl", "list", "sources")).splitlines():
            word, _colon, value = line.strip().partition(": ")
            if word == "Name":
                name_now = value
            elif word == "Mute" and name_now == name:
                return value == "yes"
        raise ActionError(_("pactl tells of no default microphone"))

    def set_muted(self, muted: bool) -> None:
        """Mute or unmute the default source."""
        _ask(("pactl", "set-source-mute", self._default(), "1" if muted else "0"))

    def _default(self) -> str:
        """Return the name of the default source; without a microphone it is a speaker's monitor."""
        lines = _ask(("pactl", "info")).splitlines()
        names = [line.partition(": ")[2] for line in lines if line.startswith("Default Source: ")]
        if not names or names[0].endswith(".monitor"):
            raise ActionError(_("pactl finds no microphone"))
        return names[0]


def open_linux_microphone() -> Microphone:
    """Return the first tool's microphone that answers; raises `ActionError` with every reason."""
    reasons: list[str] = []
    ways: list[Callable[[], Microphone]] = [
        *(partial(ToolMicrophone, tool) for tool in TOOLS),
        OldPactlMicrophone,
    ]
    for way in ways:
        try:
            return way()
        except ActionError as error:
            reasons += [str(error)] if str(error) not in reasons else []
    raise ActionError(
        _(
            "the microphone cannot be reached ({reasons}): plug in a microphone, "
            "sudo apt install wireplumber or pulseaudio-utils, and start a desktop "
            "session with sound"
        ).format(reasons="; ".join(reasons))
    )


def _ask(command: Sequence[str]) -> str:
    """Run a tool without a shell and return what it prints."""
    try:
        done = subprocess.run(  # noqa: S603  # a fixed program with fixed words
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT_S,
            check=False,
            env=_environment(),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ActionError(
            _("{command} does not answer ({error})").format(command=command[0], error=error)
        ) from None
    if done.returncode != 0:
        reason = (done.stderr or done.stdout).strip().splitlines()
        raise ActionError(
            _("{command} says: {reason}").format(
                command=command[0], reason=reason[0] if reason else _("nothing")
            )
        )
    return done.stdout


def _environment() -> dict[str, str]:
    """Point pactl at the local socket: without a server it would ask the network for one.

    It also answers in the person's language, unless it is asked for the plain one.
    """
    return {**os.environ, "PULSE_SERVER": pulse_server(), "LC_ALL": "C"}


def pulse_server() -> str:
    """Return where PulseAudio listens: what the person set, else the local socket."""
    if sys.platform == "win32":
        return ""
    runtime = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    return os.environ.get("PULSE_SERVER") or f"unix:{runtime}/pulse/native"
