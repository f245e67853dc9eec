"""The program with its panel, and a panel that serves a fake program."""

import http.client
import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.program import FakeProgram
from vcam.app.app import App, RunOptions
from vcam.cli.panel import panel_options
from vcam.core.event import Event
from vcam.panel.panel import Panel
from vcam.panel.protocols import Places
from vcam.panel.server import PanelServer

TEXT = """# mine
profile = "mine"
[profiles.mine]
bindings = [ { gesture = "stop", action = "video.blur" } ] # blur
"""


class Panelled:
    """The program with its panel, fed by the demo clip."""

    def __init__(self, settings: Path, camera: str = "demo") -> None:
        self.settings = settings
        options = RunOptions(
            camera=camera,
            outputs=("null",),
            config=settings,
            dry_run=True,
            panel=panel_options(settings),
            patient=True,
        )
        self.app = App(options)
        self._thread = threading.Thread(target=self.app.run)
        self._thread.start()

    @property
    def address(self) -> str:
        assert self.app.address
        return self.app.address

    def state(self) -> dict[str, Any]:
        """Return the state that a new tab would get."""
        with urllib.request.urlopen(self.address + "state", timeout=5) as stream:
            found: dict[str, Any] = json.loads(stream.readline().removeprefix(b"data: "))
            return found

    def order(self, name: str, **order: object) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "Origin": self.address.rsplit("/", 2)[0]}
        request = urllib.request.Request(self.address + name, json.dumps(order).encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found

    def comes(self, condition: Callable[[dict[str, Any]], object], seconds: float = 10) -> bool:
        """Wait until the state is so."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            if condition(self.state()):
                return True
            time.sleep(0.05)
        return False

    def wait(self) -> None:
        """Wait until it has ended by itself."""
        self._thread.join(20)

    def close(self) -> None:
        self.app.stop()
        self._thread.join(10)
        assert not self._thread.is_alive()


@contextmanager
def panelled_by(folder: Path, text: str, camera: str = "demo") -> Iterator[Panelled]:
    """Run the program by a settings file of this text in `folder`."""
    path = folder / "settings.toml"
    path.write_text(text)
    running = Panelled(path, camera)
    try:
        yield running
    finally:
        running.close()


@dataclass
class Served:
    """A panel, and a browser of sorts."""

    panel: Panel
    server: PanelServer
    program: FakeProgram
    places: Places

    @property
    def address(self) -> str:
        return self.server.address

    @property
    def origin(self) -> str:
        parts = urlsplit(self.server.address)
        return f"{parts.scheme}://{parts.netloc}"

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: str = ""
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Return status, headers and body; the path is used as it is."""
        connection = http.client.HTTPConnection(urlsplit(self.server.address).netloc, timeout=5)
        try:
            connection.request(method, path, body or None, dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def path(self, name: str = "") -> str:
        return urlsplit(self.server.address).path + name

    def get(self, name: str = "") -> tuple[int, Mapping[str, str], bytes]:
        return self.ask("GET", self.path(name))

    def json(self, name: str) -> Any:
        return json.loads(self.get(name)[2])

    def order(self, name: str, /, **order: object) -> Any:
        """Send an order as the page does, and return the answer."""
        headers = {"Origin": self.origin, "Content-Type": "application/json"}
        status, _, body = self.ask("POST", self.path(name), headers, json.dumps(order))
        assert status == 200
        return json.loads(body)


FIRE = Event(1.0, "fire", "stop", "left", 1, "mic.mute", (0.0, 0.0, 9.0, 9.0))
