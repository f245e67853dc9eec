"""What `vcam doctor` finds: one fact about this machine and what to do about it."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One line of the doctor's report. Each room reports on its own devices."""

    name: str
    """What was looked at, in two or three words: `virtual camera`."""
    status: Status
    """`fail`: the main job will not work; `warn`: something that some people need will not."""
    text: str
    """What was found, one short sentence."""
    remedy: str | None = None
    """What to do, as a command or a click path for this system; None when all is well."""
