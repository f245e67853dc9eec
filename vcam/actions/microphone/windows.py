"""The default microphones of Windows, through Core Audio. The only file that imports pycaw."""

import contextlib
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol

from vcam.core.texts import _
from vcam.errors import ActionError

_MULTITHREADED: Final = 0x0
"""COINIT_MULTITHREADED: an interface that one thread opened may be used by every other."""


class Endpoint(Protocol):
    """One microphone's mute switch. Its methods raise OSError when the device is gone."""

    def muted(self) -> bool:
        """Read it from the system."""

    def set_muted(self, muted: bool) -> None:
        """Set it; the driver may refuse silently."""


class Endpoints(Protocol):
    """Knows which microphones are the defaults now."""

    def current(self) -> Sequence[Endpoint]:
        """Return each default microphone once; raises OSError when there is none."""


class WindowsMicrophone:
    """The default microphone for calls, and the one for everything else where they differ.

    Windows names them *communications* and *console*, and call apps take either. Nobody can know
    which one a call listens to, so both are muted.
    """

    def __init__(self, endpoints: Endpoints | None = None) -> None:
        """Find them; raises `ActionError` when there is none."""
        self._endpoints = endpoints or _CoreAudio()
        self.muted()

    def muted(self) -> bool:
        """Tell whether every default microphone is muted."""
        with _explained():
            return all(endpoint.muted() for endpoint in self._endpoints.current())

    def set_muted(self, muted: bool) -> None:
        """Mute or unmute every default microphone, and read each one back."""
        with _explained():
            endpoints = self._endpoints.current()
            for endpoint in endpoints:
                endpoint.set_muted(muted)
            obeyed = all(endpoint.muted() == muted for endpoint in endpoints)
        if not obeyed:
            text = _(
                "the microphone cannot be unmuted: its driver or another program refuses; use the "
                "call app's own mute button"
            )
            if muted:
                text = _(
                    "the microphone cannot be muted: its driver or another program refuses; use "
                    "the call app's own mute button"
                )
            raise ActionError(text)


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ActionError(
            _(
                "Windows has no microphone that can be muted ({error}): plug one in, or "
                "choose one in Settings > System > Sound > Input"
            ).format(error=error)
        ) from None


class _CoreAudio:
    """The endpoints of this machine. One that is open is kept while its device is a default."""

    def __init__(self) -> None:
        """Load pycaw; raises `ActionError` where it is missing."""
        # comtypes reads this when it is imported. Its own choice ties interfaces to one thread.
        if not hasattr(sys, "coinit_flags"):
            sys.coinit_flags = _MULTITHREADED  # type: ignore[attr-defined]  # comtypes' own switch
        try:
            import comtypes
            from pycaw import pycaw
        except (ImportError, OSError) as error:
            raise ActionError(
                _("the microphone cannot be reached ({error}): install the program again").format(
                    error=error
                )
            ) from None
        self._com: Any = comtypes
        self._pycaw: Any = pycaw
        self._thread = threading.local()
        self._open: dict[str, _Volume] = {}

    def current(self) -> Sequence[Endpoint]:
        """Return each default microphone once, the one for calls first."""
        self._join_thread()
        roles = (self._pycaw.ERole.eCommunications, self._pycaw.ERole.eConsole)
        capture = self._pycaw.EDataFlow.eCapture.value
        with self._com_errors():
            enumerator = self._pycaw.AudioUtilities.GetDeviceEnumerator()
            found = [enumerator.GetDefaultAudioEndpoint(capture, role.value) for role in roles]
            devices = {device.GetId(): device for device in found}
            self._open = {
                name: self._open.get(name) or self._activate(device)
                for name, device in devices.items()
            }
        return list(self._open.values())

    def _activate(self, device: Any) -> "_Volume":
        kind = self._pycaw.IAudioEndpointVolume
        opened = device.Activate(kind._iid_, self._com.CLSCTX_ALL, None)
        return _Volume(opened.QueryInterface(kind), self._com_errors)

    @contextlib.contextmanager
    def _com_errors(self) -> Iterator[None]:
        """COM's errors are no OSErrors of Python's: `COMError` derives from Exception."""
        try:
            yield
        except self._com.COMError as error:
            self._open = {}
            raise OSError(error.text or f"error {error.hresult & 0xFFFFFFFF:#x}") from None

    def _join_thread(self) -> None:
        """COM serves a thread only after the thread has introduced itself."""
        if not hasattr(self._thread, "joined"):
            # Whoever introduced it in another way before us is served all the same.
            with contextlib.suppress(OSError):
                self._com.CoInitializeEx(_MULTITHREADED)
            self._thread.joined = True


class _Volume:
    """One device's `IAudioEndpointVolume`."""

    def __init__(self, volume: Any, errors: Any) -> None:
        self._volume, self._errors = volume, errors

    def muted(self) -> bool:
        with self._errors():
            return bool(self._volume.GetMute())

    def set_muted(self, muted: bool) -> None:
        with self._errors():
            self._volume.SetMute(int(muted), None)
