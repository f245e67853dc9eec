"""Releases are fetched from a server on this machine: resumed, tested, and never half."""

import io
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from training.__main__ import main
from training.datasets.download import RELEASES, files_of
from training.errors import TrainingError


class Server(ThreadingHTTPServer):
    """Serves files out of memory; may break off, or take no ranges."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.break_after: int | None = None
        self.ranges = True
        self.asked: list[tuple[str, str]] = []

    @property
    def base(self) -> str:
        """Return the address that files lie below."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away."""


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_HEAD(self) -> None:
        self._answer(send=False)

    def do_GET(self) -> None:
        self._answer(send=True)

    def _answer(self, *, send: bool) -> None:
        wanted = self.headers.get("Range", "")
        self.server.asked.append((self.command, wanted))
        data = self.server.files.get(self.path.lstrip("/"))
        if data is None:
            self.send_error(404)
            return
        begin = int(wanted[6:-1]) if wanted and self.server.ranges else 0
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(data) - begin))
        self.end_headers()
        if send:
            end = self.server.break_after or len(data)
            self.wfile.write(data[begin:end])

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a server with the sub-sample's two zips."""
    one = Server()
    for name in files_of(RELEASES["v1-sample"], "all"):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr("call/a.jpg", bytes(range(256)) * 40)
        one.files[name] = held.getvalue()
    thread = threading.Thread(target=one.serve_forever, daemon=True)
    thread.start()
    yield one
    one.shutdown()
    one.server_close()
    thread.join(5)


def _run(server: Server, out: Path, *options: str) -> int:
    return main(["download", "--from", server.base, "--out", str(out), *options])


def test_whole_files(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both zips arrive as they are; a second run fetches nothing."""
    assert _run(server, tmp_path) == 0
    for name, data in server.files.items():
        assert (tmp_path / name).read_bytes() == data
    assert not list(tmp_path.glob("*.part"))
    assert "prepare --data" in capsys.readouterr().out
    server.asked.clear()
    assert _run(server, tmp_path) == 0
    assert {method for method, _ in server.asked} == {"HEAD"}


def test_continues_where_it_broke_off(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A connection that ends early is said; the next try asks for the rest alone."""
    server.break_after = 4000
    assert _run(server, tmp_path) == 2
    assert "same command again" in capsys.readouterr().err
    assert not (tmp_path / "ann_subsample.zip").exists()
    server.break_after = None
    server.asked.clear()
    assert _run(server, tmp_path) == 0
    assert ("GET", "bytes=4000-") in server.asked
    assert (tmp_path / "ann_subsample.zip").read_bytes() == server.files["ann_subsample.zip"]


def test_a_server_without_ranges_begins_again(server: Server, tmp_path: Path) -> None:
    """Where the server sends all of it again, nothing is doubled."""
    (tmp_path / "subsample.zip.part").write_bytes(b"old" * 99)
    server.ranges = False
    assert _run(server, tmp_path) == 0
    assert (tmp_path / "subsample.zip").read_bytes() == server.files["subsample.zip"]


def test_a_damaged_zip_gets_no_name(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What does not pass its test is thrown away, and that is said."""
    data = bytearray(server.files["subsample.zip"])
    data[500] ^= 255
    server.files["subsample.zip"] = bytes(data)
    assert _run(server, tmp_path) == 2
    assert "came damaged" in capsys.readouterr().err
    assert not list(tmp_path.glob("subsample*"))


def test_list_fetches_nothing(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--list` says names and sizes."""
    assert _run(server, tmp_path / "none", "--list") == 0
    assert "10.4 kB" in capsys.readouterr().out
    assert not (tmp_path / "none").exists()
    assert {method for method, _ in server.asked} == {"HEAD"}


def test_what_a_person_can_get_wrong(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown gesture, a file that has moved, and an address that is none."""
    with pytest.raises(TrainingError, match="has no vulcan"):
        files_of(RELEASES["v1"], "call,vulcan")
    server.files.clear()
    assert _run(server, tmp_path) == 2
    assert "--from URL" in capsys.readouterr().err
    assert main(["download", "--from", "file:///etc", "--out", str(tmp_path)]) == 2
    assert "no web address" in capsys.readouterr().err


def test_the_disk_is_too_small(
    server: Server,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without room for all of it nothing is begun."""

    class Usage:
        free = 5000

    monkeypatch.setattr("training.datasets.download.shutil.disk_usage", lambda _: Usage)
    assert _run(server, tmp_path) == 2
    assert "are free in" in capsys.readouterr().err
    assert {method for method, _ in server.asked} == {"HEAD"}
