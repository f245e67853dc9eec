"""The mute of macOS, over a Core Audio of our own that answers as Apple's headers say."""

from typing import Any

import pytest

from vcam.actions.microphone import mac
from vcam.actions.microphone.mac import MacMicrophone
from vcam.actions.microphone.mac_core_audio import (
    DEFAULT_INPUT_DEVICE,
    MUTE,
    SCOPE_GLOBAL,
    SCOPE_INPUT,
    default_input,
)
from vcam.actions.microphone.microphone import change_microphone
from vcam.errors import ActionError

UNKNOWN_PROPERTY = 2003332927
"""`kAudioHardwareUnknownPropertyError`, which is 'who?'."""


class FakeCoreAudio:
    """One input device, number 85, with a mute or without one."""

    def __init__(self, *, mute: bool = True, device: int = 85) -> None:
        self.device, self.mute, self.value, self.broken = device, mute, 0, 0

    def AudioObjectHasProperty(self, number: Any, address: Any) -> int:  # noqa: N802
        asked = address._obj
        return int(
            self.mute
            and number.value == 85
            and (asked.selector, asked.scope) == (MUTE, SCOPE_INPUT)
        )

    def AudioObjectIsPropertySettable(self, number: Any, address: Any, out: Any) -> int:  # noqa: N802
        out._obj.value = 1
        return 0

    def AudioObjectGetPropertyData(  # noqa: N802
        self, number: Any, address: Any, extra: Any, qualifier: None, size: Any, out: Any
    ) -> int:
        assert (extra.value, qualifier, size._obj.value) == (0, None, 4)
        asked = (number.value, address._obj.selector, address._obj.scope, address._obj.element)
        if asked == (1, DEFAULT_INPUT_DEVICE, SCOPE_GLOBAL, 0):
            out._obj.value = self.device
        elif asked == (85, MUTE, SCOPE_INPUT, 0) and self.mute:
            out._obj.value = self.value
        else:
            return UNKNOWN_PROPERTY
        return self.broken

    def AudioObjectSetPropertyData(  # noqa: N802
        self, number: Any, address: Any, extra: Any, qualifier: None, size: Any, data: Any
    ) -> int:
        assert (number.value, address._obj.selector, size.value) == (85, MUTE, 4)
        self.value = data._obj.value
        return self.broken


class Scripts:
    """What osascript knows: an input volume, or none."""

    def __init__(self, volume: int | None = 60) -> None:
        self.volume = volume

    def __call__(self, line: str) -> str:
        if line.startswith("set volume input volume "):
            self.volume = int(line.rsplit(maxsplit=1)[-1])
        return "missing value" if self.volume is None else str(self.volume)


def on(patch: pytest.MonkeyPatch, audio: FakeCoreAudio, scripts: Scripts) -> MacMicrophone:
    patch.setattr(mac, "default_input", lambda: default_input(audio))
    patch.setattr(mac, "_script", scripts)
    return MacMicrophone()


def test_a_device_with_a_mute_is_muted_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The volume, which call apps raise by themselves, stays as it was."""
    audio, scripts = FakeCoreAudio(), Scripts()
    microphone = on(monkeypatch, audio, scripts)
    assert change_microphone(microphone, "mute")
    assert (audio.value, scripts.volume) == (1, 60)
    assert not change_microphone(microphone, "toggle")
    assert (audio.value, scripts.volume) == (0, 60)


@pytest.mark.parametrize("audio", [FakeCoreAudio(mute=False), FakeCoreAudio(device=0)])
def test_without_a_mute_the_volume_serves(
    audio: FakeCoreAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device without a mute goes to volume 0 and back to what it was."""
    scripts = Scripts(42)
    microphone = on(monkeypatch, audio, scripts)
    assert change_microphone(microphone, "mute")
    assert scripts.volume == 0
    assert not change_microphone(microphone, "unmute")
    assert scripts.volume == 42


def test_a_volume_of_0_is_muted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who turned the volume to 0 by hand hears "muted", and unmuting makes it audible."""
    audio, scripts = FakeCoreAudio(), Scripts(0)
    microphone = on(monkeypatch, audio, scripts)
    assert microphone.muted()
    assert not change_microphone(microphone, "unmute")
    assert scripts.volume


def test_a_device_with_neither_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """No mute and no volume: one sentence with what to do instead."""
    with pytest.raises(ActionError, match="use the call app's own mute"):
        on(monkeypatch, FakeCoreAudio(mute=False), Scripts(None))


def test_a_mute_without_a_volume_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some interfaces have a mute and no volume."""
    microphone = on(monkeypatch, FakeCoreAudio(), Scripts(None))
    assert change_microphone(microphone, "mute")


def test_a_refusal_is_an_action_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of Core Audio's ends in a sentence with its number."""
    audio = FakeCoreAudio()
    microphone = on(monkeypatch, audio, Scripts())
    audio.broken = UNKNOWN_PROPERTY
    with pytest.raises(ActionError, match=str(UNKNOWN_PROPERTY)):
        microphone.set_muted(True)


def test_the_codes_are_apples() -> None:
    """Four letters are a number, the first letter the highest byte."""
    assert MUTE == 0x6D757465
    assert DEFAULT_INPUT_DEVICE == 0x64496E20
