"""The program's words reach the person, with a console and without one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vcam.cli import console
from vcam.cli.main import main


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the log will be."""
    path = tmp_path / "state" / "vcam.log"
    monkeypatch.setattr(console, "log_path", lambda: path)
    return path


def run_without_console(patch: pytest.MonkeyPatch, *words: str) -> int:
    """Run a command as `pythonw` does."""
    with patch.context() as patched:
        patched.setattr(sys, "stdout", None)
        patched.setattr(sys, "stderr", None)
        code = main(words)
        assert sys.stdout is not None
        sys.stdout.close()  # the end of a process does it
        return code


def test_without_a_console_a_log_takes_over(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command prints, and what is wrong, stands in the log."""
    assert run_without_console(monkeypatch, "models") == 0
    assert run_without_console(monkeypatch, "config", "check", "--config", "missing.toml") == 2
    written = log.read_text(encoding="utf-8")
    assert "detector" in written
    assert "vcam: there is no settings file missing.toml" in written


def test_a_long_log_is_put_aside(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log begins again when it is long, and the last one is kept."""
    log.parent.mkdir()
    log.write_bytes(b"old" + bytes(10))
    monkeypatch.setattr(console, "MAX_LOG_BYTES", 10)
    assert run_without_console(monkeypatch, "--version") == 0
    assert log.read_text(encoding="utf-8").startswith("vcam ")
    assert log.with_name("vcam.log.1").read_bytes().startswith(b"old")


def test_without_a_place_for_a_log_the_program_still_works(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that cannot be made costs the log and nothing else."""
    log.parent.write_text("a file where the folder should be")
    assert run_without_console(monkeypatch, "models") == 0


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii", "utf-8"])
def test_json_is_utf_8_in_every_code_page(encoding: str, tmp_path: Path) -> None:
    """A pipe has the country's code page on Windows; no letter of a camera's name is lost there."""
    settings = tmp_path / "settings.toml"
    settings.write_text('[camera]\ndevice = "Камера Süd"\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "vcam", "config", "show", "--json", "--config", str(settings)],
        env=os.environ | {"PYTHONIOENCODING": encoding},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout.decode("utf-8"))["camera"]["device"] == "Камера Süd"
    assert ("Камера".encode() in done.stdout) == (encoding == "utf-8")


def test_a_name_cannot_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape codes, line ends and turned reading in a file's name are spelt out; emoji stay."""
    assert main(["recognize", "a\nb\x1b[31mc\u202egpj.👨‍👩‍👧.jpg"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert r"a\nb\x1b[31mc\u202egpj.👨‍👩‍👧.jpg" in said


LOGS = """
import logging, sys
from vcam.cli.console import prepare_output
prepare_output()
try:
    raise EOFError("stream ended")
except EOFError:
    logging.getLogger("websockets.client").exception("unexpected internal error")
logging.getLogger("vcam.pipeline").warning("camera lost")
"""


def test_libraries_keep_their_words_to_themselves() -> None:
    """What a library logs, with its traceback, is nothing for the terminal; our own words are."""
    done = subprocess.run([sys.executable, "-c", LOGS], capture_output=True, text=True, check=True)
    assert done.stderr == "camera lost\n"


@pytest.mark.skipif(sys.platform == "win32", reason="such names are for Unix")
def test_a_name_in_a_warning_cannot_either(tmp_path: Path) -> None:
    """What the log writes to the terminal is held to the same."""
    (tmp_path / "a\x1b[31m\n.png").write_bytes(b"no picture")
    command = [sys.executable, "-m", "vcam", "run", "--no-panel", "--output", "null", "--dry-run"]
    done = subprocess.run([*command, "--camera", str(tmp_path)], capture_output=True, check=False)
    assert done.returncode == 2
    assert rb"a\x1b[31m\n.png is not a picture" in done.stderr
    assert b"\x1b" not in done.stderr
