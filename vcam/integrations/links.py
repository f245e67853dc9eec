"""Everything that one run speaks to, as the settings have it at the moment."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from vcam.actions.action import CallPlugin, parse_action
from vcam.actions.plugins.plugins import Opens, Plugins
from vcam.core.event import Event
from vcam.core.outcome import Outcome
from vcam.errors import VcamError
from vcam.integrations.open import OPENS, plugin_of
from vcam.integrations.service import Program, Service
from vcam.integrations.settings import IntegrationSettings
from vcam.integrations.stream.local_socket import LocalStream
from vcam.integrations.stream.service import EventStream

log = logging.getLogger(__name__)

SECTIONS: Final = ("obs", *OPENS)
"""Sections that are compared when the settings change."""


class Links:
    """Opens what the settings name, and closes what they name no more.

    `hear` and `answered` never wait; the rest is called when settings change.
    """

    def __init__(self, program: Program, *, quiet: Callable[[], bool] = lambda: False) -> None:
        """While `quiet` says so, services hear nothing: nothing is done but shown."""
        self._program, self._quiet = program, quiet
        self._settings = IntegrationSettings()
        self._services: Mapping[str, Service] = {}
        self._plugins_of_ours: dict[str, Opens] = {}
        self._failed: dict[str, str] = {}
        self._changing = threading.Lock()
        self._panel: str | None = None
        self.plugins = Plugins(program.tell, self._settings.plugins)

    def apply_settings(self, settings: IntegrationSettings, actions: Sequence[str]) -> None:
        """Take other settings, and load the plug-ins that the actions in force name."""
        with self._changing:
            before, self._settings = self._settings, settings
            for name in SECTIONS:
                section = getattr(settings, name)
                if section != getattr(before, name):
                    self._renew(name, section)
            self.plugins.apply_settings(settings.plugins, dict(self._plugins_of_ours))
        called = [parse_action(action) for action in actions]
        self.plugins.prepare(
            [(a.plugin, a.verb, a.argument) for a in called if isinstance(a, CallPlugin)]
        )

    def hear(self, event: Event) -> None:
        """Let every service hear of an event; called on the recognition thread."""
        if self._services and not self._quiet():
            for name, service in self._services.items():
                try:
                    service.hear(event)
                except Exception:
                    log.exception("%s does not hear", name)

    def answered(self, event: Event, outcome: Outcome) -> None:
        """Let every service hear what became of an action."""
        if self._services and not self._quiet():
            for name, service in self._services.items():
                try:
                    service.answered(event, outcome)
                except Exception:
                    log.exception("%s does not hear", name)

    def states(self) -> Mapping[str, str]:
        """Return what each service and plug-in says of itself, and why one could not be opened."""
        services = {name: service.state() for name, service in self._services.items()}
        known = {name: s for name, s in services.items() if s}
        return self._failed | known | dict(self.plugins.states())

    @property
    def stream(self) -> EventStream | None:
        """The events for programs; None where they are not switched on."""
        found = self._services.get("stream")
        return found.stream if isinstance(found, LocalStream) else None

    def at_panel(self, address: str) -> None:
        """Hear where the panel is, at which the stream is served too."""
        self._panel = address
        self._say_where()

    def _say_where(self) -> None:
        found = self._services.get("stream")
        if isinstance(found, LocalStream) and self._panel:
            found.say_where(self._panel)

    def close(self) -> None:
        """Close everything."""
        with self._changing:
            services, self._services = self._services, {}
        for service in services.values():
            service.close()
        self.plugins.close()

    def _renew(self, name: str, section: Any) -> None:
        """Close what a section named and open what it names now."""
        services = dict(self._services)
        old = services.pop(name, None)
        self._services = services
        self._plugins_of_ours.pop(name, None)
        if old is not None:
            old.close()
        self._failed.pop(name, None)
        try:
            service = OPENS[name](section, self._program) if name in OPENS else None
        except (VcamError, OSError) as error:
            self._failed[name] = str(error)
            log.warning("%s", error)
            self._program.tell(str(error))
            return
        if service is not None:
            self._services = {**self._services, name: service}
            self._say_where()
        opens = plugin_of(name, section, service)
        if opens is not None:
            self._plugins_of_ours[name] = opens
