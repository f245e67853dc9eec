"""A Python program of a test's own that is spoken to line by line."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def piped(environment: Mapping[str, str], *words: str) -> "Iterator[subprocess.Popen[str]]":
    """Start Python with such words, its input and output piped as text; it is killed at the end."""
    with subprocess.Popen(
        [sys.executable, *words],
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()
