"""Gestures that speak to the real OBS: each change read back from OBS itself."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.rigs.obs import PASSWORD, real_obs
from tests.rigs.program_process import program_environment
from vcam.actions.plugins.plugin import Call
from vcam.errors import ActionError
from vcam.integrations.obs.client import ObsClient
from vcam.integrations.obs.plugin import Obs
from vcam.integrations.settings import ObsSettings


def test_the_real_obs_obeys(tmp_path: Path) -> None:
    """Scene, source, mute, recording and replay change in OBS, and OBS says so itself."""
    file = tmp_path / "password"
    file.write_text(PASSWORD)
    file.chmod(0o600)
    with real_obs(tmp_path) as port:
        settings = ObsSettings("127.0.0.1", port, str(file))
        plugin, other = Obs(settings), ObsClient(settings)
        try:
            _wait(other)
            first = other.ask("GetCurrentProgramScene")["currentProgramSceneName"]
            _furnish(other, first)
            _changes(plugin, other, first)
            _records(plugin, other)
        finally:
            plugin.close()
            other.close()


def test_a_gesture_switches_the_scene(tmp_path: Path) -> None:
    """From a hand in the picture to another scene in the real OBS, and the outcome says done."""
    file = tmp_path / "password"
    file.write_text(PASSWORD)
    file.chmod(0o600)
    with real_obs(tmp_path) as port:
        other = ObsClient(ObsSettings("127.0.0.1", port, str(file)))
        try:
            _wait(other)
            other.ask("CreateScene", sceneName="Break")
            (tmp_path / "settings.toml").write_text(
                f'profile = "own"\n[obs]\nhost = "127.0.0.1"\nport = {port}\n'
                'password_file = "password"\n[profiles.own]\nbindings = ['
                '{ gesture = "stop", action = "obs.scene:Break" }]\n'
            )
            program = [sys.executable, "-m", "vcam", "run", "--camera", "demo", "--output", "null"]
            options = ["--config", "settings.toml", "--events", "events.jsonl", "--no-panel"]
            subprocess.run(
                [*program, *options, "--duration", "25"],
                cwd=tmp_path,
                env=program_environment(),
                check=True,
                timeout=100,
            )
            scene = other.ask("GetCurrentProgramScene")["currentProgramSceneName"]
        finally:
            other.close()
    lines = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    outcomes = {each["outcome"] for each in lines if each.get("action") and "outcome" in each}
    assert (scene, outcomes) == ("Break", {"done"})


def _wait(client: ObsClient) -> None:
    """Wait until OBS lets us in: it answers requests only when all of it is loaded."""
    end = time.perf_counter() + 30
    while True:
        try:
            client.wait(1.0)
            client.ask("GetSceneList")
        except ActionError:
            assert time.perf_counter() < end
            time.sleep(0.2)
        else:
            return


def _furnish(client: ObsClient, scene: str) -> None:
    client.ask("CreateScene", sceneName="Break")
    for name, kind in (("Slides", "color_source_v3"), ("Sound/Aux", "ffmpeg_source")):
        client.ask("CreateInput", sceneName=scene, inputName=name, inputKind=kind)


def _changes(plugin: Obs, client: ObsClient, first: str) -> None:
    def does(verb: str, argument: str) -> None:
        plugin.check(verb, argument)
        plugin.perform(Call(verb, argument))

    does("scene", "Break")
    assert client.ask("GetCurrentProgramScene")["currentProgramSceneName"] == "Break"
    assert set(plugin.choices("scene")) == {first, "Break"}
    does("hide", f"{first}/Slides")
    number = client.ask("GetSceneItemId", sceneName=first, sourceName="Slides")["sceneItemId"]
    shown: Any = client.ask("GetSceneItemEnabled", sceneName=first, sceneItemId=number)
    assert shown == {"sceneItemEnabled": False}
    assert "Sound/Aux" in plugin.choices("mute")
    assert "Slides" not in plugin.choices("mute")
    does("mute", "Sound/Aux")
    assert client.ask("GetInputMute", inputName="Sound/Aux") == {"inputMuted": True}
    with pytest.raises(ActionError):
        does("scene", "Nowhere")


def _records(plugin: Obs, client: ObsClient) -> None:
    plugin.perform(Call("record.start", ""))
    assert client.ask("GetRecordStatus")["outputActive"]
    assert "recording" in (plugin.state() or "")
    time.sleep(1.0)
    plugin.perform(Call("record.stop", ""))
    assert not client.ask("GetRecordStatus")["outputActive"]
    with pytest.raises(ActionError, match="OBS"):  # it is not switched on in OBS's settings
        plugin.perform(Call("replay.save", ""))
