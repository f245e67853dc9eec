"""What became of an action: done, failed, or only announced."""

from dataclasses import dataclass
from typing import Final, Literal

from vcam.core.texts import _

Result = Literal["done", "failed", "dry_run"]
"""`dry_run`: said and not done, because the person practises."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one `fire`, given once its action has come to an end."""

    result: Result
    reason: str | None = None
    """Why it failed, in one sentence; None unless it did."""


DONE: Final = Outcome("done")
DRY_RUN: Final = Outcome("dry_run")


def failed(reason: object) -> Outcome:
    """Return a failure; `reason` is an error or a sentence."""
    return Outcome("failed", str(reason) or _("no reason was given"))
