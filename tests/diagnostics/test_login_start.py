"""Start at login, switched on and off, on each system."""

import plistlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vcam.diagnostics import login_start as module
from vcam.diagnostics.login_start import login_start, set_login_start, starts_at_login
from vcam.errors import VcamError

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="desktop entries are Linux's")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="paths of macOS begin with /")
WINDOWS = pytest.mark.skipif(sys.platform != "win32", reason="the registry is Windows'")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Begin in a home where nothing starts at login; leave nothing in the registry."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(module, "VALUE", "Gesture Cam of a test")
    yield tmp_path
    if sys.platform == "win32":
        set_login_start(on=False)


def test_it_is_switched_on_and_off(tmp_path: Path) -> None:
    """Off, on, still on when asked twice, off, and still off."""
    assert not starts_at_login(tmp_path)
    for on in (True, True, False, False):
        set_login_start(on=on, root=tmp_path)
        assert starts_at_login(tmp_path) is on
    assert "panel --no-browser" in " ".join(login_start().content.split('" "'))


@LINUX
def test_the_entry_starts_this_very_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desktop entry names the program by its whole path, quoted as desktop entries want it."""
    program = tmp_path / "my $100% bin" / "vcam"
    program.parent.mkdir()
    program.touch()
    monkeypatch.setattr(sys, "argv", [str(program)])
    (line,) = [each for each in login_start().content.splitlines() if each.startswith("Exec=")]
    assert line == f'Exec="{tmp_path}/my \\\\$100%% bin/vcam" panel --no-browser'


@LINUX
def test_an_entry_for_everybody_is_not_ours_to_remove(tmp_path: Path) -> None:
    """It counts, and switching it off says who can."""
    (tmp_path / "etc/xdg/autostart").mkdir(parents=True)
    (tmp_path / "etc/xdg/autostart/vcam.desktop").touch()
    assert starts_at_login(tmp_path)
    with pytest.raises(VcamError, match="as root"):
        set_login_start(on=False, root=tmp_path)


@POSIX
def test_macos_gets_an_agent(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It lies where launchd looks, and names the program and its words apart."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    program = "/Applications/Gesture Cam.app/Contents/MacOS/vcam"
    monkeypatch.setattr(sys, "executable", program)
    set_login_start(on=True)
    (agent,) = (home / "Library/LaunchAgents").iterdir()
    entry = plistlib.loads(agent.read_bytes())
    assert entry["ProgramArguments"] == [program, "panel", "--no-browser"]
    assert entry["RunAtLoad"] is True
    assert entry["ProcessType"] == "Interactive"  # else launchd holds back its processor
    spec = Path(__file__).parents[2] / "packaging" / "vcam.spec"
    assert f'bundle_identifier="{entry["AssociatedBundleIdentifiers"]}"' in spec.read_text()
    assert agent.name == f"{entry['Label']}.plist"
    set_login_start(on=False)
    assert not agent.exists()


@POSIX
@pytest.mark.parametrize(
    "place",
    [
        "/Volumes/Gesture Cam",
        "/private/var/folders/x1/T/AppTranslocation/4F5B-11/d",
    ],
)
def test_macos_wants_the_app_where_it_stays(
    place: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a disk image, or as it was downloaded, it would not be there at the next login."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", f"{place}/Gesture Cam.app/Contents/MacOS/vcam")
    with pytest.raises(VcamError, match="move it to Applications"):
        set_login_start(on=True)
    assert not starts_at_login()


@WINDOWS
def test_windows_starts_it_without_a_console(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The installed program has a twin without a console, in a folder that may have spaces."""
    folder = tmp_path / "Jürgens programs"
    folder.mkdir()
    (folder / "vcamw.exe").touch()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "vcam.exe"))
    set_login_start(on=True)
    assert module._read(module._RUN) == f'"{folder}\\vcamw.exe" panel --no-browser'


def test_windows_starts_no_long_command() -> None:
    """The registry takes more than Windows starts at login, so it is refused before."""
    command = '"C:\\' + "a" * 300 + '\\vcamw.exe" panel --no-browser'
    with pytest.raises(VcamError, match="more than 260 characters at login, and this one has 334"):
        module.RunValue(command, "").write()


@WINDOWS
def test_what_windows_was_asked_to_leave_is_off() -> None:
    """What was switched off in Task Manager is off, and can be switched on again here."""
    if sys.platform == "win32":
        import winreg

        set_login_start(on=True)
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, module._APPROVED) as key:
            winreg.SetValueEx(key, module.VALUE, 0, winreg.REG_BINARY, b"\3" + bytes(11))
        assert not starts_at_login()
        set_login_start(on=True)
        assert starts_at_login()
