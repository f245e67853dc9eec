"""An MSI from the folder that PyInstaller built: `build_msi.py FOLDER OUT`.

Needs wixl and msitools. For one person, without an administrator: the program lies under
LOCALAPPDATA, `vcam` is on the PATH, the Start menu has an entry, and Windows' own list of apps
uninstalls it. A newer version takes the place of an older one. A program that runs is asked to quit
before its files are replaced or removed. Start at login is a feature of its own that is off unless
it is asked for (`msiexec /i vcam.msi ADDLOCAL=ALL`); the panel's *Settings* switch the same value.

`vcam-0.0.1-x64.msi` lies beside it afterwards, the same under an older version, from which
packaging/windows/try_msi.py updates.
"""

import re
import shutil
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

UPGRADE_CODE: Final = uuid.UUID("5b6f5c0e-7d3c-4c55-9a5e-0f6f3f1f6c11")
"""The same for every version, so that one replaces another. Never change it."""
ROOT: Final = Path(__file__).parents[2]
HEAD: Final = """\
<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
  <Product Id="*" Name="Gesture Cam" Language="1033" Version="{version}"
           Manufacturer="The vcam authors" UpgradeCode="{upgrade}">
    <Package InstallerVersion="500" Compressed="yes" InstallScope="perUser"/>
    <MajorUpgrade DowngradeErrorMessage="A newer version of Gesture Cam is installed."/>
    <MediaTemplate EmbedCab="yes"/>
    <Property Id="ARPURLINFOABOUT" Value="https://github.com/vcam-gestures/vcam-gestures"/>
    <Directory Id="TARGETDIR" Name="SourceDir">
      <Directory Id="ProgramMenuFolder"/>
      <Directory Id="LocalAppDataFolder">
        <Directory Id="Programs" Name="Programs">
          <Directory Id="INSTALLDIR" Name="vcam">
"""
MIDDLE: Final = """\
          </Directory>
        </Directory>
      </Directory>
    </Directory>
    <DirectoryRef Id="INSTALLDIR">
      <Component Id="Entry" Guid="{entry}">
        <Shortcut Id="StartMenu" Directory="ProgramMenuFolder" Name="Gesture Cam"
                  Target="[INSTALLDIR]vcamw.exe" Arguments="panel" WorkingDirectory="INSTALLDIR"/>
        <RegistryValue Root="HKCU" Key="Software\\vcam" Name="installed" Type="integer" Value="1"
                       KeyPath="yes"/>
      </Component>
      <Component Id="Login" Guid="{login}">
        <RegistryValue Root="HKCU" Key="Software\\Microsoft\\Windows\\CurrentVersion\\Run"
                       Name="Gesture Cam" Type="string" KeyPath="yes"
                       Value="&quot;[INSTALLDIR]vcamw.exe&quot; panel --no-browser"/>
      </Component>
    </DirectoryRef>
    <Feature Id="Program" Title="Gesture Cam" Level="1">
      <ComponentRef Id="Entry"/>
"""
TAIL: Final = """\
    </Feature>
    <Feature Id="StartAtLogin" Title="Start at login" Level="1000">
      <ComponentRef Id="Login"/>
    </Feature>
  </Product>
</Wix>
"""

PATH_TABLE: Final = (
    "Environment\tName\tValue\tComponent_\r\n"
    "s72\tl255\tL255\ts72\r\n"
    "Environment\tEnvironment\r\n"
    "Path\t=-PATH\t[~];[INSTALLDIR]\tEntry\r\n"
)
"""The person's own PATH, longer by our folder until we are uninstalled; wixl cannot say this."""
QUIT_TABLE: Final = (
    "Action\tType\tSource\tTarget\tExtendedType\r\n"
    "s72\ti2\tS72\tS255\tI4\r\n"
    "CustomAction\tAction\r\n"
    'Quit\t98\tINSTALLDIR\t"[INSTALLDIR]vcamw.exe" --child quit\t\r\n'
    'QuitForGood\t98\tINSTALLDIR\t"[INSTALLDIR]vcamw.exe" --child quit uninstall\t\r\n'
)
"""The installed program ends the one that runs (vcam/app/quit_running.py).

98: a program in a folder (34) whose exit code does not matter (64), for there may be none.
"""
SHARED: Final = "vcam.pkg"
TWIN: Final = "vcamw.pkg"
"""The modules of both programs: packed once, and copied when they are installed."""
TWIN_TABLE: Final = (
    "FileKey\tComponent_\tFile_\tDestName\tDestFolder\r\n"
    "s72\ts72\ts72\tL255\tS72\r\n"
    "DuplicateFile\tFileKey\r\n"
    "Twin\tc{0}\tf{0}\tvcamw.pkg\tINSTALLDIR\r\n"
)
UPDATES: Final = 'WIX_UPGRADE_DETECTED OR (Installed AND REMOVE<>"ALL")'
UNINSTALLS: Final = 'REMOVE="ALL" AND NOT UPGRADINGPRODUCTCODE'
ACTIONS: Final = (
    ("Quit", UPDATES, 1390),  # before InstallValidate looks which files are in use
    ("QuitForGood", UNINSTALLS, 1391),
    ("RemoveEnvironmentStrings", "", 3300),
    ("RemoveDuplicateFiles", "", 3400),
    ("DuplicateFiles", "", 4210),
    ("WriteEnvironmentStrings", "", 5200),
)
OLDER: Final = "0.0.1"


