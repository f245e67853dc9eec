"""A terminal that takes no words holds up nothing that runs live."""

import contextlib
import io
import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.rigs.program_process import program_environment
from vcam.cli.patient_terminal import MAX_WAITING, PatientStream, never_waiting

unix = pytest.mark.skipif(sys.platform == "win32", reason="pipes that do not block are for Unix")


def _full_pipe() -> tuple[int, int]:
    """Return a pipe that takes nothing more, as a terminal after Ctrl-S: reading end, writing."""
    reads, writes = os.pipe()
    os.set_blocking(writes, False)
    for size in (4096, 1):
        try:
            while True:
                os.write(writes, b"x" * size)
        except BlockingIOError:
            pass
    os.set_blocking(writes, True)
    return reads, writes


@unix
def test_words_come_once_somebody_reads() -> None:
    """Nobody waits while the terminal takes nothing; what was said comes later, and in order."""
    reads, writes = _full_pipe()
    with os.fdopen(writes, "w", encoding="utf-8") as stream:
        patient = PatientStream(stream)
        for number in range(50):
            patient.write(f"line {number}\n")
            patient.flush()
        assert not patient.end(0.1)
        said = b""
        while b"line 49\n" not in said:
            said += os.read(reads, 65536)
    assert said.lstrip(b"x").decode().splitlines() == [f"line {number}" for number in range(50)]
    os.close(reads)


@unix
def test_memory_has_an_end() -> None:
    """What nobody reads for hours is left out at last."""
    reads, writes = _full_pipe()
    with os.fdopen(writes, "w", encoding="utf-8") as stream:
        patient = PatientStream(stream)
        for _ in range(MAX_WAITING * 20):
            patient.write("again\n")
        os.set_blocking(reads, False)
        said = b""
        while not patient.end(0.05):
            with contextlib.suppress(BlockingIOError):
                said += os.read(reads, 65536)
        with contextlib.suppress(BlockingIOError):
            said += os.read(reads, 65536)
    os.close(reads)
    assert 0 < said.count(b"again") < MAX_WAITING * 4  # with what the stream itself buffers


def test_nothing_is_lost_where_somebody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prints and warnings are all out when the run is over, and the streams are as they were."""
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    with never_waiting():
        print("said")
        logging.lastResort.handle(logging.makeLogRecord({"msg": "warned", "name": "vcam"}))  # type: ignore[union-attr]
    assert (out.getvalue(), err.getvalue()) == ("said\n", "warned\n")
    assert (sys.stdout, sys.stderr) == (out, err)


def test_a_stream_that_is_closed(capsys: pytest.CaptureFixture[str]) -> None:
    """A full disk or a closed terminal ends the words and nothing else."""
    stream = io.StringIO()
    stream.close()
    patient = PatientStream(stream)
    patient.write("to nobody")
    assert patient.end(5)
    assert capsys.readouterr() == ("", "")


@unix
@pytest.mark.parametrize("which", ["stdout", "stderr"])
def test_gestures_act_while_the_terminal_is_stopped(tmp_path: Path, which: str) -> None:
    """Ctrl-S before the first word: each gesture is recognised and its action is done."""
    settings = tmp_path / "s.toml"
    settings.write_text(
        'profile = "p"\n[profiles.p]\nbindings = [{ gesture = "stop", action = "overlay.off" },'
        '{ gesture = "palm", action = "overlay.on" }]\n'
    )
    reads, writes = _full_pipe()
    command = [sys.executable, "-m", "vcam", "run", "--camera", "demo", "--output", "null"]
    options = ["--config", "s.toml", "--events", "e.jsonl", "--no-panel", "--duration", "8"]
    began = time.perf_counter()
    done = subprocess.run(
        [*command, *options],
        cwd=tmp_path,
        env=program_environment(),
        stdout=writes if which == "stdout" else subprocess.DEVNULL,
        stderr=writes if which == "stderr" else subprocess.DEVNULL,
        timeout=100,
        check=False,
    )
    os.close(reads)
    os.close(writes)
    assert done.returncode == 0
    assert time.perf_counter() - began < 60
    lines = map(json.loads, (tmp_path / "e.jsonl").read_text().splitlines())
    fires = [(line["gesture"], line.get("outcome")) for line in lines if line["phase"] == "fire"]
    assert fires[:2] == [("stop", "done"), ("palm", "done")]
