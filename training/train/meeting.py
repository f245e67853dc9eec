"""Where the processes of one attempt meet, apart from those of attempts before.

torchrun's agent keeps one store for all attempts (torch 2.13: `DynamicRendezvousHandler` makes it
in the first round, and `_create_c10d_store` adds no prefix). After a restart the addresses of
processes that have died still stand there under the same names: whoever comes first reads them, and
cannot reach a process that is gone, while the others wait for it. The number of restarts cannot
tell attempts apart, since each machine counts its own. So the first rank draws a name for the
attempt, and hands it to those who ask now.
"""

import os
import time
import uuid
from datetime import timedelta

from torch._C._distributed_c10d import PrefixStore, Store, TCPStore

from training.errors import TrainingError

STEP_S = 0.02


def meeting_store(rank: int, size: int, timeout: timedelta) -> Store | None:
    """Return a store of this attempt alone, under torchrun; None: there is no agent with one.

    Raises `TrainingError` when not all processes come within `timeout`.
    """
    if os.environ.get("TORCHELASTIC_USE_AGENT_STORE") != "True":
        return None
    host, port = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
    store = TCPStore(host, port, size, is_master=False, timeout=timeout)
    return PrefixStore(attempt_name(store, rank, size, timeout), store)


def attempt_name(store: Store, rank: int, size: int, timeout: timedelta) -> str:
    """Return a name that this attempt's processes have in common and no other attempt has.

    A question is answered under its own words, which nobody has used before, so that no answer can
    be an old one; old questions are answered too, and nobody waits for that.
    """
    end = time.perf_counter() + timeout.total_seconds()
    if rank:
        question = uuid.uuid4().hex
        store.set(f"question/{rank}", question)
        answer = store.get(f"answer/{question}").decode()  # waits for the store's own timeout
        store.set(f"heard/{answer}/{rank}", "yes")
        return answer
    name, answered = uuid.uuid4().hex, set[bytes]()
    others = range(1, size)
    while not store.check([f"heard/{name}/{other}" for other in others]):
        for other in others:
            if store.check([f"question/{other}"]):
                question_of = store.get(f"question/{other}")
                if question_of not in answered:
                    store.set(f"answer/{question_of.decode()}", name)
                    answered.add(question_of)
        if time.perf_counter() > end:
            raise TrainingError("Not all processes have come: see the other machines' output.")
        time.sleep(STEP_S)
    return name
