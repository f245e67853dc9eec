"""A panel that serves a fake program."""

import http.client
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.fakes.program import FakeProgram
from tests.panel.test_running import Panelled
from tests.rigs.browser import chromium
from tests.rigs.teaching import collect, taught_by
from vcam.panel.panel import Panel
from vcam.panel.protocols import Places
from vcam.panel.server import PanelServer
from vcam.settings.describe import template
from vcam.system.clock import SystemClock


@dataclass
class Served:
    """A panel, and a browser of sorts."""

    panel: Panel
    server: PanelServer
    program: FakeProgram
    places: Places

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


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Return a running panel."""
    program = FakeProgram()
    panel = Panel(SystemClock())
    places = Places(tmp_path / "settings.toml", template(), tmp_path / "pictures")
    server = panel.open(program, places, program)
    yield Served(panel, server, program, places)
    server.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return one browser for all tests of a file."""
    yield from chromium()


@pytest.fixture(scope="session")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what there is to learn from."""
    folder = tmp_path_factory.mktemp("lessons")
    collect(folder)
    return folder


@pytest.fixture
def taught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lessons: Path) -> Iterator[Panelled]:
    """Return the program on a clip, in which the gesture is a new one."""
    with taught_by(tmp_path, monkeypatch, lessons) as running:
        yield running
