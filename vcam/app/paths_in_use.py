"""Refuse to write over what the run reads: films, settings, models, passwords and own gestures."""

import os
from collections.abc import Iterator
from pathlib import Path

from vcam.app.options import RunOptions
from vcam.camera.open import DEMO_CLIP, expand, is_there
from vcam.core.labels import names_in
from vcam.integrations.settings import IntegrationSettings
from vcam.settings.settings import Settings
from vcam.system.overwrite_guard import refuse_overwriting
from vcam.system.paths import custom_gestures_folder, default_settings_path, if_home
from vcam.vision.models.bundled import shipped_model


def check_paths(options: RunOptions, settings: Settings) -> None:
    """Raise `ConfigError` when an output of this run is one of its inputs, or given twice."""
    outputs = options.outputs or settings.output.kinds
    films = [expand(each) for each in outputs if each.lower().endswith(".mp4")]
    if films or options.events:
        refuse_overwriting(_read(options, settings), [*films, options.events])


def _read(options: RunOptions, settings: Settings) -> Iterator[Path]:
    camera = options.camera or settings.camera.device
    yield from _camera_files(DEMO_CLIP if camera.strip() == "demo" else expand(camera.strip()))
    if options.settings is None:
        yield options.config or default_settings_path()
    chosen = settings.recognition
    named = (options.classifier, chosen.classifier, chosen.detector_model, chosen.mediapipe_model)
    for model in (*named, shipped_model("detect"), shipped_model("classify")):
        if model is not None:
            yield Path(model)
            yield Path(model).with_suffix(".json")
    yield from _secrets(settings.integrations)
    folder = if_home(custom_gestures_folder)
    if folder is not None:
        yield from (folder / f"{name}.json" for name in names_in(folder))


def _secrets(named: IntegrationSettings) -> Iterator[Path]:
    """Yield what holds passwords and certificates; what is written there would give them away."""
    obs, mqtt, webhook = named.obs, named.mqtt, named.webhook
    for file in (obs.password_file, mqtt.password_file, mqtt.ca_file, webhook.secret_file):
        if file is not None:
            yield Path(file)


def _camera_files(path: Path) -> Iterator[Path]:
    if is_there(path):
        yield path
        if path.is_dir() and os.access(path, os.R_OK | os.X_OK):
            yield from path.iterdir()
