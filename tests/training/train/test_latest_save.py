"""Where several machines train one net, the latest save of any of them counts."""

import pytest
import torch.distributed as dist

from training.train.distributed import Distributed


def test_the_latest_save_of_any_machine_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restart the first rank may be a machine that has saved nothing, or too little."""
    places = [(-1, -1), (2, 5), (2, 5), (1, 9)]
    held = [None, "second", "third", "fourth"]

    def gather(into: list[object], local: object) -> None:
        into[:] = places

    def broadcast(objects: list[object], src: int) -> None:
        assert (objects[0] is not None) == (rank == src)
        objects[0] = held[src]

    monkeypatch.setattr(dist, "all_gather_object", gather)
    monkeypatch.setattr(dist, "broadcast_object_list", broadcast)
    for rank, place in enumerate(places):
        assert Distributed(rank, 4).latest(held[rank], place) == "second"
    assert Distributed().latest(None, (-1, -1)) is None
