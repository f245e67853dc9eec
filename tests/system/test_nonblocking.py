"""Pipes that nobody reads."""

import os
import threading

from vcam.system.nonblocking import set_nonblocking

LINE = b"down ctrl\n" * 10


def test_a_full_pipe_does_not_hold_the_writer() -> None:
    """A writer whose reader sleeps gets an error at once, on every system and Python."""
    reader, writer = os.pipe()
    refused = threading.Event()

    def fill() -> None:
        try:
            for _ in range(100_000):
                os.write(writer, LINE)
        except OSError:
            refused.set()

    set_nonblocking(writer)
    thread = threading.Thread(target=fill, daemon=True)
    thread.start()
    assert refused.wait(20)
    assert os.read(reader, len(LINE)) == LINE
    os.close(reader)
    os.close(writer)
