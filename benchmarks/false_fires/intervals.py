"""What a count says of the rate behind it: none in five minutes is not none in an hour."""

import math
from collections.abc import Callable

CONFIDENCE = 0.95


def poisson_interval(count: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the exact (Garwood) interval of the expected count, given that `count` came."""
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else _solve(lambda mean: 1 - _at_most(count - 1, mean) - tail, count)
    return low, _solve(lambda mean: tail - _at_most(count, mean), count)


def share_interval(count: int, of: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share, 0..1; everything is possible of nothing."""
    if of == 0:
        return 0.0, 1.0
    z = 1.959964
    share, weight = count / of, z * z / of
    middle = (share + weight / 2) / (1 + weight)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)


def _at_most(count: int, mean: float) -> float:
    """Return the chance that a Poisson count of this mean is no more than `count`."""
    if mean <= 0:
        return 1.0
    logs = (k * math.log(mean) - mean - math.lgamma(k + 1) for k in range(count + 1))
    return math.fsum(math.exp(each) for each in logs)


def _solve(rises: Callable[[float], float], count: int) -> float:
    """Return where a function that rises with the mean crosses zero."""
    low, high = 0.0, 10.0 + 3.0 * count
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (low, middle) if rises(middle) > 0 else (middle, high)
    return (low + high) / 2
