"""Nothing leaves the machine."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.rigs.obs import free_port
from tests.rigs.program_process import program_environment
from tests.rigs.receiver import Receiver

ELSEWHERE = re.compile(r"sa_family=AF_INET6?[^}]*")
PLACE = re.compile(r'sa_family=AF_INET, sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]+)"\)')
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


def test_only_who_was_written_down_is_spoken_to(tmp_path: Path) -> None:
    """With sections for other programs, a run connects to the hosts that they name, and only so."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: apt install strace")
    receiver = Receiver()
    named = {
        ("127.0.0.1", int(urlsplit(receiver.url).port or 0)),
        ("127.0.0.1", free_port()),
        ("192.0.2.1", 1883),  # an address for documentation: nobody is there
    }
    obs = next(port for host, port in named if port not in (1883, urlsplit(receiver.url).port))
    settings = tmp_path / "settings.toml"
    settings.write_text(
        f'[webhook]\nurl = "{receiver.url}"\nevery_fire = true\n[mqtt]\nhost = "192.0.2.1"\n'
        f'[obs]\nhost = "127.0.0.1"\nport = {obs}\n[stream]\nenabled = true\nprofile = "own"\n'
        '[profiles.own]\nbindings = [{ gesture = "like", action = "obs.scene:Break" },'
        '{ gesture = "stop", action = "video.blank" }]\n'
    )
    program = [sys.executable, "-m", "vcam", "run", "--camera", "demo", "--output", "null"]
    options = ["--duration", "20", "--no-panel", "--config", str(settings)]
    trace = ["strace", "-f", "-qq", "-o", "trace", "-e", "trace=connect,sendto,sendmsg,sendmmsg"]
    environment = {**program_environment(), "XDG_RUNTIME_DIR": str(tmp_path)}
    environment |= {"http_proxy": "http://127.0.0.1:9/", "HTTPS_PROXY": "http://127.0.0.1:9/"}
    done = subprocess.run(
        [*trace, *program, *options],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    receiver.close()
    if "ptrace" in done.stderr and not (tmp_path / "trace").exists():
        pytest.skip("this machine does not let processes be traced")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "trace").read_text(errors="replace")
    found = {(host, int(port)) for port, host in PLACE.findall(text)}
    assert named <= found
    # paho wakes its own thread by a pair of sockets on loopback; beyond that nobody else.
    assert {host for host, _ in found - named} <= {"127.0.0.1"}
    assert len(PLACE.findall(text)) == len(ELSEWHERE.findall(text))
    assert receiver.posts
