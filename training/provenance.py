"""Where a model came from."""

import subprocess
from pathlib import Path


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
