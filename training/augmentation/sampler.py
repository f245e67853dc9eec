"""Which sample stands in which slot of which step, as a function of the seed alone.

No process, worker or restart changes what is drawn: the sample in a slot and the random numbers of
its augmentation follow from seed, epoch, step and slot. So training continues after a kill as if
nothing had happened, and several processes learn what one would.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.errors import TrainingError


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in a global batch."""

    sample: int
    """Place in the set that is drawn from."""
    seed: tuple[int, ...]

    def random(self) -> np.random.Generator:
        """Return this slot's own random numbers."""
        return np.random.default_rng(self.seed)


class SlotSampler:
    """Deals samples out to the slots of every step of one epoch.

    With `streams` above 1, shards are dealt out to that many streams, and slot i draws from stream
    i % streams only. A machine that holds the shards of its own streams needs no other, as long as
    the number of processes divides the number of streams.
    """

    def __init__(
        self,
        shards: npt.NDArray[np.int32],
        chance: npt.NDArray[np.float64] | None,
        streams: int = 1,
    ) -> None:
        """Draw with `chance` (N,), or each sample once an epoch in a random order when it is None.

        `shards` (N,) says where each sample lies. Raises `TrainingError` when a stream would be
        empty.
        """
        if not len(shards):
            raise TrainingError("There is nothing to learn from: this split holds no samples.")
        names = np.unique(shards)
        if streams > len(names):
            raise TrainingError(
                f"{len(names)} shards cannot feed {streams} streams: give --streams {len(names)} "
                "at most, or prepare with more shards."
            )
        stream = np.searchsorted(names, shards) % streams
        self.streams = [np.flatnonzero(stream == one) for one in range(streams)]
        self._chances = [_share(chance, places) for places in self.streams]
        self._orders: dict[tuple[int, ...], npt.NDArray[np.int64]] = {}

    def slots(self, key: Sequence[int], step: int, batch: int, share: slice) -> list[Slot]:
        """Return the wanted slots of one step; `key` is seed and epoch."""
        return [self._slot(key, step, slot, batch) for slot in range(batch)[share]]

    def _slot(self, key: Sequence[int], step: int, slot: int, batch: int) -> Slot:
        one = slot % len(self.streams)
        places, chance = self.streams[one], self._chances[one]
        seed = (*key, step, slot)
        if chance is not None:
            drawn = int(np.searchsorted(chance, np.random.default_rng((*seed, 1)).random()))
            return Slot(int(places[min(drawn, len(places) - 1)]), seed)
        each = -(-batch // len(self.streams))
        order = self._order(key, one)
        turn = step * each + slot // len(self.streams)
        return Slot(int(places[order[turn % len(places)]]), seed)

    def _order(self, key: Sequence[int], stream: int) -> npt.NDArray[np.int64]:
        """Return this epoch's order of a stream's samples; only one epoch's are remembered."""
        if any(known[:-1] != tuple(key) for known in self._orders):
            self._orders.clear()
        wanted = (*key, stream)
        if wanted not in self._orders:
            shuffled = np.random.default_rng(wanted).permutation(len(self.streams[stream]))
            self._orders[wanted] = shuffled
        return self._orders[wanted]


def _share(
    chance: npt.NDArray[np.float64] | None, places: npt.NDArray[np.intp]
) -> npt.NDArray[np.float64] | None:
    """Return the running sum of chances within one stream, which ends at 1."""
    if chance is None:
        return None
    running = np.cumsum(chance[places])
    return np.asarray(running / running[-1])


def class_balanced(
    classes: npt.NDArray[np.int64], weight: npt.NDArray[np.float32], power: float
) -> npt.NDArray[np.float64]:
    """Return each sample's chance: its class's count to the power of minus `power`, weighted."""
    count = np.bincount(classes)
    chance = count[classes].astype(np.float64) ** -power * weight
    return np.asarray(chance / chance.sum())


def with_source_shares(
    chance: npt.NDArray[np.float64], kind: npt.NDArray[np.str_], shares: Mapping[str, float]
) -> npt.NDArray[np.float64]:
    """Return chances (N,) of which samples of each named kind make up the given part together.

    What lacks is left to the kinds that are not named; where there are none, all grow alike.
    """
    out = chance.copy()
    named = {name: kind == name for name in shares if (kind == name).any()}
    rest = ~np.isin(kind, list(named))
    for name, share in named.items():
        out[share] *= shares[name] / out[share].sum()
    if rest.any():
        out[rest] *= max(0.0, 1 - sum(shares[name] for name in named)) / out[rest].sum()
    return np.asarray(out / out.sum())
