"""The connection to the broker; the one place that knows paho."""

import logging
import ssl
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from vcam.core.texts import _, marked
from vcam.errors import ActionError
from vcam.integrations.password import read_password
from vcam.integrations.settings import MQTT_PORT, MQTT_TLS_PORT, MqttSettings
from vcam.integrations.system_keyring import UNLOCK_S
from vcam.system.installation import add
from vcam.system.json_files import read_regular

KEEPALIVE_S: Final = 15
"""A broker that is gone is noticed after about one and a half times so long."""
FAREWELL_S: Final = 0.5
"""How long the last word may take, and the end with it:"""
END_S: Final = 1.0
NOT_YET: Final = marked("the broker has not answered yet")
AGAIN_S: Final = (1, 30)
"""How long to wait before the next try, at first and at most."""


class MqttClient:
    """Stays connected by itself, on a thread of paho's own."""

    def __init__(
        self,
        settings: MqttSettings,
        will: tuple[str, str],
        connected: Callable[[], None],
        received: Callable[[str, str], None],
        tell: Callable[[str], None],
    ) -> None:
        """Begin to connect and do not wait. Raises `ActionError`.

        `will` is the topic and the payload that the broker publishes when we are gone; `tell`
        hears why the keyring gives no password.
        """
        try:
            from paho.mqtt.client import Client
            from paho.mqtt.enums import CallbackAPIVersion
        except ImportError:
            raise ActionError(
                _("MQTT needs the package paho-mqtt: {add}").format(add=add("paho-mqtt"))
            ) from None
        self._settings, self._connected, self._received = settings, connected, received
        self._trouble: str | None = _(NOT_YET)
        self._client = client = Client(CallbackAPIVersion.VERSION2)
        quiet = logging.getLogger("vcam.mqtt")
        client.enable_logger(quiet)
        quiet.setLevel(logging.CRITICAL)
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.on_connect_fail, client.on_message = self._on_connect_fail, self._on_message
        client.suppress_exceptions = True  # else a fault of ours would end paho's thread in silence
        client.will_set(*will, qos=1, retain=True)
        client.reconnect_delay_set(*AGAIN_S)
        if settings.tls:
            self._use_tls(settings.ca_file)
        self._closed, self._beginning = False, threading.Lock()
        if settings.keyring:  # it may ask its person, and neither start nor video waits for that
            self._trouble = _("the keyring has not given the password yet")
            threading.Thread(
                target=self._begin_when_unlocked, args=(tell,), name="mqtt password", daemon=True
            ).start()
        else:
            self._begin(read_password("mqtt", settings))

    @property
    def trouble(self) -> str | None:
        """What keeps us from the broker; None: nothing does."""
        if self._trouble is None:
            return None
        return _("MQTT broker {host}:{port}: {trouble}").format(
            host=self._settings.host, port=self._port, trouble=self._trouble
        )

    def subscribe(self, topic: str) -> None:
        """Hear what is published there."""
        self._client.subscribe(topic, qos=1)

    def publish(self, topic: str, payload: str, *, retain: bool = False) -> None:
        """Publish without waiting; nothing is kept for a broker that is not there."""
        if self._trouble is None:
            self._client.publish(topic, payload, qos=0, retain=retain)

    def publish_confirmed(self, topic: str, payload: str, limit_s: float) -> None:
        """Publish and wait until the broker has it. Raises `ActionError`."""
        if self.trouble is not None:
            raise ActionError(self.trouble)
        if not self._confirmed(topic, payload, limit_s):
            raise ActionError(_("the MQTT broker has not confirmed it"))

    def close(self, farewell: tuple[str, str]) -> None:
        """Publish topic and payload once more, where that is possible, and end."""
        with self._beginning:
            self._closed = True
        # A broker that hangs while the connection is being made holds paho's thread up for seconds.
        ends = threading.Thread(target=self._end, args=farewell, name="mqtt ends", daemon=True)
        ends.start()
        ends.join(END_S)

    def _end(self, topic: str, payload: str) -> None:
        if self._trouble is None:
            self._confirmed(topic, payload, FAREWELL_S, retain=True)
        self._client.disconnect()
        self._client.loop_stop()

    def _confirmed(self, topic: str, payload: str, limit_s: float, *, retain: bool = False) -> bool:
        """Publish and wait; False when the broker has not confirmed it, or is gone meanwhile."""
        sent = self._client.publish(topic, payload, qos=1, retain=retain)
        try:
            sent.wait_for_publish(limit_s)
            return bool(sent.is_published())
        except (RuntimeError, ValueError):  # the connection has just ended
            return False

    def _begin_when_unlocked(self, tell: Callable[[str], None]) -> None:
        try:
            password = read_password("mqtt", self._settings, UNLOCK_S)
        except ActionError as error:
            self._trouble = str(error)
            tell(str(error))
        else:
            self._trouble = _(NOT_YET)
            self._begin(password)

    def _begin(self, password: str | None) -> None:
        with self._beginning:
            if self._closed:
                return
            if self._settings.username or password:
                self._client.username_pw_set(self._settings.username or "", password)
            self._client.connect_async(self._settings.host or "", self._port, KEEPALIVE_S)
            self._client.loop_start()

    @property
    def _port(self) -> int:
        return self._settings.port or (MQTT_TLS_PORT if self._settings.tls else MQTT_PORT)

    def _use_tls(self, ca_file: str | None) -> None:
        try:
            if ca_file is not None:
                read_regular(Path(ca_file))  # OpenSSL would wait for a pipe without end
            self._client.tls_set(ca_certs=ca_file)
        except (OSError, ValueError) as error:
            raise ActionError(
                _("[mqtt] ca_file {ca_file} cannot be used ({error})").format(
                    ca_file=ca_file, error=error
                )
            ) from None

    def _on_connect(self, client: Any, user: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            self._trouble = _("it does not let us in ({reason})").format(reason=reason)
            return
        self._trouble = None
        self._connected()

    def _on_disconnect(
        self, client: Any, user: Any, flags: Any, reason: Any, properties: Any
    ) -> None:
        if self._trouble in (None, _(NOT_YET)):
            self._trouble = _("the connection has ended ({reason})").format(reason=reason)

    def _on_connect_fail(self, client: Any, user: Any) -> None:
        # paho calls this while it handles what went wrong, and does not pass it on.
        error = sys.exc_info()[1]
        if isinstance(error, ssl.SSLCertVerificationError):
            self._trouble = _("its certificate is not trusted ({reason})").format(
                reason=error.verify_message
            )
        else:
            self._trouble = _("it cannot be reached")

    def _on_message(self, client: Any, user: Any, message: Any) -> None:
        if not message.retain:  # what somebody asked for once is not asked for again
            self._received(message.topic, message.payload.decode("utf-8", "replace"))
