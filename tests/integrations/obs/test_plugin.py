"""Gestures that speak to OBS, against a small OBS of our own."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.obs import FakeObs
from vcam.actions.plugins.plugin import Call
from vcam.errors import ActionError
from vcam.integrations.obs.plugin import Obs
from vcam.integrations.settings import ObsSettings


class Studio:
    """A fake OBS, and the plug-in that speaks to it."""

    def __init__(self, folder: Path, password: str = "secret") -> None:
        self.server = FakeObs()
        file = folder / "obs-password"
        file.write_text(f"{password}\n")
        file.chmod(0o600)
        self.plugin = Obs(ObsSettings("127.0.0.1", self.server.port, str(file)))

    def does(self, verb: str, argument: str = "") -> str | None:
        """Carry out one action."""
        return self.plugin.perform(Call(verb, argument))


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """Return both, closed afterwards."""
    studio = Studio(tmp_path)
    yield studio
    studio.plugin.close()
    studio.server.stop()


def test_scenes(studio: Studio) -> None:
    """A scene is switched and read back; one that is not there is refused by name."""
    assert studio.does("scene", "Break") == "OBS: scene Break"
    assert studio.server.scene == "Break"
    with pytest.raises(ActionError, match="refuses SetCurrentProgramScene"):
        studio.does("scene", "Nowhere")
    with pytest.raises(ActionError, match="it has Talk, Break"):
        studio.plugin.check("scene", "Nowhere")
    studio.plugin.check("scene", "Break")
    assert studio.plugin.choices("scene") == ["Talk", "Break"]


def test_sources(studio: Studio) -> None:
    """Sources of the scene on air are shown and hidden; those of another by Scene/Source."""
    assert studio.does("show", "Slides") == "OBS: Slides shown"
    assert studio.does("toggle", "Talk/Slides") == "OBS: Slides hidden"
    assert studio.does("hide", "Camera") == "OBS: Camera hidden"
    assert studio.server.items == {"Camera": False, "Slides": False}
    with pytest.raises(ActionError, match="write Scene/Source"):
        studio.does("show", "Nothing")
    assert studio.plugin.choices("toggle") == ["Camera", "Slides"]


def test_inputs(studio: Studio) -> None:
    """Inputs are muted by name, slashes and all; those without sound are not offered."""
    assert studio.does("mute", "Mic/Aux") == "OBS: Mic/Aux muted"
    assert studio.does("toggle_mute", "Mic/Aux") == "OBS: Mic/Aux on"
    studio.does("toggle_mute", "Desktop")
    assert studio.does("unmute", "Desktop") == "OBS: Desktop on"
    assert studio.plugin.choices("mute") == ["Mic/Aux", "Desktop"]
    with pytest.raises(ActionError, match="No source"):
        studio.plugin.check("mute", "Nothing")


@pytest.mark.parametrize("output", ["record", "stream", "virtual_camera", "replay"])
def test_outputs(studio: Studio, output: str) -> None:
    """Outputs start and stop; starting what runs already changes nothing."""
    assert "runs" in (studio.does(f"{output}.start") or "")
    starts = [each for each in studio.server.asked if each.startswith("Start")]
    studio.does(f"{output}.start")
    assert [each for each in studio.server.asked if each.startswith("Start")] == starts
    assert "stopped" in (studio.does(f"{output}.stop") or "")
    if output != "replay":
        studio.does(f"{output}.toggle")
        assert sum(studio.server.outputs.values()) == 1


def test_an_output_that_does_not_start_has_failed(studio: Studio) -> None:
    """OBS takes the order, and nothing runs: that is not called done."""
    studio.server.dead_outputs.add("Stream")
    with pytest.raises(ActionError, match="did not start the stream"):
        studio.does("stream.start")


def test_replay(studio: Studio) -> None:
    """A replay counts as saved when OBS says so."""
    with pytest.raises(ActionError, match="refuses SaveReplayBuffer"):
        studio.does("replay.save")
    studio.does("replay.start")
    assert studio.does("replay.save") == "OBS: replay saved"
    assert studio.server.replays == 1


def test_the_state(studio: Studio) -> None:
    """Scene and outputs are shown as they are, also by an OBS without a virtual camera."""
    studio.does("record.start")
    studio.server.missing_outputs.add("VirtualCam")
    assert studio.plugin.state() == "scene Talk, recording"


def test_a_wrong_password_is_reported_once(tmp_path: Path) -> None:
    """OBS refuses it: the sentence says which file, and OBS is not asked again and again."""
    studio = Studio(tmp_path, "wrong")
    with pytest.raises(ActionError, match="refuses the password in"):
        studio.plugin.check("scene", "Talk")
    time.sleep(1.2)
    assert len(studio.server.connections) == 1
    studio.plugin.close()
    studio.server.stop()


def test_no_password_where_one_is_asked_for() -> None:
    """Without a password file the sentence says what to write."""
    server = FakeObs()
    plugin = Obs(ObsSettings("127.0.0.1", server.port))
    with pytest.raises(ActionError, match="password_file"):
        plugin.check("scene", "Talk")
    plugin.close()
    server.stop()


@pytest.mark.parametrize(("kept", "sentence"), [("secret", None), ("guess", "in the keyring")])
def test_a_password_from_the_keyring(
    monkeypatch: pytest.MonkeyPatch, kept: str, sentence: str | None
) -> None:
    """OBS gets the password that the keyring has; one that it refuses is said to be from there."""
    monkeypatch.setattr(
        "vcam.integrations.password.read_from_keyring", lambda name, seconds: {"obs": kept}[name]
    )
    server = FakeObs()
    plugin = Obs(ObsSettings("127.0.0.1", server.port, keyring=True))
    if sentence is None:
        assert plugin.perform(Call("scene", "Break")) == "OBS: scene Break"
    else:
        with pytest.raises(ActionError, match=sentence):
            plugin.check("scene", "Break")
    plugin.close()
    server.stop()


def test_a_password_that_others_can_read(tmp_path: Path) -> None:
    """A password file that others can read is not used, and the sentence has the command."""
    studio = Studio(tmp_path)
    studio.plugin.close()
    (tmp_path / "obs-password").chmod(0o644)
    settings = ObsSettings("127.0.0.1", studio.server.port, str(tmp_path / "obs-password"))
    plugin = Obs(settings)
    with pytest.raises(ActionError, match="chmod 600"):
        plugin.check("scene", "Talk")
    plugin.close()
    studio.server.stop()


def test_it_comes_back(studio: Studio) -> None:
    """OBS ends and starts again: the next action is done without anybody's help."""
    studio.does("scene", "Break")
    studio.server.stop()
    # The second is said while the end of the connection is not noticed yet.
    with pytest.raises(ActionError, match=r"WebSocket Server Settings|closed the connection"):
        studio.does("scene", "Talk")
    studio.server.start()
    end = time.perf_counter() + 15
    while studio.server.scene != "Talk" and time.perf_counter() < end:
        try:
            studio.does("scene", "Talk")
        except ActionError:
            time.sleep(0.1)
    assert studio.server.scene == "Talk"


