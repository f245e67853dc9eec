"""A program for the panel to talk to, that remembers what it was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from vcam.camera.listing import CameraInfo
from vcam.core.check_result import CheckResult
from vcam.core.event import Event
from vcam.core.frame import Image
from vcam.core.outcome import DONE, Outcome
from vcam.errors import ActionError, ConfigError
from vcam.integrations.stream.service import EventStream
from vcam.panel.protocols import HandNow, ProgramSnapshot
from vcam.settings.settings import Settings


class FakeProgram:
    """Answers from its attributes."""

    def __init__(self) -> None:
        self.outcome: Outcome = DONE
        self.stream: EventStream | None = None
        self.asked: list[tuple[str, object]] = []
        self.image: Image | None = np.full((48, 64, 3), 90, np.uint8)
        self.now = ProgramSnapshot(
            doing="recognising",
            paused=False,
            profile="system",
            chosen="system",
            reason=None,
            settings=0,
            camera="demo",
            trouble=None,
            outputs=("virtual",),
            no_output=None,
            readers=("zoom",),
            video="live",
            muted=False,
            dry_run=False,
            fps=29.6,
            cpu=11.2,
            hands=(HandNow("stop", "left", 0.4567, "mic.mute"),),
            scores={"stop": 0.9},
            thresholds={"stop": 0.55, "palm": 0.97},
            told=None,
        )

    def snapshot(self) -> ProgramSnapshot:
        return self.now

    def newest_image(self) -> Image | None:
        return self.image

    def pause(self, paused: bool) -> None:
        self.asked.append(("pause", paused))
        self.now = replace(self.now, doing="paused" if paused else "idle", paused=paused)

    def stop(self) -> None:
        self.asked.append(("stop", True))

    def starts_at_login(self) -> bool:
        return ("login", True) in self.asked

    def set_login_start(self, *, on: bool) -> None:
        self.asked.append(("login", on))

    def practise(self, *, on: bool) -> None:
        self.asked.append(("practise", on))

    def use_profile(self, name: str) -> None:
        if name == "nowhere":
            raise ConfigError("There is no profile 'nowhere'.")
        self.asked.append(("profile", name))

    def try_action(self, action: str) -> Outcome:
        self.asked.append(("try", action))
        return self.outcome

    def cameras(self) -> list[CameraInfo]:
        return [CameraInfo(0, "Camera", "/dev/video0", False)]

    def thumbnail(self, device: str) -> Image | None:
        return self.image if device == "0" else None

    def use_camera(self, device: str) -> None:
        self.asked.append(("camera", device))

    def examine(self) -> list[CheckResult]:
        return [CheckResult("camera", "warn", "It is dark.", "Turn a light on.")]

    def plugin_verbs(self, plugin: str) -> Mapping[str, str]:
        if plugin != "lamp":
            raise ActionError(f"the plug-in {plugin} is not installed")
        return {"on": "Switch the lamp on", "paint": "Paint the lamp {}"}

    def plugin_choices(self, plugin: str, verb: str) -> Sequence[str]:
        return {"obs.scene": ["Talk", "Break"], "lamp.paint": ["red"]}.get(f"{plugin}.{verb}", [])

    def event_stream(self) -> EventStream | None:
        return self.stream

    def learn(self, gesture: str, pose: Sequence[Path], idle: Sequence[Path]) -> int:
        if not idle:
            raise ConfigError("Only 0 pictures show idle hands.")
        self.asked.append(("learn", (gesture, len(pose), len(idle))))
        return len(pose)

    def keep_wrong(self, event: Event) -> None:
        self.asked.append(("keep wrong", event.gesture))

    def keep_missed(self, gesture: str) -> str:
        if gesture == "wave":
            raise ConfigError("The classifier does not know wave.")
        self.asked.append(("missed", gesture))
        return f"{gesture} is kept."

    def portrait(self, image: Image) -> Image:
        return image[:, :20]

    def forget(self, gesture: str, settings: Settings) -> None:
        self.asked.append(("forget", (gesture, settings.profile)))
