"""Carry out one action with keyboard, microphone and the program's own controls."""

import logging
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from vcam.actions.action import (
    Action,
    CallPlugin,
    HoldKeys,
    Pause,
    PressKeys,
    React,
    Resume,
    RunCommand,
    SetMicrophone,
    SetOverlay,
    SetVideo,
    UseProfile,
)
from vcam.actions.keyboard.held_keys import HeldKeys, Owner, press_chord
from vcam.actions.keyboard.keyboard import Keyboard
from vcam.actions.keyboard.open import open_keyboard
from vcam.actions.microphone.microphone import Microphone, change_microphone
from vcam.actions.microphone.monitor import MicrophoneMonitor
from vcam.actions.microphone.open import open_microphone
from vcam.actions.pending_outcome import Pending
from vcam.actions.plugins.plugin import Call
from vcam.actions.plugins.plugins import Plugins
from vcam.actions.program_controls import Controls
from vcam.core.texts import _, marked
from vcam.errors import ActionError

log = logging.getLogger(__name__)
VIDEO: Final = {
    "live": marked("Video is live"),
    "blank": marked("Video: blank"),
    "blur": marked("Video: blur"),
    "freeze": marked("Video: freeze"),
}
"""What is said when the picture changes, by its mode."""


@dataclass(frozen=True, slots=True)
class Devices:
    """How to get at keys and microphone; opened when they are first needed."""

    keyboard: Callable[[], Keyboard] = open_keyboard
    microphone: Callable[[], Microphone] = open_microphone
    allow_commands: bool = False
    """Whether `run:` actions may start programs."""
    plugins: Plugins | None = None
    """What carries out actions that this program does not know itself; None: nothing does."""


class Performer:
    """Does what actions say. `perform` is called from one thread; `release_all` from any."""

    def __init__(
        self, controls: Controls, devices: Devices, monitor: MicrophoneMonitor | None = None
    ) -> None:
        """`monitor` hears of what actions make of the microphone; None: one that asks nobody."""
        self._controls, self._devices = controls, devices
        self._keyboard: Keyboard | None = None
        self._microphone: Microphone | None = None
        self._held: HeldKeys | None = None
        self._monitor = monitor or MicrophoneMonitor(controls, devices.microphone)

    @property
    def holds_keys(self) -> bool:
        """Whether a key is down now."""
        return bool(self._held)

    def perform(self, action: Action, owner: Owner) -> Pending | None:
        """Do it; raises `ActionError` or `ConfigError` in one sentence when it cannot be done.

        Plug-ins take their time: what comes of their actions is pending.
        """
        if isinstance(action, CallPlugin):
            return self._call(action, owner)
        match action:
            case PressKeys(chord):
                press_chord(self._holder(), chord)
                self._controls.tell(_("Pressed {chord}").format(chord=chord))
            case HoldKeys(chord):
                self._holder().hold(owner, chord)
                self._controls.tell(_("Holding {chord}").format(chord=chord))
            case SetMicrophone(change):
                self._set_microphone(change)
            case RunCommand(argv):
                self._start(argv)
            case _:
                self._control(action)
        return None

    def prepare_keys(self) -> None:
        """Let the desktop ask the person, where it does; raises `ActionError` until it may be."""
        self._keys().prepare()

    def let_go(self, owner: Owner) -> None:
        """Release what an owner holds."""
        if self._held is not None:
            self._held.let_go(owner)

    def beat(self) -> None:
        """Keep held keys down: recognition is alive."""
        if self._held is not None:
            self._held.beat()

    def release_all(self) -> None:
        """Release every key."""
        if self._held is not None:
            self._held.release_all()

    def close(self) -> None:
        """Release every key and give the keyboard back."""
        self.release_all()
        if self._keyboard is not None:
            self._keyboard.close()
        if self._devices.plugins is not None:
            self._devices.plugins.close()

    def _call(self, action: CallPlugin, owner: Owner) -> Pending:
        if self._devices.plugins is None:
            raise ActionError(_("{plugin} is not there in this run").format(plugin=action.plugin))
        call = Call(action.verb, action.argument, owner[1], action.hand)
        return self._devices.plugins.perform(action.plugin, call)

    def _control(self, action: Action) -> None:
        match action:
            case SetVideo(mode):
                self._controls.set_video(mode)
                self._controls.tell(_(VIDEO[mode]))
            case SetOverlay(shown):
                self._controls.set_overlay(shown)
            case React(emoji):
                self._controls.react(emoji)
            case UseProfile(name):
                self._controls.use_profile(name)
            case Pause():
                self._controls.pause()
            case Resume():
                self._controls.resume()

    def _keys(self) -> Keyboard:
        if self._keyboard is None:
            self._keyboard = self._devices.keyboard()
        return self._keyboard

    def _holder(self) -> HeldKeys:
        if self._held is None:
            self._held = HeldKeys(self._keys())
        return self._held

    def _set_microphone(self, change: str) -> None:
        if self._microphone is None:
            self._microphone = self._devices.microphone()
        with self._monitor.changing():
            muted = change_microphone(self._microphone, change)
            self._monitor.changed(muted)

    def _start(self, argv: tuple[str, ...]) -> None:
        """Start a program without a shell, apart from us, and do not wait for it."""
        if not self._devices.allow_commands:
            raise ActionError(
                _("commands are not allowed: set allow_commands = true in the settings file first")
            )
        try:
            process = subprocess.Popen(  # noqa: S603  # the person's own command, in their own settings
                argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise ActionError(
                _("{program} cannot be started ({error})").format(program=argv[0], error=error)
            ) from None
        # Somebody has to wait for it, or it stays behind as a zombie.
        threading.Thread(target=process.wait, name="command", daemon=True).start()
        self._controls.tell(_("Started {program}").format(program=argv[0]))
