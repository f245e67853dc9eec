"""Counting: fires in ten minutes by kind, and held poses that fire as they should."""

from collections import Counter
from dataclasses import dataclass, field

from benchmarks.false_fires.clips import Clip
from benchmarks.false_fires.intervals import poisson_interval, share_interval
from benchmarks.false_fires.programs import Fire

TEN_MINUTES_S = 600


@dataclass
class Tally:
    """What one kind of clips brought."""

    seconds: float = 0.0
    false: Counter[str] = field(default_factory=Counter)
    """False fires, by gesture."""
    meant: int = 0
    """Clips in which something is meant."""
    right: int = 0
    """Those in which it fired, once, and nothing else."""

    def add(self, clip: Clip, found: list[Fire], seconds: float) -> list[Fire]:
        """Count a clip; return the fires that nobody meant."""
        self.seconds += seconds
        wrong = [fire for fire in found if fire.gesture not in clip.expected]
        self.false.update(fire.gesture for fire in wrong)
        if clip.expected:
            self.meant += 1
            self.right += len(found) == 1 and not wrong
        return wrong

    def __str__(self) -> str:
        """Return one line for people."""
        count = self.false.total()
        low, high = (
            bound * TEN_MINUTES_S / max(self.seconds, 1e-9) for bound in poisson_interval(count)
        )
        rate = count * TEN_MINUTES_S / max(self.seconds, 1e-9)
        names = ", ".join(f"{n} {name}" for name, n in self.false.most_common())
        line = f"{count} false in {self.seconds:.0f} s, {rate:.1f} in ten minutes"
        line += f" ({low:.1f} to {high:.1f})" + (f": {names}" if names else "")
        if not self.meant:
            return line
        lowest, highest = share_interval(self.right, self.meant)
        return f"{self.right} of {self.meant} right once ({lowest:.0%} to {highest:.0%}); {line}"
