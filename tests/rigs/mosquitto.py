"""A Mosquitto of our own, which asks for a password, may have TLS, and can go and come back."""

import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from tests.rigs.obs import free_port
from vcam.integrations.settings import MqttSettings

PASSWORD = "open sesame"


@dataclass
class Broker:
    """A broker, and somebody who listens to everything there."""

    folder: Path
    port: int
    tls: bool = False
    process: "subprocess.Popen[bytes] | None" = None
    heard: list[tuple[str, str]] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    listener: Any = None

    def start(self) -> None:
        """Listen; what was retained before is forgotten."""
        config = self.folder / "mosquitto.conf"
        self.process = subprocess.Popen(
            [shutil.which("mosquitto") or "/usr/sbin/mosquitto", "-c", str(config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.listener = listener = Client(CallbackAPIVersion.VERSION2)
        listener.username_pw_set("vcam", PASSWORD)
        if self.tls:
            listener.tls_set(str(self.folder / "cert.pem"))
        ready = threading.Event()
        listener.on_message = self._hear
        listener.on_connect = _subscribe
        listener.on_subscribe = lambda *_: ready.set()
        end = time.perf_counter() + 10
        while True:
            try:
                listener.connect("localhost", self.port)
                break
            except OSError:
                assert time.perf_counter() < end
                time.sleep(0.1)
        listener.loop_start()
        assert ready.wait(10)

    def stop(self) -> None:
        """End the broker."""
        if self.listener is not None:
            self.listener.disconnect()
            self.listener.loop_stop()
            self.listener = None
        if self.process is not None:
            self.process.terminate()
            self.process.wait(5)
            self.process = None

    def say(self, topic: str, payload: str) -> None:
        """Publish, as somebody at home does."""
        self.listener.publish(topic, payload, qos=1).wait_for_publish(5)

    def wait_for(self, topic: str, payload: str | None = None, seconds: float = 10) -> str:
        """Return what came there, waiting for it (for that payload, where one is given)."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            for heard, what in list(self.heard):
                if heard == topic and payload in (None, what):
                    return what
            time.sleep(0.02)
        raise AssertionError(f"nothing came at {topic}: {self.heard[-5:]}")

    def settings(self, **changes: Any) -> MqttSettings:
        """Return the settings that lead there."""
        file = self.folder / "password"
        file.write_text(PASSWORD)
        file.chmod(0o600)
        tls = {"tls": True, "ca_file": str(self.folder / "cert.pem")} if self.tls else {}
        places = {"host": "localhost", "port": self.port, "password_file": str(file)}
        return MqttSettings(**{**places, "username": "vcam", **tls, **changes})

    def _hear(self, client: Any, user: Any, message: Any) -> None:
        payload = message.payload.decode()
        self.heard.append((message.topic, payload))
        if message.retain:
            self.kept[message.topic] = payload


@contextmanager
def mosquitto(folder: Path, *, tls: bool = False) -> Iterator[Broker]:
    """Run a broker that asks for a password; skips where Mosquitto is not installed."""
    if shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin") is None:
        pytest.skip("Mosquitto is not installed: apt install mosquitto")
    broker = Broker(folder, free_port(), tls)
    passwords = folder / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(passwords), "vcam", PASSWORD], check=True)
    passwords.chmod(0o644)
    lines = [f"listener {broker.port} 127.0.0.1", f"password_file {passwords}", "user root"]
    if tls:
        _certificate(folder)
        lines += [f"certfile {folder / 'cert.pem'}", f"keyfile {folder / 'key.pem'}"]
    (folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


def _subscribe(client: Any, *_: Any) -> None:
    client.subscribe("#")


def _certificate(folder: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
        ],
        check=True,
        capture_output=True,
    )
    assert ssl.create_default_context(cafile=str(folder / "cert.pem"))
