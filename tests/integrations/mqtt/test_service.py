"""Gestures for the home, with a real Mosquitto."""

import contextlib
import gc
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.outside import FakeOutside
from tests.rigs.mosquitto import PASSWORD, Broker, mosquitto
from vcam.actions.plugins.plugin import Call
from vcam.core.event import Event
from vcam.core.labels import BINDABLE
from vcam.errors import ActionError
from vcam.integrations.mqtt.plugin import MqttPublisher
from vcam.integrations.mqtt.service import MqttService
from vcam.integrations.settings import MqttSettings

FIRE = Event(1.0, "fire", "stop", "left", 3, "mic.mute", (0, 0, 1, 1))


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """Return a running broker that asks for a password."""
    with mosquitto(tmp_path) as broker:
        yield broker


def _until(true: Callable[[], object], seconds: float = 15) -> None:
    end = time.perf_counter() + seconds
    while not true():
        assert time.perf_counter() < end
        time.sleep(0.02)


def test_home_assistant_learns_what_there_is(broker: Broker) -> None:
    """Each gesture is an event entity, pause and microphone are switches, all in one device."""
    service = MqttService(broker.settings(), FakeOutside())
    broker.wait_for("vcam/status", "online")
    configs = {
        topic.split("/")[3]: json.loads(payload)
        for topic, payload in broker.heard
        if topic.startswith("homeassistant/event/vcam/")
    }
    assert set(configs) == set(BINDABLE)
    stop = configs["stop"]
    assert stop["event_types"] == ["fired"]
    assert stop["state_topic"] == "vcam/gesture/stop"
    assert stop["unique_id"] == "vcam_stop"
    assert stop["availability_topic"] == "vcam/status"
    assert stop["device"]["identifiers"] == ["vcam"]
    pause = json.loads(broker.wait_for("homeassistant/switch/vcam/paused/config"))
    assert (pause["state_topic"], pause["command_topic"]) == ("vcam/paused", "vcam/paused/set")
    names = [json.loads(payload)["unique_id"] for t, payload in broker.heard if "config" in t]
    assert len(names) == len(set(names))
    service.close()
    broker.wait_for("vcam/status", "offline")


def test_a_gesture_is_published_with_its_hand(broker: Broker) -> None:
    """A fire arrives once, with the hand as attribute; what is no fire does not."""
    service = MqttService(broker.settings(topic="vcam/desk"), FakeOutside())
    broker.wait_for("vcam/desk/status", "online")
    service.hear(Event(1.0, "begin", "stop", "left", 3, "mic.mute", (0, 0, 1, 1)))
    service.hear(FIRE)
    line = json.loads(broker.wait_for("vcam/desk/gesture/stop"))
    assert line == {"event_type": "fired", "hand": "left", "action": "mic.mute"}
    service.hear(Event(2.0, "fire", "fist>palm", "any", 3, None, (0, 0, 1, 1)))
    broker.wait_for("vcam/desk/gesture/fist_palm")
    broker.wait_for("homeassistant/event/vcam_desk/fist_palm/config")
    assert [topic for topic, _ in broker.heard].count("vcam/desk/gesture/stop") == 1
    service.close()


def test_switches_show_and_change_the_program(broker: Broker) -> None:
    """States are published as they change, unknown as unknown; orders are carried out."""
    program = FakeOutside()
    service = MqttService(broker.settings(), program)
    broker.wait_for("vcam/paused", "OFF")
    broker.wait_for("vcam/microphone_muted", "None")
    broker.say("vcam/paused/set", "ON")
    _until(lambda: program.paused)
    broker.wait_for("vcam/paused", "ON")
    broker.say("vcam/microphone_muted/set", "ON")
    _until(lambda: program.muted)
    broker.wait_for("vcam/microphone_muted", "ON")
    broker.say("vcam/paused/set", "maybe")
    broker.say("vcam/paused/set", "OFF")
    _until(lambda: not program.paused)
    service.close()


