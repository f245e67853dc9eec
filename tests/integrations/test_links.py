"""What is opened, when, and when it is closed again."""

import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.obs import FakeObs
from tests.fakes.outside import FakeOutside
from tests.rigs.receiver import Receiver
from vcam.actions.plugins.plugin import Call
from vcam.core.event import Event
from vcam.core.outcome import DONE, Outcome
from vcam.integrations.links import Links
from vcam.integrations.settings import (
    IntegrationSettings,
    MqttSettings,
    ObsSettings,
    SoundSettings,
    StreamSettings,
    WebhookSettings,
)

FIRE = Event(12.5, "fire", "stop", "left", 3, None, (1, 2, 3, 4))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return the addresses that any socket of this process is connected to from now on."""
    asked: list[Any] = []
    connect = socket.socket.connect

    def watched(self: socket.socket, address: Any) -> None:
        asked.append(address)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", watched)
    return asked


def test_nothing_is_opened_by_default(asked: list[Any]) -> None:
    """With default settings no thread is started and nobody is connected to."""
    threads = threading.active_count()
    links = Links(FakeOutside())
    links.apply_settings(IntegrationSettings(), ["mic.mute", "key:alt+y"])
    links.hear(FIRE)
    assert (asked, dict(links.states())) == ([], {})
    assert threading.active_count() == threads
    links.close()


def test_obs_is_spoken_to_when_a_binding_names_it(asked: list[Any]) -> None:
    """A host alone opens nothing; an action for it opens a connection to that host."""
    server = FakeObs(password=None)
    settings = IntegrationSettings(obs=ObsSettings("127.0.0.1", server.port))
    links = Links(FakeOutside())
    links.apply_settings(settings, ["mic.mute"])
    assert asked == []
    outcome: list[Any] = []
    came = threading.Event()
    pending = links.plugins.perform("obs", Call("scene", "Break"))

    def hear(result: Outcome) -> None:
        outcome.append(result.result)
        came.set()

    pending.then(hear)
    assert came.wait(10)
    assert (outcome, set(asked)) == (["done"], {("127.0.0.1", server.port)})
    links.apply_settings(IntegrationSettings(), [])
    assert "allow" in str(links.plugins.check("obs", "scene", "Break"))
    links.close()
    server.stop()


def test_what_cannot_be_opened_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """In the picture, on the terminal and in the panel, until it can be opened or is not wanted."""
    (tmp_path / "file").touch()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    program = FakeOutside()
    links = Links(program)
    links.apply_settings(IntegrationSettings(sounds=SoundSettings(fire=True)), [])
    said = links.states()["sounds"]
    assert "sounds" in said
    assert (program.reported, caplog.messages) == ([said], [said])
    links.apply_settings(IntegrationSettings(), [])
    assert dict(links.states()) == {}
    links.close()


@pytest.mark.logs_errors
def test_a_service_that_fails_hides_no_outcome(caplog: pytest.LogCaptureFixture) -> None:
    """What one of them makes of an outcome keeps it from nobody else."""
    heard: list[Outcome] = []

    class Fails:
        def answered(self, event: Event, outcome: Outcome) -> None:
            raise KeyError("ours")

    class Hears:
        def answered(self, event: Event, outcome: Outcome) -> None:
            heard.append(outcome)

    links = Links(FakeOutside())
    links._services = {"one": Fails(), "two": Hears()}  # type: ignore[dict-item]  # as much as is used
    links.answered(FIRE, DONE)
    assert heard == [DONE]
    assert "one does not hear" in caplog.text


def test_other_settings_take_effect_at_once() -> None:
    """A section that is written, changed or removed opens, moves or closes what it names."""
    first, second = Receiver(), Receiver()
    links = Links(FakeOutside())
    for receiver in (first, second):
        section = WebhookSettings(receiver.url, every_fire=True)
        links.apply_settings(IntegrationSettings(webhook=section), [])
        links.hear(FIRE)
        while not receiver.posts:
            pass
    links.apply_settings(IntegrationSettings(), [])
    links.hear(FIRE)
    assert (len(first.posts), len(second.posts)) == (1, 1)
    links.close()
    first.close()
    second.close()


def test_in_practice_nobody_hears() -> None:
    """While actions are only shown, services hear nothing."""
    receiver = Receiver()
    links = Links(FakeOutside(), quiet=lambda: True)
    section = WebhookSettings(receiver.url, every_fire=True)
    links.apply_settings(IntegrationSettings(webhook=section), [])
    links.hear(FIRE)
    links.close()
    assert receiver.posts == []
    receiver.close()


def test_what_cannot_be_opened_is_reported(tmp_path: Path) -> None:
    """A missing password file is a sentence; everything else is opened all the same."""
    program = FakeOutside()
    links = Links(program)
    mqtt = MqttSettings("127.0.0.1", password_file=str(tmp_path / "nowhere"))
    links.apply_settings(IntegrationSettings(mqtt=mqtt, stream=StreamSettings()), [])
    assert "nowhere" in program.reported[0]
    links.close()
