"""`vcam cameras`."""

import json

import pytest

from vcam.camera import listing
from vcam.camera.listing import CameraInfo
from vcam.cli.main import main

CAMERAS = [
    CameraInfo(0, "Webcam [HD]", "/dev/video0", virtual=False),
    CameraInfo(2, "OBS", None, virtual=True),
]


def test_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON has every field of every camera."""
    monkeypatch.setattr(listing, "list_cameras", lambda: CAMERAS)
    assert main(["cameras", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "cameras": [
            {"index": 0, "name": "Webcam [HD]", "path": "/dev/video0", "virtual": False},
            {"index": 2, "name": "OBS", "path": None, "virtual": True},
        ]
    }


def test_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The table shows names as they are."""
    monkeypatch.setattr(listing, "list_cameras", lambda: CAMERAS)
    assert main(["cameras"]) == 0
    said = capsys.readouterr().out
    assert "Webcam [HD]" in said
    assert "/dev/video0" in said


def test_none(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """No camera is no error, and says what to do next."""
    monkeypatch.setattr(listing, "list_cameras", list)
    assert main(["cameras"]) == 0
    assert "vcam doctor" in capsys.readouterr().out