def test_an_order_that_trips_us(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours with one order ends neither the connection nor the next order."""
    program = FakeOutside()
    faults = iter([True])

    def pause() -> None:
        if next(faults, False):
            raise KeyError("ours")
        program.paused = True

    monkeypatch.setattr(program, "pause", pause)
    service = MqttService(broker.settings(), program)
    broker.wait_for("vcam/paused", "OFF")  # it has subscribed by then
    broker.say("vcam/paused/set", "ON")
    broker.say("vcam/paused/set", "ON")
    _until(lambda: program.paused)
    assert service.state() == "connected"
    service.close()


def test_an_order_that_the_broker_kept_is_not_obeyed(broker: Broker) -> None:
    """A retained order would mute the microphone at every start; it is ignored."""
    broker.listener.publish("vcam/paused/set", "ON", qos=1, retain=True).wait_for_publish(5)
    program = FakeOutside()
    service = MqttService(broker.settings(), program)
    broker.wait_for("vcam/status", "online")
    time.sleep(0.5)
    assert not program.paused
    service.close()


def test_home_assistant_starts_later(broker: Broker) -> None:
    """When Home Assistant says that it has started, it is told again."""
    service = MqttService(broker.settings(), FakeOutside())
    broker.wait_for("vcam/status", "online")
    broker.heard.clear()
    broker.say("homeassistant/status", "online")
    broker.wait_for("homeassistant/event/vcam/stop/config")
    service.close()


def test_a_broker_that_ends_and_comes_back(broker: Broker) -> None:
    """Nothing waits for it, what fired meanwhile is not made up for, and it is told all again."""
    service = MqttService(broker.settings(), FakeOutside())
    broker.wait_for("vcam/status", "online")
    broker.stop()
    _until(lambda: service.state() != "connected")
    before = time.perf_counter()
    for _ in range(1000):
        service.hear(FIRE)
    assert time.perf_counter() - before < 0.5
    broker.heard.clear()
    broker.start()
    broker.wait_for("vcam/status", "online", 40)
    time.sleep(0.5)
    assert "vcam/gesture/stop" not in [topic for topic, _ in broker.heard]
    service.hear(FIRE)
    broker.wait_for("vcam/gesture/stop")
    service.close()


def test_a_broker_that_is_gone_before_we_know(broker: Broker) -> None:
    """What is published, and the end, at the moment when the connection breaks: a plain refusal."""
    service = MqttService(broker.settings(), FakeOutside())
    broker.wait_for("vcam/status", "online")
    broker.stop()
    _until(lambda: service.state() != "connected")
    service.client._trouble = None  # as it is until paho's thread has noticed
    with pytest.raises(ActionError, match="has not confirmed it"):
        service.client.publish_confirmed("home/lamp", "on", 1.0)
    service.client._trouble = None
    service.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("tls", [False, True])
def test_a_broker_that_accepts_and_says_nothing(tls: bool) -> None:
    """It holds up neither the start nor the end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        service = MqttService(MqttSettings(host="127.0.0.1", port=port, tls=tls), FakeOutside())
        accepted, _ = server.accept()
        before = time.perf_counter()
        service.close()
        assert time.perf_counter() - before < 2.0
        accepted.close()
    for thread in threading.enumerate():
        if thread.name == "mqtt ends":
            thread.join(10)
    gc.collect()


def test_the_last_will(broker: Broker) -> None:
    """A program that is gone without a word is offline at home."""
    service = MqttService(broker.settings(), FakeOutside())
    broker.wait_for("vcam/status", "online")
    service.client._client.socket().close()  # type: ignore[union-attr]
    service.client._client.loop_stop()
    broker.wait_for("vcam/status", "offline", 40)
    service.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_tls(tmp_path: Path) -> None:  # paho leaves the socket open that it does not trust
    """With TLS the broker's certificate is checked: a good one is taken, an unknown one is not."""
    with mosquitto(tmp_path, tls=True) as broker:
        service = MqttService(broker.settings(), FakeOutside())
        broker.wait_for("vcam/status", "online")
        service.close()
        for wrong in ({"ca_file": None}, {"host": "127.0.0.1"}):  # unknown; of another name
            stranger = MqttService(broker.settings(topic="other", **wrong), FakeOutside())
            _until(lambda: "certificate is not trusted" in (stranger.state() or ""))  # noqa: B023
            assert not [topic for topic, _ in broker.heard if topic.startswith("other")]
            stranger.close()
        gc.collect()


def test_a_wrong_password(broker: Broker, tmp_path: Path) -> None:
    """The reason is shown: the broker does not let us in."""
    file = tmp_path / "wrong"
    file.write_text("guess")
    file.chmod(0o600)
    service = MqttService(broker.settings(password_file=str(file)), FakeOutside())
    _until(lambda: "does not let us in" in (service.state() or ""))
    service.close()


def test_a_password_from_the_keyring(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broker lets us in with what the keyring has."""
    kept = {"mqtt": PASSWORD}
    monkeypatch.setattr(
        "vcam.integrations.password.read_from_keyring", lambda name, seconds: kept[name]
    )
    section = broker.settings(password_file=None, keyring=True)
    service = MqttService(section, FakeOutside())
    broker.wait_for("vcam/status", "online")
    service.close()


def test_a_keyring_that_asks_its_person(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the answer: neither the start nor the end; once it is there, it counts."""
    answer = threading.Event()

    def ask(name: str, seconds: float | None) -> str:
        answer.wait(60)
        return PASSWORD

    monkeypatch.setattr("vcam.integrations.password.read_from_keyring", ask)
    section = broker.settings(password_file=None, keyring=True)
    program = FakeOutside()
    began = time.perf_counter()
    service, gone = MqttService(section, program), MqttService(section, program)
    assert "the keyring has not given the password yet" in (service.state() or "")
    gone.close()
    assert time.perf_counter() - began < 2.5
    answer.set()
    broker.wait_for("vcam/status", "online")
    assert gone.state() != "connected"
    service.close()
    assert program.reported == []


def test_a_keyring_that_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person is told why, and the state says it from then on."""

    def refuse(name: str, seconds: float | None) -> str:
        raise ActionError("the keyring holds no password for mqtt")

    monkeypatch.setattr("vcam.integrations.password.read_from_keyring", refuse)
    program = FakeOutside()
    service = MqttService(MqttSettings(host="127.0.0.1", port=9, keyring=True), program)
    _until(lambda: program.reported)
    assert program.reported == ["the keyring holds no password for mqtt"]
    assert "holds no password" in (service.state() or "")
    service.close()


@pytest.mark.parametrize("answer", [b"", bytes(range(256)) * 8])
def test_what_is_no_broker(answer: bytes) -> None:
    """A server that hangs up or talks nonsense has answered, and that is said."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):  # closed at the end
                while True:
                    client, _place = server.accept()
                    with client:
                        client.recv(1000)
                        client.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        settings = MqttSettings("127.0.0.1", server.getsockname()[1])
        service = MqttService(settings, FakeOutside())
        _until(lambda: "the connection has ended" in str(service.state()))
        service.close()
        server.shutdown(socket.SHUT_RDWR)


def test_publishing_by_an_action(broker: Broker) -> None:
    """`mqtt.publish` is done when the broker has it, and failed when there is none."""
    service = MqttService(broker.settings(), FakeOutside())
    broker.wait_for("vcam/status", "online")
    plugin = MqttPublisher(service.client)
    assert plugin.perform(Call("publish", "home/lamp ON now")) == "Published home/lamp"
    broker.wait_for("home/lamp", "ON now")
    with pytest.raises(ActionError, match="stand for many"):
        plugin.check("publish", "home/# ON")
    broker.stop()
    _until(lambda: service.state() != "connected")
    with pytest.raises(ActionError, match="broker"):
        plugin.perform(Call("publish", "home/lamp OFF"))
    service.close()
