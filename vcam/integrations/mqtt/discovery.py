"""What Home Assistant is told of us, in the form of its MQTT discovery."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from vcam.core.gesture_names import gesture_title

FIRED: Final = "fired"
"""The one type that the event of a gesture has."""
ONLINE: Final = "online"
OFFLINE: Final = "offline"
SWITCHES: Final = {
    "paused": ("Gestures paused", "mdi:hand-back-left-off"),
    "microphone_muted": ("Microphone muted", "mdi:microphone-off"),
}
"""State topics that others may set too: what each is called, and its icon."""


@dataclass(frozen=True, slots=True)
class Topics:
    """Where everything is published."""

    base: str
    discovery: str

    @property
    def status(self) -> str:
        """`online`, or `offline` as the last will."""
        return f"{self.base}/status"

    @property
    def birth(self) -> str:
        """Where Home Assistant says that it has started."""
        return f"{self.discovery}/status"

    def gesture(self, name: str) -> str:
        """Where a gesture is published when it fires."""
        return f"{self.base}/gesture/{plain(name)}"

    def state(self, switch: str) -> str:
        """`ON` or `OFF`."""
        return f"{self.base}/{switch}"

    def command(self, switch: str) -> str:
        """Where others ask for `ON` or `OFF`."""
        return f"{self.base}/{switch}/set"

    def configs(self, gestures: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Yield topic and payload of everything that Home Assistant shall know."""
        for name in gestures:
            yield self._config("event", plain(name), self._event(name))
        for switch, (title, icon) in SWITCHES.items():
            yield self._config("switch", switch, self._switch(switch, title, icon))

    def _event(self, name: str) -> dict[str, Any]:
        return {
            "name": gesture_title(name),
            "state_topic": self.gesture(name),
            "event_types": [FIRED],
            "icon": "mdi:hand-back-right",
        }

    def _switch(self, switch: str, title: str, icon: str) -> dict[str, Any]:
        return {
            "name": title,
            "state_topic": self.state(switch),
            "command_topic": self.command(switch),
            "icon": icon,
        }

    def _config(self, kind: str, name: str, config: dict[str, Any]) -> tuple[str, str]:
        node = plain(self.base)
        shared = {
            "unique_id": f"{node}_{name}",
            "availability_topic": self.status,
            "device": {
                "identifiers": [node],
                "name": f"Gesture Cam ({self.base})",
                "manufacturer": "vcam",
            },
            "origin": {"name": "vcam"},
        }
        return f"{self.discovery}/{kind}/{node}/{name}/config", json.dumps({**config, **shared})


def plain(name: str) -> str:
    """Return a name in the letters that topics and identifiers may have."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", name)
