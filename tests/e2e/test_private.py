"""Nothing leaves the machine."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.e2e.test_program import program_environment

ELSEWHERE = re.compile(r"sa_family=AF_INET6?[^}]*")
LOOPBACK = re.compile(r'"127\.|"::1"')


@pytest.fixture(params=["onnx", "mediapipe"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return settings that choose each detector; skips where MediaPipe or its file is missing."""
    lines = ["[recognition]", f'detector = "{request.param}"']
    if request.param == "mediapipe":
        if find_spec("mediapipe") is None:
            pytest.skip("MediaPipe is not installed")
        beside = Path(__file__).parents[2] / "shared" / "peers" / "hand_landmarker.task"
        model = Path(os.environ.get("HAND_LANDMARKER", beside))
        if not model.is_file():
            pytest.skip("set HAND_LANDMARKER to MediaPipe's hand_landmarker.task")
        lines.append(f'mediapipe_model = "{model}"')
    path = tmp_path / "settings.toml"
    path.write_text("\n".join(lines))
    return path


def test_a_whole_run_connects_to_nobody(tmp_path: Path, settings: Path) -> None:
    """A run that recognises, decides, acts and writes opens no connection beyond loopback."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: apt install strace")
    program = [sys.executable, "-m", "vcam", "run", "--camera", "demo", "--speed", "max"]
    options = ["--duration", "15", "--output", "null", "--events", "events.jsonl"]
    options += ["--config", str(settings)]
    trace = ["strace", "-f", "-qq", "-o", "trace", "-e", "trace=connect,sendto,sendmsg,sendmmsg"]
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
