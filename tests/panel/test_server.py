"""The panel's server: what it gives to its own page, and that nobody else gets anything."""

import http.client
import json
import socket
import threading
import time
from urllib.parse import urlsplit

import numpy as np
import pytest

from tests.rigs.panel import FIRE, Served


def test_the_page_and_its_files_are_served(served: Served) -> None:
    """The page comes whole from us: HTML, style, script and pictures, each with its kind."""
    kinds = {"": "text/html", "style.css": "text/css", "main.js": "text/javascript"}
    for name, kind in {**kinds, "stop.webp": "image/webp"}.items():
        status, headers, body = served.get(name)
        assert (status, headers["Content-Type"].split(";")[0]) == (200, kind)
        assert body


def test_the_page_may_load_nothing_from_elsewhere(served: Served) -> None:
    """The policy allows only our own address, no frames, and gives away no referrer."""
    _, headers, _ = served.get()
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "evil.example:{port}"}, 421),
        ({"Host": "127.0.0.1.evil.example:{port}"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_a_hostile_page_sees_nothing(served: Served, headers: dict[str, str], status: int) -> None:
    """Even with the token: a rebound name, another origin or another site's request is refused."""
    port = str(urlsplit(served.server.address).port)
    filled = {key: value.replace("{port}", port) for key, value in headers.items()}
    for name in ("state", "frame", "catalogue", "collected", "main.js", ""):
        refused, _, body = served.ask("GET", served.path(name), filled)
        assert (refused, body) == (status, b"")


@pytest.mark.parametrize("path", ["/", "/state", "//state", "/wrong/state", "/wrong/", "/é/state"])
def test_without_the_token_there_is_nothing(served: Served, path: str) -> None:
    """A page that guesses the port finds nothing without the token."""
    assert served.ask("GET", path.replace("é", "%C3%A9"))[0] == 404
    headers = {"Origin": served.origin, "Content-Type": "application/json"}
    assert served.ask("POST", path.replace("é", "%C3%A9"), headers, "{}")[0] == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/json"}, 403),
        ({"Content-Type": "text/plain", "Origin": "{own}"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded", "Origin": "{own}"}, 415),
        ({"Content-Type": "application/json", "Origin": "https://evil.example"}, 403),
        ({"Content-Type": "application/json", "Origin": "{own}", "Host": "evil.example"}, 421),
    ],
)
def test_a_hostile_page_does_nothing(served: Served, headers: dict[str, str], status: int) -> None:
    """An order that does not come from our page as JSON is refused, and nothing is done."""
    filled = {key: value.replace("{own}", served.origin) for key, value in headers.items()}
    order = json.dumps({"action": "mic.mute"})
    assert served.ask("POST", served.path("try"), filled, order)[0] == status
    assert served.program.asked == []


@pytest.mark.parametrize(
    "name", ["../server.py", "%2e%2e/server.py", "server.py", "pictures/stop.webp", "a.html", ".js"]
)
def test_only_files_of_the_page_are_served(served: Served, name: str) -> None:
    """No other file of the machine can be read."""
    assert served.get(name)[0] == 404


@pytest.mark.parametrize("body", ["", "[]", "{", '"x"', "[" * 15_000, '{"on": "\\ud800"}'])
def test_nonsense_is_no_order(served: Served, body: str) -> None:
    """What is no JSON object is refused in one sentence."""
    headers = {"Origin": served.origin, "Content-Type": "application/json"}
    status, _, answer = served.ask("POST", served.path("pause"), headers, body)
    assert (status, json.loads(answer)["ok"]) == (200, False)
    assert served.program.asked == []


def test_a_large_body_is_not_read(served: Served) -> None:
    """An order that is announced as large is refused at once."""
    connection = http.client.HTTPConnection(urlsplit(served.server.address).netloc, timeout=5)
    connection.putrequest("POST", served.path("pause"))
    connection.putheader("Origin", served.origin)
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(10**12))
    connection.endheaders()
    assert json.loads(connection.getresponse().read())["ok"] is False
    connection.close()


def test_it_listens_on_loopback_alone(served: Served) -> None:
    """The socket is bound to 127.0.0.1, whatever interfaces the machine has."""
    assert served.server._http.socket.getsockname()[0] == "127.0.0.1"


def test_each_run_has_its_own_token(served: Served) -> None:
    """The token is long and random."""
    token = served.path().strip("/")
    assert len(token) >= 32
    assert type(served.server.door)(1).token != token


def test_the_state_is_streamed_and_changes_are_reported(served: Served) -> None:
    """Two tabs get the state at once, and each hears of what fires later."""
    streams = [_Stream(served), _Stream(served)]
    assert all(stream.next()["fired"] == [] for stream in streams)
    served.panel.history.note(FIRE)
    for stream in streams:
        fired = stream.next_with("fired")["fired"][0]
        assert (fired["gesture"], fired["hand"], fired["action"]) == ("stop", "left", "mic.mute")
        stream.close()


def test_streams_end_with_the_program(served: Served) -> None:
    """Closing the server ends an open stream within a second, and nobody listens any more."""
    stream = _Stream(served)
    stream.next()
    began = time.perf_counter()
    served.server.close()
    assert time.perf_counter() - began < 2
    with pytest.raises(OSError, match=r"refused|reset"):
        socket.create_connection(("127.0.0.1", served.server.door.port), timeout=1).close()
    stream.close()


def test_images_come_while_somebody_watches(served: Served) -> None:
    """Nothing is taken before a browser asks; then the newest picture comes as JPEG."""
    preview = served.panel.self_view
    assert not preview.due()
    answers: list[tuple[int, bytes]] = []

    def watch() -> None:
        status, _, body = served.get("frame?view=mine&after=0")
        answers.append((status, body))

    browser = threading.Thread(target=watch)
    browser.start()
    end = time.perf_counter() + 3
    while not preview.due() and time.perf_counter() < end:
        time.sleep(0.005)
    preview.send(np.zeros((720, 1280, 3), np.uint8), 0.0)
    assert not preview.due()
    browser.join(5)
    assert answers[0][0] == 200
    assert answers[0][1].startswith(b"\xff\xd8")


def test_a_slow_browser_holds_up_nobody(served: Served) -> None:
    """A browser that asks for pictures and reads none does not keep the sender waiting."""
    raw = socket.create_connection(("127.0.0.1", served.server.door.port), timeout=5)
    request = f"GET {served.path('frame?view=mine')} HTTP/1.1\r\nHost: 127.0.0.1:"
    raw.sendall(f"{request}{served.server.door.port}\r\n\r\n".encode() * 200)
    noise = np.random.default_rng(1).integers(0, 255, (720, 1280, 3), np.uint8)
    slowest = 0.0
    for _ in range(20):
        began = time.perf_counter()
        served.panel.self_view.send(noise, 0.0)
        slowest = max(slowest, time.perf_counter() - began)
        time.sleep(0.01)
    raw.close()
    assert slowest < 0.25


class _Stream:
    """Reads the state as the browser does."""

    def __init__(self, served: Served) -> None:
        self._connection = http.client.HTTPConnection(
            urlsplit(served.server.address).netloc, timeout=5
        )
        self._connection.request("GET", served.path("state"))
        self._answer = self._connection.getresponse()

    def next(self) -> dict[str, list[dict[str, str]]]:
        while True:
            line = self._answer.readline().decode()
            if line.startswith("data: "):
                found: dict[str, list[dict[str, str]]] = json.loads(line[6:])
                return found

    def next_with(self, name: str) -> dict[str, list[dict[str, str]]]:
        while not (reported := self.next())[name]:
            pass
        return reported

    def close(self) -> None:
        self._answer.close()
        self._connection.close()
