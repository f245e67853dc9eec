"""What the doctor says of plug-ins and of programs that are spoken to."""

import socket
import sys
from pathlib import Path

import pytest

from tests.fakes.obs import FakeObs
from tests.rigs.plugins import WELL, installs_into
from tests.rigs.receiver import Receiver
from vcam.actions.plugins.plugins import PluginSettings
from vcam.integrations.check import check_links
from vcam.integrations.settings import (
    IntegrationSettings,
    MqttSettings,
    ObsSettings,
    SoundSettings,
    StreamSettings,
    WebhookSettings,
)


def test_the_doctor_names_what_cannot_be_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plug-in that is well is ok, one that is not installed is named with a remedy."""
    installs_into(tmp_path, monkeypatch)("lamp", WELL)
    settings = IntegrationSettings(plugins=PluginSettings(("lamp", "lost"), 10.0))
    actions = ["lamp.on", "mic.mute", "lost.on"]
    found = {each.name: each for each in check_links(settings, actions)}
    assert {name: each.status for name, each in found.items()} == {"lamp": "ok", "lost": "warn"}
    assert "not installed" in found["lost"].text
    assert check_links(settings, ["mic.mute"]) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows' pipes have no folder")
def test_the_stream_has_a_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder whose name is too long for a socket is told before a run, and nothing is left."""
    settings = IntegrationSettings(stream=StreamSettings(enabled=True))
    for folder, status in ((tmp_path / "run", "ok"), (tmp_path / ("r" * 120), "warn")):
        monkeypatch.setattr(
            "vcam.integrations.stream.local_socket.runtime_folder", lambda folder=folder: folder
        )
        (found,) = check_links(settings, [])
        assert (found.name, found.status) == ("stream", status)
    assert not (tmp_path / "run").exists()


def test_sounds_have_a_player(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sounds that nothing here can play are told before a run."""
    settings = IntegrationSettings(sounds=SoundSettings(fire=True))
    monkeypatch.setattr("vcam.integrations.sounds.player.sys.platform", "linux")
    for there, status in (("/usr/bin/aplay", "ok"), (None, "warn")):
        monkeypatch.setattr("shutil.which", lambda name, there=there: there)
        (found,) = check_links(settings, [])
        assert (found.name, found.status) == ("sounds", status)


def test_the_doctor_changes_nothing(tmp_path: Path) -> None:
    """Nothing is posted or published by looking; what does not answer is named with its place."""
    receiver, server = Receiver(), FakeObs(password=None)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = IntegrationSettings(
        obs=ObsSettings("127.0.0.1", server.port),
        webhook=WebhookSettings(receiver.url),
        mqtt=MqttSettings("127.0.0.1", port),
    )
    actions = ["obs.scene:Break", "webhook.post"]
    found = {each.name: each for each in check_links(settings, actions)}
    statuses = {name: each.status for name, each in found.items()}
    assert statuses == {"obs": "ok", "webhook": "ok", "mqtt": "warn"}
    assert f"127.0.0.1:{port}" in found["mqtt"].text
    assert (receiver.posts, server.scene) == ([], "Talk")
    receiver.close()
    server.stop()
