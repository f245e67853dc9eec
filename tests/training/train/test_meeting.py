"""Processes of one attempt find each other, whatever an attempt before has left in the store."""

import threading
from datetime import timedelta

import pytest
from torch._C._distributed_c10d import HashStore

from training.errors import TrainingError
from training.train.meeting import attempt_name, meeting_store

SOON = timedelta(seconds=20)


def _meet(store: HashStore, order: tuple[int, ...]) -> set[str]:
    """Let ranks come one after the other; return the names that they have been told."""
    reported: list[str] = []
    threads = []
    for rank in order:
        thread = threading.Thread(
            target=lambda rank=rank: reported.append(attempt_name(store, rank, len(order), SOON))
        )
        thread.start()
        thread.join(0.1)  # who comes first finds nothing but what is old
        threads.append(thread)
    for thread in threads:
        thread.join(20)
    assert len(reported) == len(order)
    return set(reported)


def test_an_old_attempt_is_not_taken_for_this_one() -> None:
    """In one store for all attempts, as torchrun has it, each agrees on a name of its own."""
    store = HashStore()
    names = [_meet(store, order) for order in ((0, 1, 2), (0, 2, 1), (2, 1, 0), (1, 0, 2))]
    assert all(len(each) == 1 for each in names)
    assert len(set().union(*names)) == len(names)


def test_who_died_before_it_was_heard_is_not_waited_for() -> None:
    """A question that nobody waits for any more is answered, and holds nobody up."""
    store = HashStore()
    store.set("question/1", "of a process that is gone")
    assert len(_meet(store, (0, 1))) == 1


def test_a_process_that_never_comes_is_reported() -> None:
    """After its time the first says so in a sentence."""
    with pytest.raises(TrainingError, match="Not all processes have come"):
        attempt_name(HashStore(), 0, 2, timedelta(seconds=0.1))


def test_without_an_agent_there_is_no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever starts the processes otherwise brings a store that is new each time."""
    monkeypatch.delenv("TORCHELASTIC_USE_AGENT_STORE", raising=False)
    assert meeting_store(0, 2, SOON) is None
