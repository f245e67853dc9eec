"""Which programs to speak to. Nothing is spoken to unless a host or an address stands here."""

from dataclasses import dataclass, field
from typing import Final

from vcam.actions.plugins.plugins import PluginSettings

OBS_PORT: Final = 4455
TEAMS_PORT: Final = 8124
MQTT_PORT: Final = 1883
MQTT_TLS_PORT: Final = 8883


@dataclass(frozen=True, slots=True)
class ObsSettings:
    """`[obs]`: OBS Studio by its own WebSocket server."""

    host: str | None = None
    """Where OBS runs, such as `localhost`; None: OBS is left alone."""
    port: int = OBS_PORT
    password_file: str | None = None
    """A file with the server's password, readable by its owner alone; None: there is none."""


@dataclass(frozen=True, slots=True)
class TeamsSettings:
    """`[teams]`: Microsoft Teams by its local interface for third-party devices."""

    host: str | None = None
    """`localhost`; None: Teams is left alone."""
    port: int = TEAMS_PORT


@dataclass(frozen=True, slots=True)
class MqttSettings:
    """`[mqtt]`: gestures for Home Assistant and others, by an MQTT broker."""

    host: str | None = None
    """The broker; None: nothing is published."""
    port: int | None = None
    """None: 1883, or 8883 with TLS."""
    tls: bool = False
    ca_file: str | None = None
    """Certificates to trust instead of the system's, for a broker with one of its own."""
    username: str | None = None
    password_file: str | None = None
    """A file with the password, readable by its owner alone."""
    topic: str = "vcam"
    """What all topics begin with; two computers need two."""
    discovery: str = "homeassistant"
    """Where Home Assistant looks for what there is."""


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """`[webhook]`: events by HTTP POST to one address."""

    url: str | None = None
    """None: nothing is posted."""
    secret_file: str | None = None
    """A file whose text goes along as the header `X-Vcam-Secret`."""
    every_fire: bool = False
    """Post every gesture that fires, not only those bound to `webhook.post`."""
    time_limit_s: float = 3.0


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """`[stream]`: events for programs on this computer."""

    enabled: bool = False


@dataclass(frozen=True, slots=True)
class SoundSettings:
    """`[sounds]`: for those who do not watch the picture."""

    hold: bool = False
    """A soft tick when a hold begins."""
    fire: bool = False
    """A tone when a gesture fires, and a lower one when its action fails."""
    volume: float = 0.3
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class IntegrationSettings:
    """All of them."""

    obs: ObsSettings = field(default_factory=ObsSettings)
    teams: TeamsSettings = field(default_factory=TeamsSettings)
    mqtt: MqttSettings = field(default_factory=MqttSettings)
    webhook: WebhookSettings = field(default_factory=WebhookSettings)
    stream: StreamSettings = field(default_factory=StreamSettings)
    sounds: SoundSettings = field(default_factory=SoundSettings)
    plugins: PluginSettings = field(default_factory=PluginSettings)
