"""Which programs to speak to. Nothing is spoken to unless a host or an address stands here."""

from dataclasses import dataclass, field
from typing import Final

from vcam.actions.plugins.plugins import PluginSettings
from vcam.core.setting import Number, Whole, setting

OBS_PORT: Final = 4455
TEAMS_PORT: Final = 8124
MQTT_PORT: Final = 1883
MQTT_TLS_PORT: Final = 8883
PORTS: Final = Whole(1, 65_535)
KEYRING: Final = "Take the password from the system's keyring"


@dataclass(frozen=True, slots=True)
class ObsSettings:
    """`[obs]`: OBS Studio by its own WebSocket server."""

    host: str | None = setting(
        None, "host", "Where OBS runs", "Without it, OBS is left alone.", example="localhost"
    )
    port: int = setting(OBS_PORT, PORTS, "Port of its WebSocket server")
    password_file: str | None = setting(
        None,
        "path",
        "A file with the server's password",
        "Readable by you alone. Without it, there is none.",
        example="obs-password",
    )
    keyring: bool = setting(False, "flag", KEYRING, "`vcam config password obs` puts it there.")


@dataclass(frozen=True, slots=True)
class TeamsSettings:
    """`[teams]`: Microsoft Teams by its local interface for third-party devices."""

    host: str | None = setting(
        None, "host", "Where Teams runs", "Without it, Teams is left alone.", example="localhost"
    )
    port: int = setting(TEAMS_PORT, PORTS, "Port of its local interface")


@dataclass(frozen=True, slots=True)
class MqttSettings:
    """`[mqtt]`: gestures for Home Assistant and others, by an MQTT broker."""

    host: str | None = setting(
        None, "host", "The broker", "Without it, nothing is published.", example="192.168.1.5"
    )
    port: int | None = setting(
        None, PORTS, "Its port", "Without it, 1883, or 8883 with TLS.", example=MQTT_PORT
    )
    tls: bool = setting(False, "flag", "Speak to it by TLS")
    ca_file: str | None = setting(
        None,
        "path",
        "Certificates to trust instead of the system's",
        "For a broker with one of its own.",
        example="broker.pem",
    )
    username: str | None = setting(None, "text", "Name to log in with", example="vcam")
    password_file: str | None = setting(
        None,
        "path",
        "A file with the password",
        "Readable by you alone.",
        example="mqtt-password",
    )
    keyring: bool = setting(False, "flag", KEYRING, "`vcam config password mqtt` puts it there.")
    topic: str = setting("vcam", "topic", "What all topics begin with", "Two computers need two.")
    discovery: str = setting(
        "homeassistant", "topic", "Where Home Assistant looks for what there is"
    )


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """`[webhook]`: events by HTTP POST to one address."""

    url: str | None = setting(
        None,
        "url",
        "Where events are posted",
        "Without it, nothing is.",
        example="https://example.org/hook",
    )
    secret_file: str | None = setting(
        None,
        "path",
        "A file whose text goes along as the header `X-Vcam-Secret`",
        example="webhook-secret",
    )
    every_fire: bool = setting(
        False, "flag", "Post every gesture that fires", "Not only those bound to `webhook.post`."
    )
    time_limit_s: float = setting(3.0, Number(0.1, 10), "How long one post may take (seconds)")


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """`[stream]`: events for programs on this computer."""

    enabled: bool = setting(False, "flag", "Offer events to programs on this computer")


@dataclass(frozen=True, slots=True)
class SoundSettings:
    """`[sounds]`: for those who do not watch the picture."""

    hold: bool = setting(False, "flag", "A soft tick when a hold begins")
    fire: bool = setting(
        False, "flag", "A tone when a gesture fires, and a lower one when its action fails"
    )
    volume: float = setting(0.3, Number(0, 1, 0.1), "How loud")


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
