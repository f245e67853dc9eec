"""The command line as a whole: exit codes, and what is said where."""

import argparse
import errno
import subprocess
import sys
from pathlib import Path

import pytest

import vcam
from vcam.cli import main as cli
from vcam.errors import CameraError


class _Command:
    """A command `act` that does what a test wants."""

    __name__ = "vcam.cli.act"

    def __init__(self, outcome: BaseException | int) -> None:
        self.outcome = outcome

    def add_parser(self, subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
        subparsers.add_parser("act")

    def run(self, _: argparse.Namespace) -> int:
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome


@pytest.fixture
def outcome(monkeypatch: pytest.MonkeyPatch) -> _Command:
    command = _Command(0)
    monkeypatch.setattr(cli, "COMMANDS", (command,))
    return command


def test_success(outcome: _Command) -> None:
    """A command's own code is the program's."""
    assert cli.main(["act"]) == 0
    outcome.outcome = 1
    assert cli.main(["act"]) == 1


def test_mistake(outcome: _Command, capsys: pytest.CaptureFixture[str]) -> None:
    """A person's mistake is one sentence on stderr, and 2."""
    outcome.outcome = CameraError("No camera; plug one in.")
    assert cli.main(["act"]) == 2
    assert capsys.readouterr() == ("", "vcam: No camera; plug one in.\n")


def test_mistake_with_debug(outcome: _Command, capsys: pytest.CaptureFixture[str]) -> None:
    """`--debug` shows where a mistake was noticed."""
    outcome.outcome = CameraError("No camera.")
    assert cli.main(["--debug", "act"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_our_fault(outcome: _Command, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Anything else is called our fault without a traceback, which goes into the log; and 1."""
    outcome.outcome = ZeroDivisionError("oops")
    assert cli.main(["act"]) == 1
    said = capsys.readouterr().err
    log = tmp_path / "state" / "vcam" / "vcam.log"
    assert "our fault" in said
    assert str(log) in said
    assert "Traceback" not in said
    assert "ZeroDivisionError: oops" in log.read_text("utf-8")


def test_our_fault_without_log(
    outcome: _Command, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Where no log can be written the traceback is shown, so that it is not lost."""
    (tmp_path / "state").write_text("a file in the place of the folder", encoding="utf-8")
    outcome.outcome = ZeroDivisionError("oops")
    assert cli.main(["act"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_interrupted(outcome: _Command, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends quietly with 130."""
    outcome.outcome = KeyboardInterrupt()
    assert cli.main(["act"]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("argv", "part"),
    [
        (["comfig"], "did you mean config?"),
        (["--nonsense"], "--help"),
        (["config", "shw"], "did you mean show?"),
        (["config", "show", "--jsn"], "did you mean --json?"),
        (["panel", "--camer", "demo"], "did you mean --camera?"),
        (["doctor", "--fx=1"], "see `vcam doctor --help`"),
        (["bind", "stop", "pause", "--hand", "lft"], "did you mean left?"),
        (["bind", "stop", "pause", "--hold", "long"], "--hold"),
    ],
)
def test_bad_arguments(argv: list[str], part: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong arguments are one sentence on stderr that says what was meant, and 2."""
    assert cli.main(argv) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert part in said.err


def test_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`vcam` alone names the commands to begin with and the next step here, within 80 columns."""
    assert cli.main([]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert all(part in said.err for part in ("vcam panel", "vcam demo", "vcam doctor", "Next: "))
    assert max(map(len, said.err.splitlines()[:-1])) <= 80


@pytest.mark.parametrize(
    "command",
    [command.__name__.rpartition(".")[2] for command in cli.COMMANDS],
)
def test_help_has_an_example(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command explains itself with an example, on a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    assert cli.main([command, "--help"]) == 0
    said = capsys.readouterr().out
    assert f"  vcam {command}" in said.partition("example")[2]
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("can't start new thread"),
        MemoryError(),
        OSError(errno.EMFILE, "Too many open files"),
        OSError(errno.EAGAIN, "Resource temporarily unavailable"),
    ],
)
def test_a_computer_that_gives_no_more(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Limits of the system, such as `ulimit` sets, are not called our fault."""

    def fail(args: object) -> int:
        raise error

    monkeypatch.setattr("vcam.cli.models.run", fail)
    assert cli.main(["models"]) == 2
    said = capsys.readouterr().err
    assert "ulimit -a" in said
    assert said.count("\n") == 1


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` says which version this is."""
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"vcam {vcam.__version__}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell pipe")
def test_reader_that_leaves() -> None:
    """A reader that goes away in the middle, as `head` does, is no error."""
    code = "import sys; from vcam.cli.main import main; sys.exit(main(['config', 'show']))"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


def test_help_is_light() -> None:
    """The list of commands imports nothing that is slow: no pictures, models, tables or devices."""
    heavy = ("cv2", "onnxruntime", "numpy", "rich", "tomlkit", "pynput", "mediapipe", "torch")
    code = f"""
import sys
from vcam.cli.main import main
main(["--help"])
sys.exit(" ".join(name for name in {heavy!r} if name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == "\n"
    assert "commands" in done.stdout
