"""Play a WAV file by what the system has."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from vcam.core.texts import _
from vcam.errors import ActionError

PLAYERS: Final[tuple[tuple[str, ...], ...]] = (
    ("pw-play",),
    ("paplay",),
    ("aplay", "-q"),
)
"""Programs of Linux, the first that is there."""
LIMIT_S: Final = 3.0
"""A player that hangs is ended; the longest sound takes a third of a second."""


def open_player() -> tuple[str, ...]:
    """Return the command that plays a file, empty on Windows. Raises `ActionError`."""
    if sys.platform == "win32":
        return ()
    commands = (("afplay",),) if sys.platform == "darwin" else PLAYERS
    for command in commands:
        if shutil.which(command[0]):
            return command
    raise ActionError(
        _("sounds need pw-play, paplay or aplay: sudo apt install pipewire-bin (or alsa-utils)")
    )


def play(command: tuple[str, ...], file: Path) -> None:
    """Play a file and wait for its end. Raises OSError, or `subprocess.SubprocessError`."""
    if sys.platform == "win32":
        import winsound

        winsound.PlaySound(str(file), winsound.SND_FILENAME | winsound.SND_NODEFAULT)
    else:
        subprocess.run(  # noqa: S603  # one of the programs above
            [*command, str(file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LIMIT_S,
            check=True,
        )
