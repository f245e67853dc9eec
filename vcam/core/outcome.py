"""What became of an action: done, failed, or only announced."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from vcam.core.texts import _

Result = Literal["done", "failed", "dry_run"]
"""`dry_run`: said and not done, because the person practises."""
BRIEF: Final = 60
"""Letters of a reason that fit beside a gesture."""
WORDS: Final = 4
"""Fewer than these before a colon are whoever says it, such as `OBS says`, and no reason."""
_ASIDE: Final = re.compile(r"\s*\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one `fire`, given once its action has come to an end."""

    result: Result
    reason: str | None = None
    """Why it failed, in one sentence; None unless it did."""

    @property
    def brief(self) -> str | None:
        """The reason without asides and without what helps, for where there is little room."""
        if self.reason is None or len(self.reason) <= BRIEF:
            return self.reason
        text, shorter = self.reason, _ASIDE.sub("", self.reason)
        while shorter != text:
            text, shorter = shorter, _ASIDE.sub("", shorter)
        said = re.split(r"[:;.] ", text, maxsplit=1)[0]
        if len(said.split()) >= WORDS:
            return said
        return text if len(text) <= BRIEF else f"{text[:BRIEF].rstrip()}…"


DONE: Final = Outcome("done")
DRY_RUN: Final = Outcome("dry_run")


def failed(reason: object) -> Outcome:
    """Return a failure; `reason` is an error or a sentence."""
    return Outcome("failed", str(reason) or _("no reason was given"))