def describe(folder: Path, version: str) -> str:
    """Return the WiX source for every file below `folder`."""
    components: list[str] = []
    files = "\n".join(_directory(folder, folder, components))
    references = "\n".join(f'      <ComponentRef Id="{name}"/>' for name in components)
    head = HEAD.format(version=version, upgrade=_braced(UPGRADE_CODE))
    middle = MIDDLE.format(entry=_guid("entry"), login=_guid("login"))
    return f"{head}{files}\n{middle}{references}\n{TAIL}"


def _directory(folder: Path, top: Path, components: list[str]) -> list[str]:
    lines: list[str] = []
    for path in sorted(folder.iterdir()):
        inside = path.relative_to(top).as_posix()
        if inside == TWIN:
            continue
        name = _key(inside)
        if path.is_dir():
            lines.append(f'<Directory Id="d{name}" Name={quoteattr(path.name)}>')
            lines += _directory(path, top, components)
            lines.append("</Directory>")
        else:
            components.append(f"c{name}")
            lines.append(
                f'<Component Id="c{name}" Guid="{_guid(inside)}" Win64="yes">'
                f'<File Id="f{name}" KeyPath="yes" Name={quoteattr(path.name)} '
                f"Source={quoteattr(inside)}/></Component>"
            )
    return lines


def _key(inside: str) -> str:
    return uuid.uuid5(UPGRADE_CODE, inside).hex


def _guid(name: str) -> str:
    return _braced(uuid.uuid5(UPGRADE_CODE, f"component {name}"))


def _braced(code: uuid.UUID) -> str:
    return f"{{{str(code).upper()}}}"


def read_version() -> str:
    """Return the version that the program reports."""
    text = (ROOT / "vcam" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    if found is None:
        raise SystemExit("vcam/__init__.py names no version")
    return found[1]


def main(folder: Path, out: Path) -> None:
    """Write the WiX source and the MSI into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    version = read_version()
    source = out / "vcam.wxs"
    source.write_text(describe(folder, version), encoding="utf-8")
    target = out / f"vcam-{version}-x64.msi"
    # wixl takes the files' places as they look from the folder that it runs in.
    command = ["wixl", "-a", "x64", "-o", str(target.resolve()), str(source.resolve())]
    subprocess.run(command, cwd=folder, check=True)
    twin = TWIN_TABLE.format(_key(SHARED))
    for table in (PATH_TABLE, QUIT_TABLE, *([twin] if (folder / SHARED).exists() else [])):
        _import_table(target, out / "table.idt", table)
    for action, condition, place in ACTIONS:
        row = (
            "INSERT INTO InstallExecuteSequence (Action, Condition, Sequence) "
            f"VALUES ('{action}', '{condition}', {place})"
        )
        subprocess.run(["msibuild", str(target), "-q", row], check=True)
    print(target)
    print(make_older(target, out / f"vcam-{OLDER}-x64.msi"))


def _import_table(target: Path, file: Path, table: str) -> None:
    file.write_bytes(table.encode("ascii"))
    subprocess.run(["msibuild", str(target), "-i", str(file)], check=True)
    file.unlink()


def make_older(target: Path, older: Path) -> Path:
    """Write the same package as an older version of the product, to update from."""
    shutil.copyfile(target, older)
    for name, value in (("ProductVersion", OLDER), ("ProductCode", _braced(uuid.uuid4()))):
        row = f"UPDATE Property SET Value = '{value}' WHERE Property = '{name}'"
        subprocess.run(["msibuild", str(older), "-q", row], check=True)
    summary = ["Gesture Cam", "The vcam authors", "x64;1033", _braced(uuid.uuid4())]
    subprocess.run(["msibuild", str(older), "-s", *summary], check=True)
    return older


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
