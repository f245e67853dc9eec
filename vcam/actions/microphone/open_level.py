"""Open whatever can tell how loud the microphone is."""

import sys
from collections.abc import Callable

from vcam.actions.microphone.level import Meter
from vcam.actions.microphone.level_portaudio import PortAudioMeter, is_installed
from vcam.actions.microphone.level_recorder import RecorderMeter, recorder
from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.system.installation import add


def open_meter(talks: Callable[[], None]) -> Meter:
    """Return a meter that listens already; raises `ActionError` where there is none."""
    missing = what_is_missing()
    if missing is not None:
        raise ActionError(_("talking cannot be noticed: {missing}").format(missing=missing))
    command = recorder() if sys.platform == "linux" else None
    return PortAudioMeter(talks) if command is None else RecorderMeter(command, talks)


def what_is_missing() -> str | None:
    """Return what to install so that talking is noticed; None where everything is there.

    Opens no microphone.
    """
    if (sys.platform == "linux" and recorder() is not None) or is_installed():
        return None
    if sys.platform == "linux":
        return _("there is neither pw-record nor parec: sudo apt install pipewire-bin")
    return _("sounddevice is missing: {remedy}").format(remedy=add("sounddevice"))
