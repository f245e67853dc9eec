"""Nowhere: for runs that are only after events or timings."""

from vcam.core.frame import Image


class NullOutput:
    """Takes pictures and forgets them."""

    name, private = "null", False

    def send(self, image: Image, time: float) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""
