"""The stream for programs at the panel's address."""

import http.client
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.fakes.outside import FakeOutside
from tests.rigs.panel import Served
from vcam.core.event import Event
from vcam.integrations.stream.service import EventStream

FIRE = Event(1.0, "fire", "stop", "left", 3, "mic.mute", (0, 0, 1, 1))
CLIENT = Path(__file__).parents[2] / "examples" / "stream" / "listen_panel.mjs"


@pytest.fixture
def outside(served: Served) -> Iterator[FakeOutside]:
    """Switch the stream on, and return the program that is told."""
    outside = FakeOutside()
    served.program.stream = stream = EventStream(outside)
    yield outside
    stream.close()


def _ask(
    served: Served, method: str, name: str, body: str = "", origin: str = ""
) -> tuple[int, str]:
    parts = urlsplit(served.server.address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    headers = {"Origin": origin} if origin else {}
    connection.request(method, f"{parts.path}{name}", body.encode(), headers)
    answer = connection.getresponse()
    text = answer.read().decode() if answer.getheader("Content-Length") else ""
    connection.close()
    return answer.status, text


def test_it_is_off_unless_switched_on(served: Served) -> None:
    """Without `[stream] enabled` there is nothing at the address, and nothing can be told."""
    assert _ask(served, "GET", "events") == (
        404,
        "the stream is off: set [stream] enabled = true in the settings",
    )
    assert "off" in _ask(served, "POST", "tell", '{"program": "x", "muted": true}')[1]


def test_events_come_as_server_sent_events(served: Served, outside: FakeOutside) -> None:
    """A program reads events line by line."""
    parts = urlsplit(served.server.address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request("GET", f"{parts.path}events")
    answer = connection.getresponse()
    assert answer.getheader("Content-Type") == "text/event-stream"
    assert json.loads(answer.readline().removeprefix(b"data: "))["type"] == "hello"
    assert answer.readline() == b"\n"
    assert served.program.stream is not None
    served.program.stream.hear(FIRE)
    assert json.loads(answer.readline().removeprefix(b"data: "))["gesture"] == "stop"
    connection.close()


def test_a_program_tells_and_a_foreign_page_does_not(served: Served, outside: FakeOutside) -> None:
    """A program with the token may tell; a page of another origin may not, nor without token."""
    word = '{"program": "Deck", "muted": true}'
    assert _ask(served, "POST", "tell", word, origin="https://evil.example")[0] == 403
    assert outside.badges == []
    assert json.loads(_ask(served, "POST", "tell", word)[1])["ok"]
    assert outside.badges == ["DECK MUTED"]
    assert not json.loads(_ask(served, "POST", "tell", '{"program": 3}')[1])["ok"]
    assert _ask(served, "POST", "pause", "{}")[0] == 403


def test_the_client_of_the_examples(served: Served, outside: FakeOutside, tmp_path: Path) -> None:
    """The client in JavaScript finds the address, tells, and hears."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed: apt install nodejs")
    address = tmp_path / "events.url"
    address.write_text(f"{served.server.address}events\n")
    with subprocess.Popen(
        [node, str(CLIENT), str(address)], stdout=subprocess.PIPE, text=True
    ) as client:
        assert client.stdout is not None
        assert "hello" in client.stdout.readline()
        assert outside.badges == ["MY APP MUTED"]
        client.kill()
