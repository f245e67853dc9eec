"""Several processes train one net: one dies, torchrun starts all again, and the save counts."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
SHAPE = ["--epochs", "4", "--pictures", "96", "--batch", "16", "--workers", "0", "--size", "32"]
EXACT = ["--precision", "float32", "--threads", "1", "--save-every", "0"]
LIMIT_S = 250.0


def _losses(out: Path) -> list[float]:
    path = out / "log.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return [json.loads(line)["loss"] for line in lines]


def _workers(agent: int) -> list[int]:
    """Return the processes that torchrun has started and that live."""
    children = Path(f"/proc/{agent}/task/{agent}/children")
    return [int(pid) for pid in children.read_text().split()]


@pytest.mark.skipif(sys.platform != "linux", reason="the processes are found below /proc")
@pytest.mark.timeout(300)
def test_a_process_dies_and_the_training_continues(cache: Path, tmp_path: Path) -> None:
    """Killed without a word: all are started again, and no finished epoch is learnt again."""
    out, log = tmp_path / "shared", tmp_path / "log"
    train = ["train", "classifier", "--cache", str(cache), *SHAPE, *EXACT, "--out", str(out)]
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += ["--nproc-per-node", "2", "--max-restarts", "1", "-m", "training", *train]
    with log.open("wb") as file:
        env = {**os.environ, "OMP_NUM_THREADS": "1"}
        agent = subprocess.Popen(command, env=env, stdout=file, stderr=file)
    try:
        end = time.perf_counter() + LIMIT_S
        while not _losses(out):
            assert agent.poll() is None, log.read_text()[-2000:]
            assert time.perf_counter() < end
            time.sleep(0.02)
        first = _losses(out)
        os.kill(_workers(agent.pid)[-1], signal.SIGKILL)
        assert agent.wait(LIMIT_S) == 0, log.read_text()[-2000:]
    finally:
        agent.kill()
        agent.wait()
    assert "epochs are done" in log.read_text()
    assert _losses(out)[: len(first)] == first
    assert len(_losses(out)) == 4
