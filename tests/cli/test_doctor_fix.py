"""`vcam doctor --fix`: shows, asks, writes, or says who may."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vcam.cli import doctor_fix
from vcam.cli.doctor_fix import fix
from vcam.cli.doctor_table import pasteable, print_findings
from vcam.cli.main import main
from vcam.core.check_result import CheckResult
from vcam.diagnostics import doctor
from vcam.diagnostics.offered_file import SystemFile
from vcam.errors import VcamError

LONG = 'sudo apt install it && sudo modprobe it one=1 two=2 name="Gesture Cam of mine"'


@pytest.fixture(autouse=True)
def x11(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say that the desktop is no Wayland, and that nobody used sudo."""
    for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "SUDO_UID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(doctor, "CHECKS", {})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a system that has nothing yet."""
    (tmp_path / "system/etc").mkdir(parents=True)
    return tmp_path / "system"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what types answers."""
    return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def _written(root: Path) -> dict[str, str]:
    return {str(path): path.read_text() for path in root.rglob("*") if path.is_file()}


def test_each_file_is_shown_and_asked_for(
    root: Path,
    settings_file: Path,
    answers: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Only what was agreed to is written, and everything was shown before."""
    answers("y\nn\ny\n")
    fix(yes=False, root=root)
    said = capsys.readouterr().out
    assert said.count("[y/n]") == 3
    assert 'options v4l2loopback exclusive_caps=1 max_buffers=8 card_label="Gesture Cam"' in said
    assert "v4l2loopback" in (root / "etc/modules-load.d/vcam.conf").read_text()
    assert not (root / "etc/modprobe.d/vcam.conf").exists()
    entry = (settings_file.parents[1] / "autostart/vcam.desktop").read_text()
    assert "panel --no-browser\n" in entry
    assert said.count("✓") == 2


def test_nobody_there_to_ask(root: Path, answers: Callable[[str], None]) -> None:
    """Without an answer nothing is written."""
    answers("")
    fix(yes=False, root=root)
    assert _written(root) == {}


def test_scripts_are_not_asked(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --yes all is written, with rights that services can read, and a second time nothing."""
    fix(yes=True, root=root)
    assert len(_written(root)) == 2
    assert all(path.stat().st_mode & 0o777 == 0o644 for path in root.rglob("*.conf"))
    assert "sudo modprobe v4l2loopback" in capsys.readouterr().out
    fix(yes=True, root=root)
    assert "Nothing to write" in capsys.readouterr().out


def test_without_rights_one_sentence_says_how(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files that only root may write are shown and named; the person's own is written."""
    allowed = property(lambda file: file.path.name.endswith(".desktop"))
    monkeypatch.setattr(SystemFile, "allowed", allowed)
    with pytest.raises(VcamError, match=r"run `sudo .* doctor --fix`") as error:
        fix(yes=True, root=root)
    assert str(error.value).count("vcam.conf") == 2
    assert _written(root) == {}
    assert capsys.readouterr().out.count("✓") == 1


def test_a_write_that_fails_leaves_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk ends in one sentence, and no half a file is left."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vcam.system.atomic_write._sync", full)
    with pytest.raises(VcamError, match="No space left"):
        fix(yes=True, root=root)
    assert _written(root) == {}


def test_what_is_there_stays(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that somebody changed is never written over."""
    theirs = root / "etc/modprobe.d/vcam.conf"
    theirs.parent.mkdir()
    theirs.write_text("# mine\n")
    fix(yes=True, root=root)
    assert theirs.read_text() == "# mine\n"
    assert "add this by hand" in capsys.readouterr().out


@pytest.mark.parametrize("options", [["--yes"], ["--json", "--fix"]])
def test_options_that_do_not_fit(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """--yes alone, and --fix with --json, are one sentence and 2."""
    assert main(["doctor", *options]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_findings_come_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """--fix looks before it offers anything, and its exit code is about the files."""
    monkeypatch.setattr(doctor_fix, "missing_files", lambda root: [])
    assert main(["doctor", "--fix"]) == 0
    said = capsys.readouterr().out
    assert said.index("settings") < said.index("Nothing to write")


@pytest.mark.skipif(sys.platform == "win32", reason="paths of macOS begin with /")
def test_on_macos_the_login_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """There it is all that can be written; a second time nothing is missing."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("HOME", str(tmp_path))
    fix(yes=True)
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".plist"]
    assert capsys.readouterr().out.count("✓") == 1
    fix(yes=True)
    assert "Nothing to write" in capsys.readouterr().out


def test_commands_fit_and_can_be_pasted() -> None:
    """Each part of a chain has its own lines, none too long, and quotes stay in one piece."""
    lines = pasteable(LONG, 50)
    assert max(map(len, lines)) <= 50
    joined = "\n".join(lines).replace(" \\\n", " ")
    assert [" ".join(line.split()) for line in joined.splitlines()] == LONG.split(" && ")


def test_no_line_ends_in_blanks_or_runs_over(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever copies what is shown, at 80 columns, copies words alone; what follows is indented."""
    long = "what is said of it goes on and on " * 5
    found = [
        CheckResult("camera", "fail", long, long),
        CheckResult("keys", "warn", long, "`" + LONG + "`"),
        CheckResult("cpu", "ok", long),
    ]
    monkeypatch.setenv("COLUMNS", "80")
    print_findings(found)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line != line.rstrip() or len(line) > 80] == []
    heads = [line for line in lines if line and not line.startswith("     ")]
    assert [line.split()[0] for line in heads] == ["fail", "→", "warn", "ok", "1"]
