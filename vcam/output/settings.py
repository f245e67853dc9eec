"""The `[output]` section."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """Which outputs to open, and how."""

    kinds: tuple[str, ...] = ("virtual",)
    """Any of `virtual`, `window`, `null`, or a path that ends in `.mp4`."""
    device: str | None = None
    """Name or path of the virtual camera device; None: the first that works."""
