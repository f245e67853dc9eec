"""A panel that serves a fake program."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.program import FakeProgram
from tests.rigs.browser import chromium
from tests.rigs.panel import Panelled, Served
from tests.rigs.teaching import collect, learned_from
from vcam.panel.panel import Panel
from vcam.panel.protocols import Lessons, Places
from vcam.settings.template import template
from vcam.system.clock import SystemClock


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Return a running panel."""
    program = FakeProgram()
    panel = Panel(SystemClock())
    places = Places(tmp_path / "settings.toml", template(), tmp_path / "pictures")
    lessons = Lessons(program.keep_wrong, program.keep_missed)
    server = panel.open(program, places, program, lessons)
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
def learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lessons: Path) -> Iterator[Panelled]:
    """Return the program on a clip, in which the gesture is a new one."""
    with learned_from(tmp_path, monkeypatch, lessons) as running:
        yield running
