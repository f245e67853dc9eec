"""`vcam cameras`."""

import json
from dataclasses import asdict, replace

import pytest

from vcam.camera import listing
from vcam.camera.listing import CameraInfo
from vcam.cli.main import main

CAMERAS = [
    CameraInfo(0, "Webcam [HD]", "/dev/video0", virtual=False),
    CameraInfo(2, "OBS", None, virtual=True, unique_id="7626645E"),
]


def test_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON has every field of every camera."""
    monkeypatch.setattr(listing, "list_cameras", lambda: CAMERAS)
    assert main(["cameras", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "cameras": [
            asdict(CAMERAS[0]),
            {
                "index": 2,
                "name": "OBS",
                "path": None,
                "virtual": True,
                "unique_id": "7626645E",
            },
        ]
    }


def test_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The table shows names as they are."""
    monkeypatch.setattr(listing, "list_cameras", lambda: CAMERAS)
    assert main(["cameras"]) == 0
    said = capsys.readouterr().out
    assert "Webcam [HD]" in said
    assert "/dev/video0" in said


def test_two_cameras_of_one_name_show_what_tells_them_apart(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The unique ids are shown when names repeat, and only then."""
    twins = [replace(CAMERAS[1], index=number, unique_id=f"id-{number}") for number in (0, 1)]
    monkeypatch.setattr(listing, "list_cameras", lambda: twins)
    main(["cameras"])
    assert {"id-0", "id-1"} <= set(capsys.readouterr().out.split())
    monkeypatch.setattr(listing, "list_cameras", lambda: CAMERAS)
    main(["cameras"])
    assert "7626645E" not in capsys.readouterr().out


def test_none(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """No camera is no error, and says what to do next."""
    monkeypatch.setattr(listing, "list_cameras", list)
    assert main(["cameras"]) == 0
    assert "vcam doctor" in capsys.readouterr().out
