"""The plug-in in `examples/plugin`, installed as people install it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.actions.plugins.test_plugins import Desk
from vcam.actions.plugins.plugins import PluginSettings
from vcam.core.outcome import DONE

FOLDER = Path(__file__).parents[2] / "examples" / "plugin"


def test_the_template_installs_and_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`pip install` adds it, a gesture counts, and it says how far it has come."""
    there, file = tmp_path / "site", tmp_path / "tally.json"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(there), str(FOLDER)], check=True)
    monkeypatch.setenv("PYTHONPATH", str(there))
    desk = Desk()
    desk.plugins.apply_settings(
        PluginSettings(("tally",), 10.0, {"tally": {"file": str(file)}}), {}
    )
    try:
        assert desk.does("tally", "add", "coffee") == DONE
        assert desk.does("tally", "add", "coffee") == DONE
        assert desk.reported == ["coffee: 1", "coffee: 2"]
        assert json.loads(file.read_text()) == {"coffee": 2}
        assert desk.does("tally", "add").result == "failed"
    finally:
        desk.plugins.close()
