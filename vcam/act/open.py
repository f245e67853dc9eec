"""Start the worker that carries out actions."""

from vcam.act.controls import Controls
from vcam.act.dry import DryPerformer
from vcam.act.perform import Devices, Performer
from vcam.act.worker import ActionWorker, Performs
from vcam.clock import SystemClock


def open_worker(controls: Controls, *, dry_run: bool, allow_commands: bool) -> ActionWorker:
    """Return a running worker; keyboard and microphone are opened when first needed."""
    performer: Performs = (
        DryPerformer(controls)
        if dry_run
        else Performer(controls, Devices(allow_commands=allow_commands))
    )
    return ActionWorker(performer, controls, SystemClock())
