"""The default microphone of macOS: its own mute where it has one, else an input volume of 0.

A call app that adjusts the input volume by itself may raise it again from 0; it leaves a mute
alone. Many built-in microphones have no mute, and then the volume is all there is.
"""

import subprocess
from typing import Final

from vcam.actions.microphone.mac_core_audio import InputDevice, default_input
from vcam.core.texts import _
from vcam.errors import ActionError

TIMEOUT_S: Final = 2.0
USUAL_VOLUME: Final = 75
"""Set on unmuting when the volume before was not seen."""


class MacMicrophone:
    """Mutes the device where it lets us, else sets the input volume to 0 and gives it back."""

    def __init__(self) -> None:
        """Look once; raises `ActionError` when there is neither a mute nor a volume."""
        self._before = USUAL_VOLUME
        self.muted()

    def muted(self) -> bool:
        """Tell whether it hears nothing, by its mute or by its volume."""
        device = _device_with_mute()
        if device is not None and device.muted():
            return True
        volume = _volume()
        if volume is None and device is None:
            raise ActionError(_("this microphone has no input volume: use the call app's own mute"))
        return volume == 0

    def set_muted(self, muted: bool) -> None:
        """Mute or unmute it; a volume of 0 is raised again on unmuting, whoever set it."""
        device = _device_with_mute()
        if device is not None:
            device.set_muted(muted)
        volume = _volume()
        if volume:
            self._before = volume
        if muted and device is None:
            _script("set volume input volume 0")
        elif not muted and volume == 0:
            _script(f"set volume input volume {self._before}")


def _device_with_mute() -> InputDevice | None:
    device = default_input()
    return device if device is not None and device.has_mute() else None


def _volume() -> int | None:
    """Return the input volume, 0..100; None when the device has none."""
    text = _script("input volume of (get volume settings)")
    return int(text) if text.isdigit() else None


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
        raise ActionError(_("osascript does not answer ({error})").format(error=error)) from None
    return done.stdout.strip()
