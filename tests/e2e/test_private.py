"""Nothing leaves the machine."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.test_program import program_environment

ELSEWHERE = re.compile(r"sa_family=AF_INET6?[^}]*")
LOOPBACK = re.compile(r'"127\.|"::1"')


def test_a_whole_run_connects_to_nobody(tmp_path: Path) -> None:
    """A run that recognises, decides, acts and writes opens no connection beyond loopback."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: apt install strace")
    program = [sys.executable, "-m", "vcam.cli", "run", "--camera", "demo", "--speed", "max"]
    options = ["--duration", "15", "--output", "null", "--events", "events.jsonl"]
    trace = ["strace", "-f", "-qq", "-o", "trace", "-e", "trace=connect,sendto"]
    done = subprocess.run(
        [*trace, *program, *options],
        cwd=tmp_path,
        env=program_environment(),
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    if "ptrace" in done.stderr and not (tmp_path / "events.jsonl").exists():
        pytest.skip("this machine does not let processes be traced")
    assert done.returncode == 0, done.stderr
    addresses = ELSEWHERE.findall((tmp_path / "trace").read_text(errors="replace"))
    assert [address for address in addresses if not LOOPBACK.search(address)] == []
