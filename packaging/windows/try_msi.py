"""Install, use, update and uninstall an MSI on this Windows: `try_msi.py OLDER.msi NEWER.msi`.

Both as `build_msi.py` makes them. Ends with 1 at the first thing that is not as it should be, and
says what it saw and how long each step took. It uses the person's own settings folder, so run it on
a machine that is thrown away: `.ci/wine` runs it under Wine, the release workflow on real Windows.
"""

import os
import subprocess
import sys
import time
import winreg
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))
import smoke_test

LOCAL: Final = Path(os.environ["LOCALAPPDATA"])
FOLDER: Final = LOCAL / "Programs" / "vcam"
PROGRAM: Final = FOLDER / "vcam.exe"
MENU: Final = Path(os.environ["APPDATA"]) / r"Microsoft\Windows\Start Menu\Programs"
RUN: Final = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPS: Final = r"Software\Microsoft\Windows\CurrentVersion\Uninstall"
LIMIT_S: Final = 400
REBOOT: Final = 3010
"""What msiexec returns when a file was in use: then the running program was not ended."""


def main(older: Path, newer: Path) -> None:
    """Go through the life of an installation."""
    print(f"size      {newer.stat().st_size / 1e6:.1f} MB")
    print("install   ", _msiexec("/i", older), _check_installed(older), flush=True)
    smoke_test.main([str(PROGRAM)])
    print("settings  ", _make_settings())
    print("update    ", _over_a_running_program("/i", newer), _check_installed(newer), flush=True)
    # Wine's msiexec removes the old version without saying that a new one comes.
    kept = _value(RUN, "Gesture Cam") is not None
    _expect(kept or smoke_test.is_wine(), "the update forgot the start at login")
    print("version   ", smoke_test.check_version([str(PROGRAM)]))
    print("uninstall ", _over_a_running_program("/x", newer), flush=True)
    print("left      ", _check_gone())


def _make_settings() -> str:
    """Let the installed program write its settings, and its start at login."""
    for words in (["config", "init"], ["doctor", "--fix", "--yes"]):
        smoke_test.run_program([str(PROGRAM)], *words, codes=(0, 2))
    command = str(_value(RUN, "Gesture Cam"))
    _expect(command.strip('"').startswith(str(FOLDER / "vcamw.exe")), command)
    return f"{_settings()}, and at login {command}"


def _over_a_running_program(what: str, msi: Path) -> str:
    """Run msiexec while the installed program is the webcam; it is to end in good order."""
    command = [str(PROGRAM), "panel", "--no-browser", "--dry-run", "--camera", "demo"]
    running = subprocess.Popen(
        [*command, "--output", "null"],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    smoke_test.find_address(running)
    took = _msiexec(what, msi)
    _expect(running.wait(20) == 0, "the running program did not end in good order")
    return f"{took}, the running program ended by itself"


def _msiexec(what: str, msi: Path) -> str:
    log = msi.with_suffix(".log")
    began = time.perf_counter()
    done = subprocess.run(
        ["msiexec", what, str(msi), "/qn", "/l*v", str(log)], timeout=LIMIT_S, check=False
    )
    took = time.perf_counter() - began
    if done.returncode:
        print(log.read_bytes().decode("utf-16", "replace")[-4000:] if log.exists() else "no log")
    _expect(done.returncode == 0, f"msiexec {what} {msi.name}: {done.returncode}")
    return f"{took:.1f} s"


def _check_installed(msi: Path) -> str:
    version = msi.name.split("-")[1]
    _expect(PROGRAM.exists(), f"{PROGRAM} is not there")
    _expect(_apps() == [version], f"Windows lists {_apps()}")
    _expect(str(FOLDER) in str(_value("Environment", "PATH")), "vcam is not on the PATH")
    _expect((MENU / "Gesture Cam.lnk").exists(), "the Start menu has no entry")
    size = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file())
    return f"{size / 1e6:.0f} MB in {FOLDER}, listed, on the PATH, in the Start menu"


def _check_gone() -> str:
    """Nothing of ours is left but what the person made."""
    _expect(not FOLDER.exists(), f"{[str(p) for p in FOLDER.rglob('*')][:5]} are left")
    _expect(_apps() == [], f"Windows lists {_apps()}")
    _expect(str(FOLDER) not in str(_value("Environment", "PATH")), "the PATH names us")
    _expect(not (MENU / "Gesture Cam.lnk").exists(), "the Start menu has our entry")
    _expect(_value(RUN, "Gesture Cam") is None, "it would start at login")
    _expect(_settings().exists(), "the settings are gone")
    return f"the settings in {_settings().parent}, and logs in {LOCAL / 'vcam'}"


def _settings() -> Path:
    return Path(os.environ["APPDATA"]) / "vcam" / "settings.toml"


def _apps() -> list[str]:
    """Return the versions of our program that Windows lists."""
    found = []
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, APPS):
        pass
    for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
        with winreg.OpenKey(root, APPS) as apps:
            for number in range(winreg.QueryInfoKey(apps)[0]):
                with winreg.OpenKey(apps, winreg.EnumKey(apps, number)) as app:
                    if _of(app, "DisplayName") == "Gesture Cam":
                        found.append(str(_of(app, "DisplayVersion")))
    return sorted(set(found))


def _value(key: str, name: str) -> object:
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
            return _of(opened, name)
    except OSError:
        return None


def _of(key: winreg.HKEYType, name: str) -> object:
    try:
        return winreg.QueryValueEx(key, name)[0]
    except OSError:
        return None


def _expect(right: bool, otherwise: str) -> None:
    if not right:
        raise SystemExit(f"MSI: {otherwise}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
