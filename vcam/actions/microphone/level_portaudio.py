"""Loudness by PortAudio, for Windows and macOS: the extra `talking` brings sounddevice.

macOS asks for *Microphone* once; without it the system gives silence, in which nobody talks.
"""

import sys
from collections.abc import Callable
from typing import Any

from vcam.actions.microphone.level import CHUNK_S, is_talk
from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.system.installation import reinstall


class PortAudioMeter:
    """Calls `talks` whenever the default microphone is loud, from PortAudio's thread."""

    def __init__(self, talks: Callable[[], None]) -> None:
        """Open the default microphone; raises `ActionError` where there is none."""
        sounddevice = _library()

        def hear(samples: Any, *_: object) -> None:
            if is_talk(bytes(samples)):
                talks()

        try:
            # At the device's own rate: not every system converts to another one.
            rate = sounddevice.query_devices(kind="input")["default_samplerate"]
            self._stream = sounddevice.RawInputStream(
                samplerate=rate,
                blocksize=round(rate * CHUNK_S),
                channels=1,
                dtype="int16",
                callback=hear,
            )
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise ActionError(
                _(
                    "talking cannot be noticed, since no microphone can be opened ({error}): "
                    "plug one in, or allow it in the system's privacy settings"
                ).format(error=error)
            ) from None

    def close(self) -> None:
        """Stop listening; may be called more than once."""
        self._stream.close()


def is_installed() -> bool:
    """Tell whether sounddevice and PortAudio load."""
    try:
        _library()
    except ActionError:
        return False
    return True


def _library() -> Any:
    try:
        import sounddevice
    except ImportError as error:
        raise ActionError(
            _("sounddevice is not installed, or does not load ({error})").format(error=error)
        ) from None
    except OSError:  # the package is there, and the library that it wraps is not
        if sys.platform == "linux":
            how = "sudo apt install libportaudio2"
        else:  # there it comes with the package
            how = reinstall("sounddevice")
        raise ActionError(_("PortAudio does not load: {how}").format(how=how)) from None
    return sounddevice
