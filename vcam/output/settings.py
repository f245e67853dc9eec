"""The `[output]` section."""

from dataclasses import dataclass

from vcam.core.setting import setting


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """Which outputs to open, and how."""

    kinds: tuple[str, ...] = setting(
        ("virtual",),
        "outputs",
        "Where the picture goes",
        "Any of `virtual`, `window`, `null`, or a path that ends in `.mp4`.",
    )
    device: str | None = setting(
        None,
        "text",
        "Which virtual camera",
        "Its name or path; without it, the first that works.",
        example="/dev/video10",
    )
