"""What a process that trains asks of its system: chance that can be repeated, and a clean end."""

import contextlib
import random
import signal
from collections.abc import Iterator

import numpy as np
import torch


def seed_everything(seed: int, epoch: int) -> None:
    """Start every source of chance again, as each epoch does."""
    random.seed(f"{seed} {epoch}")
    np.random.seed((seed * 1000 + epoch) % 2**32)  # libraries draw from the old generator too
    torch.manual_seed(seed * 1000 + epoch)


def ignore_ctrl_c(_: int) -> None:
    """Leave it to the process that learns to end this one: Ctrl-C in a terminal reaches both."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextlib.contextmanager
def signals_noted() -> Iterator[list[int]]:
    """Note Ctrl-C and SIGTERM in a list instead of breaking off in the middle of a step."""
    noted: list[int] = []
    wanted = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(one, lambda number, _: noted.append(number)) for one in wanted]
    try:
        yield noted
    finally:
        for one, handler in zip(wanted, before, strict=True):
            signal.signal(one, handler)
