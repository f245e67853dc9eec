"""Publishes gestures and states, and takes orders for what others may switch."""

import json
import logging
import queue
import threading
import time
from typing import Final

from vcam.core.event import Event
from vcam.core.labels import BINDABLE
from vcam.core.outcome import Outcome
from vcam.integrations.mqtt.client import MqttClient
from vcam.integrations.mqtt.discovery import FIRED, OFFLINE, ONLINE, SWITCHES, Topics
from vcam.integrations.service import Program
from vcam.integrations.settings import MqttSettings

log = logging.getLogger(__name__)

MAX_WAITING: Final = 32
STALE_S: Final = 2.0
"""A gesture that could not be published for so long is not published any more."""
POLL_S: Final = 0.3
"""How often pause and microphone are compared with what was published."""
WORDS: Final = {True: "ON", False: "OFF", None: "None"}
"""`None` is what Home Assistant takes for: not known."""


class MqttService:
    """Speaks to one broker until it is closed."""

    def __init__(self, settings: MqttSettings, program: Program) -> None:
        """Begin to connect. Raises `ActionError` when that cannot even be tried."""
        self._program = program
        self._topics = topics = Topics(settings.topic, settings.discovery)
        self._waiting: queue.Queue[tuple[float, Event]] = queue.Queue(MAX_WAITING)
        self._known: dict[str, str] = {}
        self._gestures: tuple[str, ...] = BINDABLE
        self._introduce = threading.Event()
        self._closed = threading.Event()
        self.client = MqttClient(
            settings,
            (topics.status, OFFLINE),
            self._introduce.set,
            self._received,
            program.tell,
        )
        self._thread = threading.Thread(target=self._work, name="mqtt", daemon=True)
        self._thread.start()

    def hear(self, event: Event) -> None:
        """Publish a gesture that fires."""
        if event.phase == "fire" and self.client.trouble is None:
            try:
                self._waiting.put_nowait((time.perf_counter(), event))
            except queue.Full:
                log.warning("the MQTT broker is slow; %s is left out", event.gesture)

    def answered(self, event: Event, outcome: Outcome) -> None:
        """Nobody there waits for it."""

    def state(self) -> str | None:
        """Return whether the broker has us."""
        return self.client.trouble or "connected"

    def close(self) -> None:
        """Say goodbye; the broker says it for us where we cannot."""
        self._closed.set()
        self._thread.join(1.0)
        self.client.close((self._topics.status, OFFLINE))

    def _work(self) -> None:
        while not self._closed.is_set():
            try:
                since, event = self._waiting.get(timeout=POLL_S)
            except queue.Empty:
                self._poll()
                continue
            if time.perf_counter() - since < STALE_S:
                self._poll()
                self._publish(event)

    def _poll(self) -> None:
        """Introduce ourselves to a new connection, and publish states that have changed."""
        if self.client.trouble is not None:
            return
        if self._introduce.is_set():
            self._introduce.clear()
            self._known.clear()
            for topic, config in self._topics.configs(self._gestures):
                self.client.publish(topic, config, retain=True)
            for switch in SWITCHES:
                self.client.subscribe(self._topics.command(switch))
            self.client.subscribe(self._topics.birth)
            self.client.publish(self._topics.status, ONLINE, retain=True)
        states = {"paused": self._program.paused, "microphone_muted": self._program.muted}
        for switch, state in states.items():
            if self._known.get(switch) != WORDS[state]:
                self._known[switch] = WORDS[state]
                self.client.publish(self._topics.state(switch), WORDS[state], retain=True)

    def _publish(self, event: Event) -> None:
        if event.gesture not in self._gestures:  # taught, or two in a row
            self._gestures = (*self._gestures, event.gesture)
            for topic, config in self._topics.configs((event.gesture,)):
                self.client.publish(topic, config, retain=True)
        line = {"event_type": FIRED, "hand": event.hand, "action": event.action}
        self.client.publish(self._topics.gesture(event.gesture), json.dumps(line))

    def _received(self, topic: str, payload: str) -> None:
        """Do what somebody asks for; anything but the two words is nobody's order."""
        if topic == self._topics.birth:
            if payload == ONLINE:
                self._introduce.set()
        elif payload in ("ON", "OFF"):
            if topic == self._topics.command("paused"):
                (self._program.pause if payload == "ON" else self._program.resume)()
            elif topic == self._topics.command("microphone_muted"):
                self._program.mute(payload == "ON")
