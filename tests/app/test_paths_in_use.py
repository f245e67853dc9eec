"""A run never writes over what it reads."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from vcam.app.options import RunOptions
from vcam.app.paths_in_use import check_paths
from vcam.camera.open import DEMO_CLIP
from vcam.camera.settings import CameraSettings
from vcam.errors import ConfigError
from vcam.integrations.settings import IntegrationSettings
from vcam.output.settings import OutputSettings
from vcam.settings.settings import Settings
from vcam.vision.models.bundled import shipped_model
from vcam.vision.settings import RecognitionSettings

Case = Callable[[Path], tuple[RunOptions, Settings]]


def run(**options: object) -> tuple[RunOptions, Settings]:
    return RunOptions(**options), Settings()  # type: ignore[arg-type]  # each test knows its own


SECRETS = (
    ("obs", "password_file"),
    ("mqtt", "password_file"),
    ("mqtt", "ca_file"),
    ("webhook", "secret_file"),
)


def with_secret(section: str, name: str, file: Path) -> Settings:
    """Return settings that name a file with a password or a certificate."""
    none = IntegrationSettings()
    changed = replace(getattr(none, section), **{name: str(file)})
    return Settings(integrations=replace(none, **{section: changed}))


CASES: dict[str, Case] = {
    "film": lambda at: run(camera=str(at / "a.mp4"), outputs=(str(at / "x/../a.mp4"),)),
    "film as events": lambda at: run(camera=str(at / "a.mp4"), events=at / "a.mp4"),
    "picture in the folder": lambda at: run(camera=str(at / "p"), events=at / "p" / "1.jpg"),
    "settings": lambda at: run(config=at / "s.toml", events=at / "s.toml"),
    "classifier": lambda at: run(classifier=at / "m.onnx", events=at / "m.onnx"),
    "card": lambda at: run(classifier=at / "m.onnx", events=at / "m.json"),
    "shipped model": lambda at: run(events=shipped_model("detect")),
    "demo clip": lambda at: run(camera="demo", outputs=(str(DEMO_CLIP),)),
    "twice": lambda at: run(camera="demo", outputs=(str(at / "b.mp4"), str(at / "x/../b.mp4"))),
    "output as events": lambda at: run(outputs=(str(at / "b.mp4"),), events=at / "b.mp4"),
    "by the settings": lambda at: (
        RunOptions(),
        Settings(
            camera=CameraSettings(device=str(at / "a.mp4")),
            output=OutputSettings(kinds=("null", str(at / "a.mp4"))),
        ),
    ),
    "detector of the settings": lambda at: (
        RunOptions(events=at / "m.onnx"),
        Settings(recognition=RecognitionSettings(detector_model=str(at / "m.onnx"))),
    ),
    **{
        f"[{section}] {name}": lambda at, section=section, name=name: (  # type: ignore[misc]
            RunOptions(events=at / "secret"),
            with_secret(section, name, at / "secret"),
        )
        for section, name in SECRETS
    },
}


@pytest.fixture
def at(tmp_path: Path) -> Path:
    for name in ("a.mp4", "s.toml", "m.onnx", "m.json", "secret"):
        (tmp_path / name).touch()
    for name in ("p", "x"):
        (tmp_path / name).mkdir()
    (tmp_path / "p" / "1.jpg").touch()
    return tmp_path


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_inputs_are_never_outputs(case: Case, at: Path) -> None:
    """Whatever a run reads is refused as its output, by whatever name."""
    with pytest.raises(ConfigError, match=r"name (another file|two files)"):
        check_paths(*case(at))


def test_own_gestures_are_never_written_over(at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the person has taught is read by every run, whether the settings name it or not."""
    (at / "vulcan.json").touch()
    monkeypatch.setattr("vcam.app.paths_in_use.custom_gestures_folder", lambda: at)
    with pytest.raises(ConfigError, match="name another file"):
        check_paths(*run(camera="demo", events=at / "vulcan.json"))


def test_other_outputs_are_fine(at: Path) -> None:
    """A new film beside the old one, and one in the folder of pictures, may be written."""
    shutil.copy(at / "a.mp4", at / "old.mp4")
    check_paths(*run(camera=str(at / "a.mp4"), outputs=(str(at / "old.mp4"), "null", "null")))
    check_paths(*run(camera=str(at / "p"), outputs=(str(at / "p" / "b.mp4"),)))
