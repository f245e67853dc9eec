"""One running program a person, and how the second start finds it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread, Timer

import pytest

from tests.rigs.home import use_home
from tests.rigs.panel import panelled_by
from vcam.app import quit_running as module
from vcam.app import single_instance
from vcam.app.single_instance import LOCK, RECORD, claim, find_panel, quit_running
from vcam.errors import ConfigError
from vcam.system.paths import state_folder

HOLDER = """
import sys, time
from vcam.app.single_instance import claim
held = claim()
held.announce("http://127.0.0.1:9/token/")
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of our own for what is written down, with a name that is not plain."""
    use_home(monkeypatch, tmp_path / "Jürgens home")
    return state_folder()


@pytest.fixture
def panel() -> Iterator[str]:
    """Return the address of a panel that answers at its own path alone."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/token/" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/token/"
    server.shutdown()
    server.server_close()


def test_the_second_meets_the_first(folder: Path, panel: str) -> None:
    """Only one has the right; the other finds its panel; afterwards nothing is left."""
    first = claim()
    assert first is not None
    first.announce(panel)
    assert claim() is None
    assert find_panel() == panel
    first.close()
    first.close()
    assert not (folder / RECORD).exists()
    second = claim()
    assert second is not None
    second.close()


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of the folder there")
def test_only_the_owner_may_read_it(folder: Path, panel: str) -> None:
    """The address lets in whoever knows it, so nobody else may read it."""
    with claim() as held:  # type: ignore[union-attr]
        held.announce(panel)
        assert (folder / RECORD).stat().st_mode & 0o777 == 0o600
        assert (folder / LOCK).stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(sys.platform == "darwin", reason="no variable moves its folders")
def test_a_killed_program_is_no_program(folder: Path) -> None:
    """What a killed program has left behind neither holds the right nor names a panel."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", HOLDER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as first:
        assert first.stdout is not None
        assert first.stdout.readline().strip() == b"held"
        assert claim() is None
        first.kill()
        first.wait(10)
    assert (folder / RECORD).exists()
    end = time.perf_counter() + 5
    while (second := claim()) is None and time.perf_counter() < end:
        time.sleep(0.05)
    assert second is not None
    assert not (folder / RECORD).exists()
    second.close()


def test_a_panel_that_comes_later_is_waited_for(panel: str) -> None:
    """Two starts at once, as by a double click: the second waits for the first one's panel."""
    first = claim()
    assert first is not None
    later = Timer(0.5, first.announce, [panel])
    later.start()
    assert find_panel() == panel
    later.join()
    first.close()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 7, "panel": "http://127.0.0.1:9/x/"}'])
def test_a_panel_that_never_answers_is_reported(folder: Path, content: str) -> None:
    """Who hangs is named, in one sentence; so are files that say nothing."""
    first = claim()
    assert first is not None
    (folder / RECORD).write_text(content)
    ticks = iter(range(0, 1000, 10))
    with pytest.raises(ConfigError, match=r"running already.*end it, and start again"):
        find_panel(lambda: float(next(ticks)))
    first.close()


def test_another_server_on_that_port_is_not_ours(panel: str) -> None:
    """An old port that somebody else has taken over does not know the token."""
    assert not single_instance._answers(panel.replace("token", "other"))


def test_children_do_not_hold_the_right() -> None:
    """A command that outlives the program does not keep the next one from starting."""
    first = claim()
    assert first is not None
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"]) as child:
        first.close()
        second = claim()
        assert second is not None
        second.close()
        child.kill()


def test_an_installer_ends_the_program(tmp_path: Path) -> None:
    """It quits as by its panel; where nothing runs, nothing is waited for."""
    assert quit_running()
    with panelled_by(tmp_path, "") as running:
        first = claim()
        assert first is not None
        first.announce(running.address)

        def end() -> None:
            running.wait()
            first.close()

        ended = Thread(target=end)
        ended.start()
        assert quit_running()
        ended.join(10)
        assert not ended.is_alive()


def test_a_program_that_hangs_is_not_waited_for_for_ever() -> None:
    """The installer hears that it could not be ended."""
    first = claim()
    assert first is not None
    first.announce("http://127.0.0.1:9/token/")
    assert not quit_running(0.5)
    first.close()


def test_uninstalling_ends_the_start_at_login(monkeypatch: pytest.MonkeyPatch) -> None:
    """An update leaves it as it is."""
    asked: list[bool] = []
    monkeypatch.setattr(module, "set_login_start", lambda *, on: asked.append(on))
    for words in ([], ["uninstall"]):
        monkeypatch.setattr(sys, "argv", ["vcam", *words])
        assert module.main() == 0
    assert asked == [False]