def test_an_obs_that_hangs(studio: Studio) -> None:
    """A request that is not answered fails within two seconds."""
    studio.does("scene", "Break")
    studio.server.fault = "hangs"
    before = time.perf_counter()
    with pytest.raises(ActionError, match="did not answer"):
        studio.does("scene", "Talk")
    assert time.perf_counter() - before < 3


def test_an_obs_that_closes_in_between(studio: Studio) -> None:
    """A connection that ends before the answer is a failure at once."""
    studio.does("scene", "Break")
    studio.server.fault = "closes"
    before = time.perf_counter()
    with pytest.raises(ActionError, match="closed"):
        studio.does("scene", "Talk")
    assert time.perf_counter() - before < 1


def test_something_else_at_that_port() -> None:
    """What answers there and is not OBS is named as that."""
    server = FakeObs()
    server.fault = "babbles"
    plugin = Obs(ObsSettings("127.0.0.1", server.port))
    with pytest.raises(ActionError, match="not OBS"):
        plugin.check("scene", "Talk")
    plugin.close()
    server.stop()


def test_no_redirect_leads_elsewhere() -> None:
    """A server that sends us to another host is not followed there."""
    listening = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    first, second = listening
    second.settimeout(2.0)
    elsewhere = f"ws://127.0.0.1:{second.getsockname()[1]}/"

    def redirect() -> None:
        connection, _ = first.accept()
        connection.recv(4096)
        head = f"HTTP/1.1 302 Found\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n"
        connection.sendall(head.encode())
        connection.close()

    threading.Thread(target=redirect, daemon=True).start()
    plugin = Obs(ObsSettings("127.0.0.1", first.getsockname()[1]))
    with pytest.raises(TimeoutError):
        second.accept()
    plugin.close()
    for each in listening:
        each.close()
