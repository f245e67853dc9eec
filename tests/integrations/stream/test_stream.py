"""Events for programs on this computer, which may tell back."""

import errno
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.outside import FakeOutside
from vcam.core.event import Event
from vcam.core.outcome import DONE
from vcam.errors import ActionError
from vcam.integrations.stream.local_socket import LocalStream
from vcam.integrations.stream.reported_state import ReportedState
from vcam.integrations.stream.service import MAX_LISTENERS, MAX_WAITING

EXAMPLES = Path(__file__).parents[3] / "examples" / "stream"
FIRE = Event(1.0, "fire", "stop", "left", 3, "mic.mute", (0, 0, 1, 1))

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no Unix sockets here")


@pytest.fixture
def program() -> FakeOutside:
    """Return a program to be told."""
    return FakeOutside()


@pytest.fixture
def local(tmp_path: Path, program: FakeOutside) -> Iterator[LocalStream]:
    """Return a running stream."""
    local = LocalStream(program, tmp_path / "run")
    yield local
    local.close()


class Client:
    """A program that listens."""

    def __init__(self, local: LocalStream) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(str(local.path))
        self.lines = self.socket.makefile("r", encoding="utf-8")

    def line(self) -> dict[str, Any]:
        """Return the next message."""
        message: dict[str, Any] = json.loads(self.lines.readline())
        return message

    def tell(self, message: object) -> None:
        """Tell something."""
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def close(self) -> None:
        """Go."""
        self.lines.close()
        self.socket.close()


def _until(true: Callable[[], object]) -> None:
    end = time.perf_counter() + 10
    while not true():
        assert time.perf_counter() < end
        time.sleep(0.01)


def test_events_and_outcomes_are_heard(local: LocalStream) -> None:
    """A program hears what it needs to know first, then events and what came of them."""
    client = Client(local)
    assert client.line() == {
        "type": "hello",
        "version": 1,
        "paused": False,
        "microphone_muted": None,
    }
    local.hear(FIRE)
    local.answered(FIRE, DONE)
    event, outcome = client.line(), client.line()
    assert (event["type"], event["gesture"], event["hand"]) == ("event", "stop", "left")
    assert (outcome["type"], outcome["outcome"]) == ("outcome", "done")
    client.close()


