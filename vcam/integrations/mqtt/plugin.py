"""`mqtt.publish:TOPIC PAYLOAD`."""

from collections.abc import Sequence
from typing import Final

from vcam.actions.plugins.plugin import Call
from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.integrations.mqtt.client import MqttClient
from vcam.integrations.verbs import MQTT

CONFIRM_S: Final = 1.5


class MqttPublisher:
    """Publishes what a binding says, and waits until the broker has it."""

    verbs = MQTT

    def __init__(self, client: MqttClient) -> None:
        self._client = client

    def check(self, verb: str, argument: str) -> None:
        """Raise when nothing can be published there."""
        topic, _payload = _parts(argument)
        if "+" in topic or "#" in topic:
            raise ActionError(
                _("{topic} is no topic to publish to: + and # stand for many").format(topic=topic)
            )

    def perform(self, call: Call) -> str | None:
        """Publish it."""
        topic, payload = _parts(call.argument)
        self._client.publish_confirmed(topic, payload, CONFIRM_S)
        return f"Published {topic}"

    def choices(self, verb: str) -> Sequence[str]:
        """Offer an example."""
        return ["home/desk/lamp ON"]

    def state(self) -> str | None:
        """The service tells it."""
        return None

    def close(self) -> None:
        """The connection is the service's."""


def _parts(argument: str) -> tuple[str, str]:
    topic, _blank, payload = argument.partition(" ")
    return topic, payload.strip()
