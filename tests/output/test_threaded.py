"""A slow output behind a thread: the sender never waits, and hears what went wrong."""

import threading
import time

import numpy as np
import pytest

from tests.fakes.output import RecordingOutput
from vcam.core.frame import Image
from vcam.errors import OutputError
from vcam.output.threaded import QUEUE_SIZE, ThreadedOutput

IMAGE = np.zeros((48, 64, 3), np.uint8)


class Gated(RecordingOutput):
    """Takes no picture before the gate is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = threading.Event()
        self.gate = threading.Event()

    def send(self, image: Image, time: float) -> None:
        """Wait for the gate."""
        self.reached.set()
        self.gate.wait(10)
        super().send(image, time)


class Broken(RecordingOutput):
    """Fails as no output should."""

    def send(self, image: Image, time: float) -> None:
        """Raise what nobody expects."""
        raise ZeroDivisionError("a bug")


def test_the_sender_never_waits() -> None:
    """With an output that hangs, a bounded number of pictures is kept and the rest left out."""
    slow = Gated()
    output = ThreadedOutput(slow)
    for number in range(100):
        IMAGE[:] = number
        output.send(IMAGE, number / 30)
        if number == 0:
            assert slow.reached.wait(10)  # the queue is empty again, whoever runs first
            began = time.perf_counter()
    assert time.perf_counter() - began < 1
    slow.gate.set()
    output.close()
    assert len(slow.images) == 1 + QUEUE_SIZE
    assert output.left_out == 100 - len(slow.images)
    assert [int(image[0, 0, 0]) for image in slow.images] == list(range(len(slow.images)))
    assert slow.closed == 1


def test_an_error_reaches_the_sender() -> None:
    """The output's own error is raised by a later send, after the output was closed."""
    inner = RecordingOutput(fail_at=1, error=OutputError("The disk is full."))
    output = ThreadedOutput(inner)
    output.send(IMAGE, 0.0)
    output.send(IMAGE, 0.1)
    output._thread.join(5)
    with pytest.raises(OutputError, match="disk is full"):
        output.send(IMAGE, 0.2)
    assert inner.closed == 1
    output.close()


@pytest.mark.logs_errors
def test_a_bug_in_the_output_is_an_error_too() -> None:
    """Whatever an output raises comes back as an `OutputError`."""
    output = ThreadedOutput(Broken())
    output.send(IMAGE, 0.0)
    output._thread.join(5)
    with pytest.raises(OutputError, match="a bug"):
        output.send(IMAGE, 0.1)


def test_sending_after_close() -> None:
    """A closed recording takes nothing more."""
    output = ThreadedOutput(RecordingOutput())
    output.close()
    with pytest.raises(OutputError, match="closed"):
        output.send(IMAGE, 0.0)
