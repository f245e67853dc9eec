"""What one run is asked to do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vcam.core.check_result import CheckResult
from vcam.panel.protocols import Places
from vcam.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class PanelOptions:
    """What the control panel needs beyond the program itself."""

    places: Places
    examine: Callable[[], list[CheckResult]]
    """Returns what `vcam doctor` finds."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line of `vcam run` says beyond the settings file."""

    camera: str | None = None
    outputs: tuple[str, ...] = ()
    config: Path | None = None
    profile: str | None = None
    events: Path | None = None
    dry_run: bool = False
    practice: bool = False
    """Show what would be done, and do nothing, as `[gestures] practice` has it."""
    duration_s: float | None = None
    every_frame: bool = False
    """`--speed max`: a file's every frame, as fast as it goes."""
    classifier: Path | None = None
    """An `.onnx` classifier to use instead of the one in the settings."""
    settings: Settings | None = None
    """Settings to use instead of any file."""
    panel: PanelOptions | None = None
    """Serve the control panel."""
    patient: bool = False
    """Start without camera or virtual camera, and say so; continue when a file has ended."""
