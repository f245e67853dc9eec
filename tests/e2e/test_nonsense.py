"""Files that somebody else wrote: whatever is in them, they are read or refused in a sentence.

`python -m benchmarks.fuzz --minutes 10` does the same for longer.
"""

import pytest

from tests.rigs.nonsense import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_nonsense(name: str) -> None:
    """Whatever a file holds, it is taken, or refused in one sentence."""
    TARGETS[name].try_out()
