"""Everything that one run speaks to, as the settings have it at the moment."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

from vcam.actions.action import CallPlugin, parse_action
from vcam.actions.plugins.plugins import Opens, Plugins
from vcam.integrations.settings import IntegrationSettings, ObsSettings


class Tells(Protocol):
    """Whoever shows the person what another program says."""

    def tell(self, text: str, *, badge: str | None = None) -> None:
        """Show one line for a moment; with `badge`, keep that badge in sight."""

    def clear_badge(self, badge: str) -> None:
        """Take a badge away; does nothing when it is not there."""


def _obs(section: ObsSettings, _: Tells) -> Opens:
    from vcam.integrations.obs.plugin import Obs

    return lambda: Obs(section)


OWN: Final[Mapping[str, Callable[[Any, Tells], Opens]]] = {"obs": _obs}
"""The plug-ins that come with this program: a section of the settings becomes what opens one."""


class Links:
    """Opens what the settings name, and closes what they name no more."""

    def __init__(self, controls: Tells) -> None:
        self._controls = controls
        self._settings = IntegrationSettings()
        self._own: dict[str, Opens] = {}
        self.plugins = Plugins(controls.tell, self._settings.plugins)

    def apply_settings(self, settings: IntegrationSettings, actions: Sequence[str]) -> None:
        """Take other settings, and load the plug-ins that the actions in force name."""
        before, self._settings = self._settings, settings
        for name, made in OWN.items():
            section = getattr(settings, name)
            if section != getattr(before, name) or name not in self._own:
                self._own[name] = made(section, self._controls)
        self.plugins.apply_settings(settings.plugins, dict(self._own))
        called = [parse_action(action) for action in actions]
        self.plugins.prepare(
            [(a.plugin, a.verb, a.argument) for a in called if isinstance(a, CallPlugin)]
        )

    def close(self) -> None:
        """Close everything."""
        self.plugins.close()
