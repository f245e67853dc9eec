"""Where a model came from."""

import hashlib
import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def fingerprint(content: Mapping[str, Any]) -> str | None:
    """Return what tells such plain data from others; None: there are none."""
    if not content:
        return None
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def git_commit() -> str:
    """Return the commit this training ran from, or `unknown` outside a checkout."""
    try:
        answer = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607  # whichever git there is
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return answer.stdout.strip()


def trained_on(sources: Iterable[str], folders: Iterable[str]) -> list[dict[str, Any]]:
    """Return a card's lines about data: how many hands of each source, and out of which folders.

    What licence they are under, only the person who trains can say.
    """
    named = ", ".join(sorted({Path(folder).name for folder in folders}))
    return [
        {"source": source, "hands": hands, "from": named, "licence": "not said"}
        for source, hands in sorted(Counter(sources).items())
    ]
