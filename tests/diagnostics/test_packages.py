"""Packages that are missing, or there and broken: named, with what makes them load again."""

import os
import signal
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from vcam.actions.keyboard import open as keyboards
from vcam.actions.keyboard.keyboard import Keyboard
from vcam.diagnostics import packages
from vcam.errors import ModelError
from vcam.system.package_errors import DISTRIBUTIONS, OPENCV, unloadable_package
from vcam.vision.mediapipe_detector import MediaPipeDetector

BROKEN = "raise ImportError('DLL load failed while importing it: not found')"


def break_package(folder: Path, name: str, text: str = BROKEN) -> Path:
    """Put a package in a folder that goes before all others, and return the folder."""
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


def vcam(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the program with the packages of a folder."""
    return subprocess.run(
        [sys.executable, "-m", "vcam", *words],
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_all_load_here() -> None:
    """On a machine that runs these tests, each has its version."""
    found = packages.check_packages()
    assert found[0].status == "ok"
    assert f"numpy {metadata.version('numpy')}" in found[0].text


@pytest.mark.parametrize(
    "text", [BROKEN, "raise RuntimeError('x')", "import os; os.abort()", "raise SystemExit(3)"]
)
def test_one_that_does_not_load_is_named(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it does instead, even if it ends Python: it alone is named, with its remedy."""
    monkeypatch.setenv("PYTHONPATH", str(break_package(tmp_path, "onnxruntime", text)))
    found = packages.check_packages()
    assert [each.status for each in found if each.status == "fail"] == ["fail"]
    assert found[0].text.startswith("onnxruntime does not load")
    assert "--force-reinstall --no-deps onnxruntime" in str(found[0].remedy)


@pytest.mark.skipif(sys.platform == "win32", reason="whether it lives is asked by a signal")
def test_a_process_that_a_package_leaves_behind_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps the output open that we read, and still runs when everything is known."""
    pid = tmp_path / "pid"
    text = f"""
import pathlib, subprocess, sys
left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path({str(pid)!r}).write_text(str(left.pid))
__version__ = "1"
"""
    monkeypatch.setenv("PYTHONPATH", str(break_package(tmp_path, "tomlkit", text)))
    found = packages.check_packages()
    os.kill(int(pid.read_text()), signal.SIGKILL)  # raises where it has ended
    assert "tomlkit 1" in found[0].text


def test_what_is_left_of_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder loads as a package, and is none."""
    (tmp_path / "hollow").mkdir()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(packages, "NEEDED", ("hollow",))
    names = dict(DISTRIBUTIONS) | {"hollow": "hollow-python"}
    monkeypatch.setattr(packages, "DISTRIBUTIONS", names)
    monkeypatch.setattr(packages, "remedy", lambda name: f"install {name}")
    assert "hollow-python does not load" in packages.check_packages()[0].text


def test_two_opencvs_are_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both bring one folder; the remedy takes out all and puts one back."""
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda n: "5.0" if n in OPENCV[:2] else real(n))
    warning = packages.check_packages()[-1]
    assert warning.status == "warn"
    assert "opencv-python 5.0 and opencv-contrib-python 5.0" in warning.text
    assert "uninstall -y opencv-python opencv-contrib-python" in str(warning.remedy)


@pytest.mark.parametrize("name", ["cv2", "onnxruntime", "numpy", "av"])
def test_a_command_ends_in_a_sentence(name: str, tmp_path: Path) -> None:
    """One sentence and exit status 2, not a traceback and an apology."""
    folder = break_package(tmp_path, name)
    done = vcam(folder, "run", "--camera", "demo", "--output", str(tmp_path / "film.mp4"))
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "our fault" not in done.stderr
    assert "does not load" in done.stderr
    assert "install" in done.stderr


@pytest.mark.parametrize("name", ["platformdirs", "tomlkit", "rich"])
def test_every_start_survives(name: str, tmp_path: Path) -> None:
    """Help is there whatever is broken."""
    done = vcam(break_package(tmp_path, name), "--help")
    assert done.returncode == 0, done.stderr


def test_what_is_no_broken_package() -> None:
    """Errors of our own are not blamed on others."""
    assert (
        unloadable_package(ImportError("cannot import name 'x' from 'vcam'", name="vcam")) is None
    )
    assert unloadable_package(AttributeError("module 'numpy' has no attribute 'oops'")) is None
    assert unloadable_package(ValueError("cv2")) is None


def test_a_half_removed_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """What pip leaves behind is an empty folder; its first use is told as what it is."""
    monkeypatch.delitem(sys.modules, "cv2", raising=False)
    said = unloadable_package(AttributeError("module 'cv2' has no attribute 'VideoCapture'"))
    assert said is not None
    assert "opencv-python does not load" in said


def test_a_broken_keyboard_package_leaves_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backend whose package does not load is passed over, and its reason kept."""

    def broken() -> Keyboard:
        raise ImportError("DLL load failed while importing pynput", name="pynput")

    monkeypatch.setattr(keyboards, "_backends", lambda: [("pynput", broken)])
    keyboard, reasons = keyboards.try_keyboards()
    assert keyboard is None
    assert "the package pynput does not load" in reasons


def test_a_broken_mediapipe_is_distinguished_from_one_that_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Who has installed it is not told to install it."""
    monkeypatch.delitem(sys.modules, "mediapipe", raising=False)
    monkeypatch.syspath_prepend(str(break_package(tmp_path, "mediapipe")))
    with pytest.raises(ModelError, match="mediapipe does not load"):
        MediaPipeDetector(None)
