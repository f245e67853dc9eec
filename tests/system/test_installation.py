"""Advice fits the way in which the program was installed."""

import sys
from pathlib import Path

import pytest

from vcam.diagnostics import machine
from vcam.system import package_errors
from vcam.system.installation import add, reinstall


def test_with_python_pip_helps() -> None:
    """Where there is a Python, the advice is a command of pip."""
    assert reinstall() == "run `pip install --force-reinstall vcam-gestures`"
    assert add("pillow-heif") == "run `pip install pillow-heif`"


def test_with_pipx_the_package_is_injected(monkeypatch: pytest.MonkeyPatch) -> None:
    """What pipx installed has a Python of its own, where pip alone would miss it."""
    monkeypatch.setattr(sys, "prefix", str(Path.home() / "pipx" / "venvs" / "vcam-gestures"))
    assert add("paho-mqtt") == "run `pipx inject vcam-gestures paho-mqtt`"


def test_a_program_without_python_is_installed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen program never tells of pip, not even the doctor when a package does not load."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    for advice in (reinstall("av"), add("pillow-heif"), package_errors.remedy("cv2")):
        assert "install" in advice
        assert "pip" not in advice.replace("pillow", "")
    assert " inside " in machine.check_python().text
