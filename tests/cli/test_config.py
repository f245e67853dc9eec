"""`vcam config`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from vcam.cli.main import main
from vcam.settings import Settings, load_settings, parse_settings


def test_path(settings_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`path` prints where the settings are, whether or not they are there yet."""
    assert main(["config", "path"]) == 0
    assert capsys.readouterr().out == f"{settings_file}\n"


def test_init_says_the_defaults(settings_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`init` writes a file that changes nothing, and will not write over it."""
    assert main(["config", "init"]) == 0
    assert load_settings() == Settings()
    settings_file.write_text("# mine\n", encoding="utf-8")
    assert main(["config", "init"]) == 2
    assert settings_file.read_text("utf-8") == "# mine\n"
    assert "left alone" in capsys.readouterr().err


def test_every_comment_of_init_is_true(settings_file: Path) -> None:
    """Each line that `init` comments out reads well when the # is taken away."""
    main(["config", "init"])
    lines = settings_file.read_text("utf-8").splitlines()
    bare = [line.removeprefix("# ") if " = " in line else line for line in lines]
    start = bare.index("# [profiles.mine]")
    bare[start:] = [line.removeprefix("# ") for line in bare[start:]]
    settings = parse_settings("\n".join(bare), settings_file)
    assert settings.recognition.classifier == str(settings_file.parent / "my-model.onnx")
    assert settings.overlay == Settings().overlay
    assert settings.camera == Settings().camera
    assert len(settings.profiles["mine"]) == 4


def test_show(settings_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`show` prints what holds, as TOML that reads back and as JSON that says the same."""
    settings_file.parent.mkdir(parents=True)
    settings_file.write_text("[camera]\nwidth = 640\n", encoding="utf-8")
    assert main(["config", "show", "--profile", "zoom"]) == 0
    shown = capsys.readouterr().out
    assert parse_settings(shown, settings_file) == load_settings(profile="zoom")
    assert "Enable Global Shortcut" in shown
    assert main(["config", "show", "--json"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert table["camera"]["width"] == 640
    assert table["gestures"]["min_score"] is None
    assert table["profiles"]["system"]["bindings"][0]["action"] == "mic.mute"


def test_check(settings_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` says ok with 0, or the line with 2."""
    assert main(["config", "check"]) == 0
    assert "ok: no file" in capsys.readouterr().out
    settings_file.parent.mkdir(parents=True)
    settings_file.write_text("profile = 'zoom'\n", encoding="utf-8")
    assert main(["config", "check"]) == 0
    assert capsys.readouterr().out.startswith(f"ok: {settings_file}; profile zoom with 4")
    settings_file.write_text("\nwidth = 3\n", encoding="utf-8")
    assert main(["config", "check"]) == 2
    assert f"{settings_file}, line 2: " in capsys.readouterr().err


def test_other_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--config` names another file, for writing and for reading."""
    other = tmp_path / "other.toml"
    assert main(["config", "check", "--config", str(other)]) == 2
    assert main(["config", "init", "--config", str(other)]) == 0
    assert main(["config", "check", "--config", str(other)]) == 0
    assert str(other) in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="/dev/zero is for Unix")
def test_a_password_without_end() -> None:
    """A device in the place of a password is refused at once."""
    with Path("/dev/zero").open("rb") as endless:
        done = subprocess.run(
            [sys.executable, "-m", "vcam", "config", "password", "obs"],
            stdin=endless,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stdout) == (2, "")
    assert "no password" in done.stderr
