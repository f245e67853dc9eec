"""The interface of outputs that want an image only now and then, as the control panel does."""

from typing import Protocol, runtime_checkable

from vcam.output.output import Output
from vcam.overlay.composer import Sketch


@runtime_checkable
class Occasional(Output, Protocol):
    """An output that wants a picture only now and then, and draws it itself, on its own thread.

    It never keeps the program going: when all others are lost, the run is over. Its `send` is
    never called.
    """

    def due(self) -> bool:
        """Tell whether the next picture is wanted; answers at once."""

    def offer(self, sketch: Sketch) -> None:
        """Take what the next picture is made of; returns at once."""
