"""`vcam` and nothing else: what to do next on this very machine."""

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import Final

from vcam.core.check_result import CheckResult, check_title
from vcam.core.texts import _, marked
from vcam.errors import VcamError
from vcam.settings import Settings, load_settings

COMMANDS: Final = marked("""\
  vcam panel       be the webcam, with a control panel in your browser
  vcam demo        see it at work: no camera, display or driver needed
  vcam doctor      check this computer, and say how to fix what is missing
  vcam --help      all commands; vcam COMMAND --help explains one
""")
THEIR_MISTAKE: Final = 2

Check = Callable[[Settings], Iterable[CheckResult]]


def run(_args: argparse.Namespace) -> int:
    """Say what to do next; no command was given, so nothing else is done."""
    head = _("vcam: a webcam that understands your hands.")
    print(f"{head}\n\n{_(COMMANDS)}\n{next_step()}", file=sys.stderr)
    return THEIR_MISTAKE


def next_step(checks: Iterable[tuple[str, Check]] | None = None) -> str:
    """Return one sentence: what is missing first, or that all is there."""
    try:
        settings = load_settings()
    except VcamError as error:
        return _("Next: fix the settings. {error}").format(error=error)
    for name, check in _checks() if checks is None else checks:
        try:
            failed = [each.text for each in check(settings) if each.status == "fail"]
        except Exception as error:  # noqa: BLE001 - the doctor says more of it
            failed = [str(error)]
        if failed:
            text = _("Next: `vcam doctor`. The {name} is not ready: {problem}")
            return text.format(name=check_title(name), problem=failed[0])
    return _("Next: `vcam panel`. Camera and virtual camera are there.")


def _checks() -> Iterable[tuple[str, Check]]:
    from vcam.camera.check import check_camera
    from vcam.output.check import check_virtual_camera

    yield "virtual camera", lambda settings: check_virtual_camera(settings.output)
    yield "camera", lambda settings: check_camera(settings.camera)
