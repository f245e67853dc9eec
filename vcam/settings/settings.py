"""All settings: each room's own, and what the person bound."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from vcam.camera.settings import CameraSettings
from vcam.core.binding import Binding
from vcam.core.setting import Choice, setting
from vcam.core.texts import LANGUAGES
from vcam.gestures.settings import GestureSettings
from vcam.integrations.settings import IntegrationSettings
from vcam.output.settings import OutputSettings
from vcam.overlay.settings import OverlaySettings
from vcam.settings.app_profiles import shipped_profiles, this_system
from vcam.vision.settings import RecognitionSettings

DEFAULT_PROFILE = "system"


def _shipped_bindings() -> Mapping[str, tuple[Binding, ...]]:
    shipped = shipped_profiles(this_system())
    return MappingProxyType({name: profile.bindings for name, profile in shipped.items()})


@dataclass(frozen=True, slots=True)
class Settings:
    """What one settings file says, complete with defaults. Everything in it was checked."""

    camera: CameraSettings = field(default_factory=CameraSettings)
    output: OutputSettings = field(default_factory=OutputSettings)
    overlay: OverlaySettings = field(default_factory=OverlaySettings)
    recognition: RecognitionSettings = field(default_factory=RecognitionSettings)
    gestures: GestureSettings = field(default_factory=GestureSettings)
    integrations: IntegrationSettings = field(default_factory=IntegrationSettings)
    """Programs and devices to speak to; in the file, each is a section of its own."""
    profile: str = setting(
        DEFAULT_PROFILE,
        "text",
        "Which profile to use",
        "One of system, zoom, discord, teams, meet, slack and obs, or of your own.",
    )
    profiles: Mapping[str, tuple[Binding, ...]] = field(default_factory=_shipped_bindings)
    """All profiles by name, the shipped ones of this system included; read-only."""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By which apps a profile of the file is known, where it says so; see `followed`."""
    follow_call: bool = setting(
        True,
        "flag",
        "Let the profile follow the call",
        "That is the app that shows our camera (Linux), or has the focus. The profiles that ship "
        "do so once you chose one of them; your own, once you named their apps.",
    )
    language: str = setting(
        "auto",
        Choice(("auto", *LANGUAGES)),
        "Language of the program",
        "`auto` is that of the system. Names in this file and what other programs read stay "
        "English.",
    )
    allow_commands: bool = setting(False, "flag", "Whether bindings may start programs with `run:`")

    def followed(self, chosen: str) -> Mapping[str, tuple[str, ...]]:
        """Return the profiles that follow their apps, with what these are known by.

        Those of the file that say `when`; and the shipped ones, once one of them was `chosen`:
        whoever chose `system` wants the same in every app.
        """
        if not self.follow_call:
            return {}
        shipped = {
            name: profile.when
            for name, profile in shipped_profiles(this_system()).items()
            if profile.when
        }
        every = {**(shipped if chosen in shipped else {}), **self.when}
        return {name: when for name, when in every.items() if when}

    @property
    def bindings(self) -> tuple[Binding, ...]:
        """The bindings of the profile in use."""
        return self.profiles[self.profile]
