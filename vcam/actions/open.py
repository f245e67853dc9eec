"""Start the worker that carries out actions."""

import sys
from collections.abc import Callable, Sequence

from vcam.actions.dry_run import DryPerformer, Practising
from vcam.actions.keyboard.keyboard import Keyboard
from vcam.actions.keyboard.open import open_keyboard
from vcam.actions.microphone.monitor import MicrophoneMonitor
from vcam.actions.performer import Devices, Performer
from vcam.actions.plugins.plugins import Plugins
from vcam.actions.program_controls import Controls
from vcam.actions.window.guard import FocusGuard
from vcam.actions.worker import ActionWorker, Performs
from vcam.errors import ActionError
from vcam.system.clock import SystemClock


def open_worker(
    controls: Controls,
    *,
    dry_run: bool,
    allow_commands: bool,
    practice: Callable[[], bool] = lambda: False,
    monitor: MicrophoneMonitor | None = None,
    plugins: Plugins | None = None,
) -> ActionWorker:
    """Return a running worker; keyboard and microphone are opened when first needed.

    While `practice` says so, actions are reported and not done. `monitor` hears what actions do
    to the microphone. The worker closes `plugins`. Call it on the main thread: on macOS
    the keyboard is opened here and now.
    """
    performer: Performs = DryPerformer(controls)
    if not dry_run:
        devices = Devices(_keyboard(), allow_commands=allow_commands, plugins=plugins)
        performer = Performer(controls, devices, monitor)
    performer, guard = Practising(performer, controls, practice), FocusGuard()

    def aim(focus: Sequence[str]) -> None:
        """Check the focus of what is going to be done; what is only told may be told anywhere."""
        if not dry_run and not practice():
            guard.check(focus)

    return ActionWorker(performer, controls, SystemClock(), aim)


def _keyboard() -> Callable[[], Keyboard]:
    """Return what opens the keyboard: macOS ends programs that do so on the worker's thread."""
    if sys.platform != "darwin":
        return open_keyboard
    try:
        keyboard = open_keyboard()
    except ActionError as error:
        return _refusing(str(error))
    return lambda: keyboard


def _refusing(reason: str) -> Callable[[], Keyboard]:
    def refuse() -> Keyboard:
        raise ActionError(reason)

    return refuse