def test_only_the_person_can_open_it(local: LocalStream) -> None:
    """The socket and its folder are closed to others, and gone at the end."""
    assert stat.S_IMODE(local.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(local.folder.stat().st_mode) == 0o700
    local.say_where("http://127.0.0.1:1/token/")
    assert stat.S_IMODE(local.address_path.stat().st_mode) == 0o600
    local.close()
    assert list(local.folder.iterdir()) == []


def test_a_program_tells_back(local: LocalStream, program: FakeOutside) -> None:
    """Its word becomes a badge with its name, and goes when it takes it back or goes itself."""
    client = Client(local)
    client.tell({"program": "Deck", "muted": True})
    _until(lambda: program.badges == ["DECK MUTED"])
    client.tell({"program": "Deck", "muted": False})
    _until(lambda: program.badges == [])
    client.tell({"program": "Deck", "muted": True})
    _until(lambda: program.badges == ["DECK MUTED"])
    client.close()
    _until(lambda: program.badges == [])


@pytest.mark.parametrize(
    "message",
    [None, [], "muted", {"muted": True}, {"program": 3}, {"program": "x", "muted": "yes"}],
)
def test_nonsense_is_answered_with_the_form(local: LocalStream, message: object) -> None:
    """What makes no sense is answered, and the program may go on."""
    client = Client(local)
    client.line()
    client.tell(message)
    assert "program" in client.line()["error"]
    local.hear(FIRE)
    assert client.line()["type"] == "event"
    client.close()


def test_a_program_that_does_not_read_is_let_go(local: LocalStream) -> None:
    """Nobody waits for it: events go on at full speed, and it is dropped."""
    deaf = Client(local)
    _until(lambda: local.state() == "1 program listening")
    before = time.perf_counter()
    for _ in range(100 * MAX_WAITING):
        local.hear(FIRE)
    assert time.perf_counter() - before < 5
    _until(lambda: local.state() == "0 programs listening")
    while deaf.lines.readline():  # what was on its way; then the end, and no silence for good
        pass
    deaf.close()


def test_what_is_too_slow_tells_nothing_any_more(local: LocalStream, program: FakeOutside) -> None:
    """The badge of a program that was let go goes with it, though it still holds the line."""
    deaf = Client(local)
    deaf.tell({"program": "Deck", "muted": True})
    _until(lambda: program.badges == ["DECK MUTED"])
    for _ in range(100 * MAX_WAITING):
        local.hear(FIRE)
    _until(lambda: program.badges == [])
    deaf.close()


def test_no_more_files_may_be_opened(
    local: LocalStream, program: FakeOutside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person is told that no program can connect, once; when that has passed, they can."""
    first = Client(local)
    first.line()
    accept, failures = socket.socket.accept, [errno.EMFILE] * 3

    def failing(self: socket.socket) -> tuple[socket.socket, Any]:
        if failures:
            raise OSError(failures.pop(), "Too many open files")
        return accept(self)

    monkeypatch.setattr(socket.socket, "accept", failing)
    monkeypatch.setattr("vcam.integrations.stream.local_socket.AGAIN_S", 0.05)
    second = Client(local)  # the wait that was under way
    assert second.line()["type"] == "hello"
    _until(lambda: any("cannot connect" in text for text in program.reported))
    _until(lambda: failures == [])
    third = Client(local)
    assert third.line()["type"] == "hello"
    _until(lambda: local.state() == "3 programs listening")
    assert [text for text in program.reported if "connect" in text] == [
        "programs cannot connect to the stream of events (Too many open files)"
    ]
    for client in (first, second, third):
        client.close()


def test_too_many_are_refused(local: LocalStream) -> None:
    """One more than the most is told so."""
    clients = [Client(local) for _ in range(MAX_LISTENERS)]
    for client in clients:
        client.line()
    late = Client(local)
    assert "too many" in late.line()["error"]
    for client in (*clients, late):
        client.close()
    _until(lambda: local.state() == "0 programs listening")


def test_a_socket_that_was_left_behind(tmp_path: Path, program: FakeOutside) -> None:
    """After a kill the next run takes the place; a run that lives keeps it."""
    folder = tmp_path / "run"
    folder.mkdir()
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(folder / "events.sock"))
    first = LocalStream(program, folder)
    with pytest.raises(ActionError, match="another run"):
        LocalStream(program, folder)
    Client(first).close()
    first.close()


def test_a_word_without_a_connection_runs_out(program: FakeOutside) -> None:
    """What was posted counts for a while, and is forgotten unless it is said again."""
    reported = ReportedState(program)
    reported.take({"program": "Deck", "muted": True, "for_s": 0.2}, lasts=False)
    assert program.badges == ["DECK MUTED"]
    _until(lambda: program.badges == [])
    for seconds in ("NaN", "-1", "0", "true", '"1"'):
        with pytest.raises(ActionError, match="above 0"):
            reported.take(json.loads(f'{{"program": "Deck", "for_s": {seconds}}}'), lasts=False)
    for seconds in ("1e400", "1" + "0" * 400):
        said = f'{{"program": "Deck", "muted": true, "for_s": {seconds}}}'
        reported.take(json.loads(said), lasts=False)
    reported.take({"program": "Deck", "muted": True}, lasts=False)
    reported.close()
    assert program.badges == []
    _until(lambda: not any(isinstance(each, threading.Timer) for each in threading.enumerate()))


@pytest.mark.parametrize("name", ["listen.py", "listen.mjs"])
def test_the_clients_of_the_examples(local: LocalStream, program: FakeOutside, name: str) -> None:
    """The clients in Python and JavaScript hear an event, and their word is shown."""
    interpreter = sys.executable if name.endswith(".py") else shutil.which("node")
    if interpreter is None:
        pytest.skip("Node.js is not installed: apt install nodejs")
    with subprocess.Popen(
        [interpreter, str(EXAMPLES / name), str(local.path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as client:
        assert client.stdout is not None
        assert client.stdout.readline().startswith("hello")
        _until(lambda: program.badges == ["MY APP MUTED"])
        local.hear(FIRE)
        assert client.stdout.readline().split() == ["event", "fire", "stop"]
        client.kill()
    _until(lambda: program.badges == [])
