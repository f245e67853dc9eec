"""An MSI from the folder that PyInstaller built: `build_msi.py FOLDER OUT`.

Needs wixl and msitools. For one person, without an administrator: the program lies under
LOCALAPPDATA, `vcam` is on the PATH, the Start menu has an entry, and Windows' own list of apps
uninstalls it. A newer version takes the place of an older one. Start at login is a feature of its
own that is off unless it is asked for:
`msiexec /i vcam.msi ADDLOCAL=ALL`.
"""

import re
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
      <Directory Id="StartupFolder"/>
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
        <Shortcut Id="AtLogin" Directory="StartupFolder" Name="Gesture Cam"
                  Target="[INSTALLDIR]vcamw.exe" Arguments="panel --no-browser"
                  WorkingDirectory="INSTALLDIR"/>
        <RegistryValue Root="HKCU" Key="Software\\vcam" Name="login" Type="integer" Value="1"
                       KeyPath="yes"/>
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
PATH_ACTIONS: Final = (("RemoveEnvironmentStrings", 3300), ("WriteEnvironmentStrings", 5200))


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
        name = uuid.uuid5(UPGRADE_CODE, inside).hex
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
    _add_to_path(target, out)
    print(target)


def _add_to_path(target: Path, out: Path) -> None:
    table = out / "Environment.idt"
    table.write_bytes(PATH_TABLE.encode("ascii"))
    subprocess.run(["msibuild", str(target), "-i", str(table)], check=True)
    table.unlink()
    for action, place in PATH_ACTIONS:
        row = f"INSERT INTO InstallExecuteSequence (Action, Sequence) VALUES ('{action}', {place})"
        subprocess.run(["msibuild", str(target), "-q", row], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
