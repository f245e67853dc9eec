"""The stream at Windows' named pipe, with programs of other processes at its other end."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.outside import FakeOutside
from tests.rigs.piped import piped
from vcam.core.event import Event
from vcam.integrations.stream.clients import MAX_LINE, Clients
from vcam.integrations.stream.local_socket import LocalStream
from vcam.integrations.stream.service import EventStream

FIRE = Event(1.0, "fire", "stop", "left", 3, "mic.mute", (0, 0, 1, 1))
LISTENER = """
import sys
with open(sys.argv[1], "r+b", buffering=0) as pipe:
    pipe.write(sys.argv[2].encode())
    lines = b""
    while lines.count(b"\\n") < 2:
        lines += pipe.read(4096)
    sys.stdout.buffer.write(lines)
    sys.stdout.flush()
    sys.stdin.readline()
"""
REPORT = '{"program": "Deck", "muted": true}\n'


class ScriptedLine:
    """A program that says what it is told to, and may go at any time."""

    def __init__(self, *said: bytes, breaks: bool = False) -> None:
        self.sent: list[bytes] = []
        self.closed = False
        self._said, self._breaks = said, breaks

    def send(self, content: bytes) -> None:
        """Remember it, or be gone."""
        if self._breaks:
            raise BrokenPipeError
        self.sent.append(content)

    def lines(self) -> Iterator[bytes]:
        """Yield what it says, then wait until it is let go."""
        yield from self._said
        while not self.closed:
            time.sleep(0.01)

    def hang_up(self) -> None:
        """Be let go."""
        self.closed = True

    def close(self) -> None:
        """Be let go."""
        self.closed = True


def _until(true: Callable[[], object]) -> None:
    end = time.perf_counter() + 20
    while not true():
        assert time.perf_counter() < end
        time.sleep(0.01)


def test_whatever_the_line_is() -> None:
    """A program at any kind of line is greeted, hears, tells back and is let go at the end."""
    program = FakeOutside()
    stream = EventStream(program)
    clients, line = Clients(stream), ScriptedLine(REPORT.encode(), b"nonsense")
    clients.take(line)
    _until(lambda: program.badges == ["DECK MUTED"])
    stream.hear(FIRE)
    _until(lambda: len(line.sent) == 3)
    assert [json.loads(each)["type"] for each in line.sent if b"error" not in each] == [
        "hello",
        "event",
    ]
    clients.close()
    _until(lambda: line.closed and program.badges == [])


def test_a_line_that_breaks() -> None:
    """A program that goes in the middle of a line is forgotten."""
    stream = EventStream(FakeOutside())
    line = ScriptedLine(breaks=True)
    Clients(stream).take(line)
    _until(lambda: line.closed)
    _until(lambda: stream.state() == "0 programs listening")


windows = pytest.mark.skipif(sys.platform != "win32", reason="needs Windows, or Wine: .ci/wine")


@pytest.fixture
def local(tmp_path: Path) -> Iterator[LocalStream]:
    """Return a running stream."""
    local = LocalStream(FakeOutside(), tmp_path)
    yield local
    local.close()


def _listener(
    local: LocalStream, said: str
) -> "contextlib.AbstractContextManager[subprocess.Popen[str]]":
    return piped(os.environ, "-c", LISTENER, str(local.place), said)


@windows
def test_a_program_of_another_process(local: LocalStream) -> None:
    """It hears events and tells back; when it goes, its badge goes too, and the next may come."""
    outside = local.stream.reported._program
    assert isinstance(outside, FakeOutside)
    for _ in range(2):
        with _listener(local, REPORT) as process:
            _until(lambda: outside.badges == ["DECK MUTED"])
            local.hear(FIRE)
            assert process.stdout is not None
            kinds = [json.loads(process.stdout.readline())["type"] for _ in range(2)]
            assert kinds == ["hello", "event"]
        _until(lambda: outside.badges == [])


@windows
def test_several_at_once_and_a_long_word(local: LocalStream) -> None:
    """Two listen at the same time; one that says too much in a line is told so."""
    with _listener(local, REPORT) as one, _listener(local, "x" * (MAX_LINE + 10) + "\n") as other:
        _until(lambda: local.state() == "2 programs listening")
        local.hear(FIRE)
        for process in (one, other):
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["type"] == "hello"
            assert json.loads(process.stdout.readline())["type"] in ("event", "error")


@windows
def test_a_second_run_serves_nothing(local: LocalStream, tmp_path: Path) -> None:
    """The pipe belongs to the first run; the second says so. After the first it is free again."""
    from vcam.errors import ActionError

    with pytest.raises(ActionError, match="another run serves the stream"):
        LocalStream(FakeOutside(), tmp_path / "second")
    local.close()
    LocalStream(FakeOutside(), tmp_path / "third").close()


@windows
def test_the_end_lets_everybody_go(local: LocalStream) -> None:
    """Closing ends within a moment, with a program still connected."""
    with _listener(local, REPORT):
        _until(lambda: local.state() == "1 program listening")
        began = time.perf_counter()
        local.close()
        assert time.perf_counter() - began < 3
        _until(lambda: local.state() == "0 programs listening")


@windows
def test_an_end_that_windows_refuses(local: LocalStream, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person is told that no program can connect; when that has passed, they can."""
    pipe: Any = local._pipe
    new_end, failures = pipe._new_end, [231] * 3

    def refuse(first: int = 0) -> int:
        if failures:
            raise OSError(failures.pop(), "All pipe instances are busy")
        return int(new_end(first))

    monkeypatch.setattr(pipe, "_new_end", refuse)
    with _listener(local, REPORT):
        _until(lambda: "cannot connect" in str(local.state()))
        _until(lambda: local.state() == "1 program listening")
        with _listener(local, REPORT):
            _until(lambda: local.state() == "2 programs listening")
