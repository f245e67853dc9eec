"""What gestures can do in OBS, through the same door as any other plug-in."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from vcam.actions.plugins.plugin import Call
from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.integrations.obs.client import ObsClient
from vcam.integrations.settings import ObsSettings
from vcam.integrations.verbs import OBS

WAIT_S: Final = 1.0
"""How long an action waits for a connection that is being opened."""
SETTLE_S: Final = 1.5
"""How long an output may take to start or stop before that counts as failed."""
ASK_AGAIN_S: Final = 0.05
MAX_INPUTS: Final = 40

OUTPUTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "record": ("StartRecord", "StopRecord", "GetRecordStatus"),
    "stream": ("StartStream", "StopStream", "GetStreamStatus"),
    "virtual_camera": ("StartVirtualCam", "StopVirtualCam", "GetVirtualCamStatus"),
    "replay": ("StartReplayBuffer", "StopReplayBuffer", "GetReplayBufferStatus"),
}
OUTPUT_NAMES: Final = {
    "record": "the recording",
    "stream": "the stream",
    "virtual_camera": "OBS's virtual camera",
    "replay": "the replay buffer",
}
STATES: Final = {"record": "recording", "stream": "live", "virtual_camera": "virtual camera on"}


class Obs:
    """Changes OBS, and reads back what became of it before it says that it is done."""

    verbs = OBS

    def __init__(self, settings: ObsSettings) -> None:
        self._client = ObsClient(settings)

    def check(self, verb: str, argument: str) -> None:
        """Raise when OBS does not answer, or has no such scene, source or input."""
        self._client.wait(2 * WAIT_S)
        if verb == "scene" and argument not in self._scenes():
            raise ActionError(
                _('OBS has no scene "{argument}"; it has {scenes}').format(
                    argument=argument, scenes=", ".join(self._scenes()) or _("none")
                )
            )
        if verb in ("mute", "unmute", "toggle_mute"):
            self._client.ask("GetInputMute", inputName=argument)

    def perform(self, call: Call) -> str | None:
        """Do it; returns what OBS says then."""
        self._client.wait(WAIT_S)
        verb, argument = call.verb, call.argument
        if verb == "scene":
            return self._switch(argument)
        if verb in ("show", "hide", "toggle"):
            return self._show(argument, verb)
        if verb in ("mute", "unmute", "toggle_mute"):
            return self._mute(argument, verb)
        if verb == "replay.save":
            return self._save_replay()
        output, _dot, change = verb.partition(".")
        return self._start_or_stop(output, change)

    def choices(self, verb: str) -> Sequence[str]:
        """Return the scenes, sources or inputs that OBS has now."""
        self._client.wait(WAIT_S)
        if verb == "scene":
            return self._scenes()
        if verb in ("show", "hide", "toggle"):
            items = self._client.ask("GetSceneItemList", sceneName=self._scene())["sceneItems"]
            return [item["sourceName"] for item in reversed(items)]
        if verb in ("mute", "unmute", "toggle_mute"):
            return self._audible()
        return []

    def state(self) -> str | None:
        """Return the scene and what runs."""
        self._client.wait(0.0)
        running = [words for name, words in STATES.items() if self._seems_to_run(name)]
        return ", ".join([f"scene {self._scene()}", *running])

    def close(self) -> None:
        """End the connection; OBS stays as it is."""
        self._client.close()

    def _switch(self, scene: str) -> str:
        self._client.ask("SetCurrentProgramScene", sceneName=scene)
        self._until(
            lambda: self._scene() == scene, _("OBS did not switch to {scene}").format(scene=scene)
        )
        return _("OBS: scene {scene}").format(scene=scene)

    def _show(self, argument: str, verb: str) -> str:
        scene, source, item = self._find_item(argument)
        place = {"sceneName": scene, "sceneItemId": item}
        wanted = verb == "show"
        if verb == "toggle":
            wanted = not self._client.ask("GetSceneItemEnabled", **place)["sceneItemEnabled"]
        self._client.ask("SetSceneItemEnabled", **place, sceneItemEnabled=wanted)
        shown = self._client.ask("GetSceneItemEnabled", **place)["sceneItemEnabled"]
        if shown != wanted:
            raise ActionError(_("OBS did not change {source}").format(source=source))
        text = _("OBS: {source} shown") if shown else _("OBS: {source} hidden")
        return text.format(source=source)

    def _find_item(self, argument: str) -> tuple[str, str, int]:
        """Return scene, source and number of `Source` in the scene on air, or of `Scene/Source`."""
        places = [(self._scene(), argument)]
        scene, slash, source = argument.partition("/")
        if slash:
            places.append((scene, source))
        for scene, source in places:
            try:
                found = self._client.ask("GetSceneItemId", sceneName=scene, sourceName=source)
            except ActionError:
                continue
            return scene, source, found["sceneItemId"]
        raise ActionError(
            _(
                'OBS has no source "{argument}" in the scene {places}; write Scene/Source '
                "for one in another scene"
            ).format(argument=argument, places=places[0][0])
        )

    def _mute(self, name: str, verb: str) -> str:
        if verb == "toggle_mute":
            self._client.ask("ToggleInputMute", inputName=name)
        else:
            self._client.ask("SetInputMute", inputName=name, inputMuted=verb == "mute")
        muted = self._client.ask("GetInputMute", inputName=name)["inputMuted"]
        if verb != "toggle_mute" and muted != (verb == "mute"):
            raise ActionError(_("OBS did not change {name}").format(name=name))
        text = _("OBS: {name} muted") if muted else _("OBS: {name} on")
        return text.format(name=name)

    def _save_replay(self) -> str:
        saved = self._client.expect("ReplayBufferSaved")
        self._client.ask("SaveReplayBuffer")
        if not saved(SETTLE_S):
            raise ActionError(_("OBS has not said that it saved the replay"))
        return _("OBS: replay saved")

    def _start_or_stop(self, output: str, change: str) -> str:
        start, stop, _status = OUTPUTS[output]
        wanted = change == "start" or (change == "toggle" and not self._runs(output))
        name, words = OUTPUT_NAMES[output], "start" if wanted else "stop"
        if self._runs(output) != wanted:
            self._client.ask(start if wanted else stop)
            self._until(lambda: self._runs(output) == wanted, f"OBS did not {words} {name}")
        return f"OBS: {name} {'runs' if wanted else 'has stopped'}"

    def _runs(self, output: str) -> bool:
        return bool(self._client.ask(OUTPUTS[output][2])["outputActive"])

    def _seems_to_run(self, output: str) -> bool:
        """Not every OBS has every output: where there is no virtual camera, it refuses."""
        try:
            return self._runs(output)
        except ActionError:
            return False

    def _scene(self) -> str:
        return str(self._client.ask("GetCurrentProgramScene")["currentProgramSceneName"])

    def _scenes(self) -> list[str]:
        scenes: Sequence[Mapping[str, Any]] = self._client.ask("GetSceneList")["scenes"]
        return [scene["sceneName"] for scene in reversed(scenes)]

    def _audible(self) -> list[str]:
        """Return the inputs that can be muted: OBS tells by refusing for the others."""
        names = [each["inputName"] for each in self._client.ask("GetInputList")["inputs"]]
        found = []
        for name in names[:MAX_INPUTS]:
            try:
                self._client.ask("GetInputMute", inputName=name)
            except ActionError:
                continue
            found.append(name)
        return found

    def _until(self, done: Callable[[], bool], otherwise: str) -> None:
        end = time.perf_counter() + SETTLE_S
        while not done():
            if time.perf_counter() > end:
                raise ActionError(otherwise)
            time.sleep(ASK_AGAIN_S)
