"""What each section of the settings opens; imported only where the section asks for it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from vcam.actions.plugins.plugins import Opens
from vcam.integrations.service import Program, Service
from vcam.integrations.settings import (
    MqttSettings,
    SoundSettings,
    StreamSettings,
    TeamsSettings,
    WebhookSettings,
)

Opener = Callable[[Any, Program], Service | None]


def _mqtt(section: MqttSettings, program: Program) -> Service | None:
    if section.host is None:
        return None
    from vcam.integrations.mqtt.service import MqttService

    return MqttService(section, program)


def _webhook(section: WebhookSettings, program: Program) -> Service | None:
    if section.url is None:
        return None
    from vcam.integrations.webhook import Webhook

    return Webhook(section, program)


def _teams(section: TeamsSettings, program: Program) -> Service | None:
    if section.host is None:
        return None
    from vcam.integrations.teams.service import TeamsService

    return TeamsService(section, program)


def _stream(section: StreamSettings, program: Program) -> Service | None:
    if not section.enabled:
        return None
    from vcam.integrations.stream.local_socket import LocalStream

    return LocalStream(program)


def _sounds(section: SoundSettings, program: Program) -> Service | None:
    if not (section.hold or section.fire):
        return None
    from vcam.integrations.sounds.service import Sounds

    return Sounds(section, program)


OPENS: Final[Mapping[str, Opener]] = {
    "teams": _teams,
    "mqtt": _mqtt,
    "webhook": _webhook,
    "stream": _stream,
    "sounds": _sounds,
}
"""The services, by section. Each returns None where the section names no place."""


def plugin_of(name: str, section: Any, service: Any) -> Opens | None:
    """Return what opens the plug-in of a section; None where there is none, or no place for it."""
    if name == "obs" and section.host is not None:
        from vcam.integrations.obs.plugin import Obs

        return lambda: Obs(section)
    if name == "teams" and service is not None:
        from vcam.integrations.teams.service import Teams

        return lambda: Teams(service)
    if name == "mqtt" and service is not None:
        from vcam.integrations.mqtt.plugin import MqttPublisher

        return lambda: MqttPublisher(service.client)
    if name == "webhook" and service is not None:
        from vcam.integrations.webhook import WebhookPlugin

        return lambda: WebhookPlugin(service)
    return None
