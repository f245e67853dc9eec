"""Several processes train one net: one dies, torchrun starts all again, and the save counts."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch.distributed as dist

from training.__main__ import main
from training.train.distributed import Distributed

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
SHAPE = ["--epochs", "4", "--pictures", "96", "--batch", "16", "--workers", "0", "--size", "32"]
EXACT = ["--precision", "float32", "--threads", "1", "--save-every", "0"]
LIMIT_S = 200.0


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
def test_a_process_dies_and_the_training_goes_on(cache: Path, tmp_path: Path) -> None:
    """Killed without a word: no finished epoch is learnt again, and the losses are those of one."""
    alone, out = tmp_path / "alone", tmp_path / "shared"
    train = ["train", "classifier", "--cache", str(cache), *SHAPE, *EXACT, "--out"]
    assert main([*train, str(alone)]) == 0
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += ["--nproc-per-node", "2", "--max-restarts", "2", "-m", "training", *train, str(out)]
    log = tmp_path / "log"
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
    assert _losses(out) == pytest.approx(_losses(alone), rel=3e-2)


def test_the_latest_save_of_any_machine_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restart the first rank may be a machine that has saved nothing, or too little."""
    places = [(-1, -1), (2, 5), (2, 5), (1, 9)]
    held = [None, "second", "third", "fourth"]

    def gather(into: list[object], own: object) -> None:
        into[:] = places

    def broadcast(objects: list[object], src: int) -> None:
        assert (objects[0] is not None) == (rank == src)
        objects[0] = held[src]

    monkeypatch.setattr(dist, "all_gather_object", gather)
    monkeypatch.setattr(dist, "broadcast_object_list", broadcast)
    for rank, place in enumerate(places):
        assert Distributed(rank, 4).latest(held[rank], place) == "second"
    assert Distributed().latest(None, (-1, -1)) is None
