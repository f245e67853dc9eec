"""The input volume of macOS, which has no mute of its own: mute is volume 0."""

import subprocess

from vcam.errors import ActionError

TIMEOUT_S = 2.0
USUAL_VOLUME = 75
"""Set on unmuting when the volume before was not seen."""


class MacMicrophone:
    """Mutes by setting the input volume to 0, and gives back the volume that was."""

    def __init__(self) -> None:
        """Look once; raises `ActionError` when there is no input volume."""
        self._before = self._volume() or USUAL_VOLUME

    def muted(self) -> bool:
        """Tell whether the input volume is 0."""
        return self._volume() == 0

    def set_muted(self, muted: bool) -> None:
        """Set the input volume to 0, or to what it was."""
        volume = self._volume()
        if muted and volume > 0:
            self._before = volume
        if muted != (volume == 0):
            _script(f"set volume input volume {0 if muted else self._before}")

    def _volume(self) -> int:
        text = _script("input volume of (get volume settings)")
        if not text.isdigit():
            raise ActionError("this microphone has no input volume: use the call app's own mute")
        return int(text)


def _script(line: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603  # a fixed program; the line holds nothing from outside
            ["/usr/bin/osascript", "-e", line],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ActionError(f"osascript does not answer ({error})") from None
    return done.stdout.strip()
