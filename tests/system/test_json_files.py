"""Files that somebody else may have written, or that are no files at all."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vcam.errors import ActionError, ConfigError, ModelError, VcamError
from vcam.history.fire_history import read_fires
from vcam.integrations.secret_file import read_secret
from vcam.integrations.settings import MqttSettings
from vcam.system.json_files import read_json, read_regular
from vcam.vision import custom_gestures
from vcam.vision.models.card import read_card
from vcam.vision.models.session import ModelSession

pipes = pytest.mark.skipif(sys.platform == "win32", reason="os.mkfifo is for Unix")


def _tls(path: Path) -> None:
    from vcam.integrations.mqtt.client import MqttClient

    pytest.importorskip("paho")
    settings = MqttSettings(host="127.0.0.1", tls=True, ca_file=str(path))
    MqttClient(settings, ("a", "b"), lambda: None, lambda topic, said: None, lambda text: None)


READERS: dict[str, tuple[Callable[[Path], object], type[VcamError]]] = {
    "model": (lambda path: ModelSession(path, "classify"), ModelError),
    "card": (lambda path: read_card(path.with_suffix(".onnx"), "classify"), ModelError),
    "own gesture": (custom_gestures.read, ConfigError),
    "certificates": (_tls, ActionError),
}
"""What reads files that a person names or that lie in a folder of theirs."""


@pipes
@pytest.mark.parametrize("name", READERS)
def test_a_pipe_is_not_waited_for(name: str, tmp_path: Path) -> None:
    """Whoever names a pipe where a file belongs gets a sentence; nobody waits for a writer."""
    read, error = READERS[name]
    os.mkfifo(tmp_path / "it.json")
    with pytest.raises(error):
        read(tmp_path / "it.json")


@pipes
def test_devices_that_never_end(tmp_path: Path) -> None:
    """/dev/zero holds no model, and does not fill the memory."""
    (tmp_path / "own.onnx").symlink_to("/dev/zero")
    with pytest.raises(ModelError, match="pipe, a device"):
        ModelSession(tmp_path / "own.onnx", "classify")


@pipes
def test_a_pipe_among_what_fired(tmp_path: Path) -> None:
    """It is passed over like what is damaged."""
    os.mkfifo(tmp_path / "1-1.json")
    assert read_fires(tmp_path) == []


@pytest.mark.parametrize(
    "content",
    ["[" * 100_000, '{"model": "m", "least": 0.9, "examples": [[1' + "0" * 400 + "]]}"],
    ids=["deep", "huge number"],
)
def test_json_that_no_program_writes(tmp_path: Path, content: str) -> None:
    """Brackets without end and numbers beyond all floats are damage, told in a sentence."""
    path = tmp_path / "own.json"
    path.write_text(content)
    with pytest.raises(ConfigError, match="damaged"):
        custom_gestures.read(path)
    with pytest.raises(ModelError, match="export it again"):
        read_card(path.with_suffix(".onnx"), "classify")
    assert read_fires(tmp_path) == []


def test_what_is_there_is_read(tmp_path: Path) -> None:
    """A plain file and a link to one are read whole."""
    path = tmp_path / "a.json"
    path.write_bytes(b'{"a": "\xc3\xa4\\r\\n"}\r\n')
    assert read_regular(path).endswith(b"\r\n")
    assert read_json(path) == {"a": "ä\r\n"}


@pipes
def test_a_password_from_a_pipe(tmp_path: Path) -> None:
    """What a password manager writes into a pipe is known for every connection after it."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    writer = os.open(pipe, os.O_WRONLY)
    os.write(writer, b"secret\n")
    os.close(writer)
    assert [read_secret(str(pipe)) for _ in range(2)] == ["secret"] * 2
    os.close(reader)


@pipes
def test_nobody_writes_the_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe that stays empty is told, and holds the start up for a moment only."""
    monkeypatch.setattr("vcam.system.pipes.WAIT_S", 0.2)
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(ActionError, match="nobody has written"):
        read_secret(str(tmp_path / "pipe"))
