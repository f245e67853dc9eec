"""What the doctor says of plug-ins."""

from pathlib import Path

import pytest

from tests.rigs.plugins import WELL, installs_into
from vcam.actions.plugins.plugins import PluginSettings
from vcam.integrations.check import check_links
from vcam.integrations.settings import IntegrationSettings


def test_the_doctor_names_what_cannot_be_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plug-in that is well is ok, one that is not installed is named with a remedy."""
    installs_into(tmp_path, monkeypatch)("lamp", WELL)
    settings = IntegrationSettings(plugins=PluginSettings(("lamp", "lost"), 10.0))
    actions = ["lamp.on", "mic.mute", "lost.on"]
    found = {each.name: each for each in check_links(settings, actions)}
    assert {name: each.status for name, each in found.items()} == {"lamp": "ok", "lost": "warn"}
    assert "not installed" in found["lost"].text
    assert check_links(settings, ["mic.mute"]) == []
