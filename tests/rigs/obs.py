"""The real OBS Studio on a display of our own, with its WebSocket server on a free port."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.rigs.xvfb import display

PASSWORD = "correct horse"
PATIENCE_S = 60.0


def free_port() -> int:
    """Return a port of 127.0.0.1 where nobody listens at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


@contextmanager
def real_obs(folder: Path) -> Iterator[int]:
    """Run OBS with a home of its own and give its port; skips where OBS is not installed."""
    if shutil.which("obs") is None:
        pytest.skip("OBS is not installed: apt install obs-studio")
    port = free_port()
    settings = folder / "obs-studio"
    settings.mkdir()
    (settings / "global.ini").write_text(
        "[General]\nFirstRun=true\nEnableAutoUpdates=false\n[OBSWebSocket]\nFirstLoad=false\n"
        f"ServerEnabled=true\nServerPort={port}\nAlertsEnabled=false\nAuthRequired=true\n"
        f"ServerPassword={PASSWORD}\n"
    )
    with display() as shown:
        # OpenCV, once imported, points Qt at plug-ins of its own.
        environment = {k: v for k, v in shown.items() if not k.startswith("QT_")}
        homes = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        with (
            (folder / "obs.log").open("w") as log,
            subprocess.Popen(
                ["obs", "--minimize-to-tray", "--multi"],
                env={
                    **environment,
                    **homes,
                    "LIBGL_ALWAYS_SOFTWARE": "1",
                    "QT_QPA_PLATFORM": "xcb",
                },
                stdout=log,
                stderr=log,
            ) as program,
        ):
            try:
                _wait_for(port, folder / "obs.log", program)
                yield port
            finally:
                program.terminate()
                try:
                    program.wait(10)
                except subprocess.TimeoutExpired:
                    program.kill()


def _wait_for(port: int, log: Path, program: "subprocess.Popen[bytes]") -> None:
    end = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < end:
        if program.poll() is not None:
            pytest.skip(f"OBS does not run here: {log.read_text(errors='replace')[-300:]}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"OBS does not listen: {log.read_text(errors='replace')[-1000:]}")
