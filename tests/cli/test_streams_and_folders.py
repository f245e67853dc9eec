"""Started without streams, in folders of somebody else's, on full disks."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vcam.cli import browser, main
from vcam.cli.browser import open_in_browser
from vcam.cli.output_errors import explain
from vcam.core.labels import names_in

unix = pytest.mark.skipif(sys.platform == "win32", reason="this is how Unix starts programs")


def vcam(*arguments: str, cwd: Path | None = None, stdout: str = "") -> tuple[int, str]:
    """Run the command in a shell, with `stdout` as the shell writes it; return code and stderr."""
    command = f'exec "{sys.executable}" -m vcam "$@" {stdout}'
    done = subprocess.run(
        ["/bin/sh", "-c", command, "sh", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    return done.returncode, done.stderr


@unix
def test_without_streams() -> None:
    """A service that closes all three streams gets its work done."""
    assert vcam("config", "path", stdout="<&- >&- 2>&-")[0] == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
def test_a_full_disk_is_not_our_fault() -> None:
    """What cannot be printed for want of room is reported in one sentence."""
    code, says = vcam("config", "show", stdout="> /dev/full")
    assert (code, says.count("\n")) == (2, 1)
    assert "free some space" in says


@unix
def test_a_deleted_working_folder(tmp_path: Path) -> None:
    """In a folder that is gone, every command says so."""
    gone = tmp_path / "gone"
    gone.mkdir()
    command = f'rmdir "{gone}"; exec "{sys.executable}" -P -m vcam doctor'
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=gone,
        env={**os.environ, "PYTHONPATH": str(Path(main.__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "was deleted" in done.stderr


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/x/y"), "/x/y cannot be written"),
        (OSError(errno.ENOSPC, "No space left on device"), "the output cannot be written"),
        (PermissionError(errno.EACCES, "Permission denied", b"/x/\xe9"), "may not be used"),
        (OSError(errno.EBADF, "Bad file descriptor"), None),
        (PermissionError(errno.EACCES, "Permission denied"), None),
    ],
)
def test_what_is_the_persons_to_fix(error: OSError, says: str | None) -> None:
    """A full disk and a closed folder are reported with their place; other faults are ours."""
    explained = explain(error)
    assert explained is None if says is None else says in str(explained)


@pytest.mark.parametrize("text", ["1e12", "inf", "nan", "-1", "0", "x"])
def test_absurd_durations(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A duration that no timer takes is refused in one sentence."""
    assert main.main(["run", "--camera", "demo", "--duration", text]) == 2
    assert "argument --duration" in capsys.readouterr().err


def test_a_folder_that_may_not_be_read_holds_no_gestures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings folders of another user hide no other function."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "glob", refuse)
    assert names_in(tmp_path) == ()


class _Browser:
    def __init__(self, name: str) -> None:
        self.name = name


@pytest.mark.parametrize(
    ("name", "desktop", "opens"),
    [
        ("firefox", True, True),
        ("/opt/my-browser", True, True),
        ("firefox", False, False),
        ("w3m", True, False),
        ("/usr/bin/lynx", True, False),
    ],
)
def test_text_browsers_are_not_opened(
    name: str, desktop: bool, opens: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a browser with a window is opened, and only where there is a desktop."""
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.get", lambda: _Browser(name))
    monkeypatch.setattr(browser, "_has_desktop", lambda: desktop)
    monkeypatch.setattr(browser, "_open", opened.append)
    monkeypatch.setattr("threading.Thread", _AtOnce)
    open_in_browser("http://127.0.0.1/")
    assert opened == ["http://127.0.0.1/"] * opens


class _AtOnce:
    def __init__(self, target: Callable[..., None], args: tuple[str, ...], **_: object) -> None:
        self._target, self._args = target, args

    def start(self) -> None:
        """Do the work now."""
        self._target(*self._args)


@unix
def test_a_native_crash_leaves_traces(tmp_path: Path) -> None:
    """After a crash in a library the stacks are in a file, and the next run says where."""
    code = (
        "import ctypes, sys; from vcam.cli import crash_log\n"
        "crash_log.log_crashes()\n"
        "if len(sys.argv) > 1: ctypes.string_at(0)"
    )
    env = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path)}

    def start(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )

    assert start("crash").returncode < 0
    (kept,) = tmp_path.rglob("crash.log")
    assert "string_at" in kept.read_text("utf-8")
    assert str(kept.with_name("crash.last.log")) in start().stderr
    assert start().stderr == ""


@unix
def test_a_umask_takes_nothing_from_the_owner(tmp_path: Path) -> None:
    """Whatever the umask, the person can read what is written; others get no more than before."""
    env = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "c"), "HOME": str(tmp_path)}
    command = f'umask 0777; exec "{sys.executable}" -m vcam config init'
    done = subprocess.run(
        ["sh", "-c", command], env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    made = [path for path in tmp_path.rglob("*") if "vcam" in str(path)]
    assert {path.name: path.stat().st_mode & 0o777 for path in made} == {
        "vcam": 0o700,
        "settings.toml": 0o600,
    }


@unix
def test_nothing_is_left_open(tmp_path: Path) -> None:
    """With warnings on, as tests of other programs run it, nothing is said at the end."""
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "PYTHONWARNINGS": "error"}
    command = ["run", "--camera", "demo", "--output", "null", "--dry-run", "--no-panel"]
    done = subprocess.run(
        [sys.executable, "-m", "vcam", *command, "--duration", "0.3"],
        env=environment | {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
