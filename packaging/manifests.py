"""Manifests for winget, scoop and Homebrew from the files of one release: `manifests.py FOLDER`.

Writes them into FOLDER beside the files, with their checksums. They go to the three projects by
hand or by their own tools (docs/releasing.md).
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Final

HOME: Final = "https://github.com/vcam-gestures/vcam-gestures"
TEXT: Final = "A webcam that understands your hands"
LICENCE: Final = "MIT AND CC-BY-SA-4.0 AND Apache-2.0"


def write_manifests(folder: Path) -> list[Path]:
    """Write a manifest for each package in `folder` and return them. One .msi, one .dmg."""
    msi, dmg = _only(folder, "*.msi"), _only(folder, "*.dmg")
    version = msi.name.split("-")[1]
    texts = {
        "vcam.winget.yaml": _winget(msi, version),
        "vcam.scoop.json": _scoop(msi, version),
        "vcam.cask.rb": _cask(dmg, version),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return [folder / name for name in texts]


def _only(folder: Path, pattern: str) -> Path:
    found = list(folder.glob(pattern))
    if len(found) != 1:
        raise SystemExit(f"{folder} holds {len(found)} files {pattern}, not one")
    return found[0]


def _address(file: Path, version: str) -> str:
    return f"{HOME}/releases/download/v{version}/{file.name}"


def _checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _winget(msi: Path, version: str) -> str:
    return f"""\
PackageIdentifier: VcamGestures.Vcam
PackageVersion: {version}
PackageLocale: en-US
Publisher: The vcam authors
PackageName: Gesture Cam
PackageUrl: {HOME}
License: {LICENCE}
ShortDescription: {TEXT}
Installers:
- Architecture: x64
  InstallerType: msi
  Scope: user
  InstallerUrl: {_address(msi, version)}
  InstallerSha256: {_checksum(msi).upper()}
ManifestType: singleton
ManifestVersion: 1.6.0
"""


def _scoop(msi: Path, version: str) -> str:
    manifest = {
        "version": version,
        "description": TEXT,
        "homepage": HOME,
        "license": LICENCE,
        "architecture": {"64bit": {"url": _address(msi, version), "hash": _checksum(msi)}},
        "extract_dir": "LocalAppData\\Programs\\vcam",
        "bin": "vcam.exe",
        "post_install": 'Copy-Item "$dir\\vcam.pkg" "$dir\\vcamw.pkg"',  # the MSI has it once
        "shortcuts": [["vcamw.exe", "Gesture Cam", "panel"]],
    }
    return json.dumps(manifest, indent=2) + "\n"


def _cask(dmg: Path, version: str) -> str:
    return f"""\
cask "vcam" do
  version "{version}"
  sha256 "{_checksum(dmg)}"

  url "{_address(dmg, version)}"
  name "Gesture Cam"
  desc "Webcam that understands your hands"
  homepage "{HOME}"

  depends_on macos: ">= :ventura"
  depends_on arch: :arm64

  app "Gesture Cam.app"
  binary "#{{appdir}}/Gesture Cam.app/Contents/MacOS/vcam"
end
"""


if __name__ == "__main__":
    for written in write_manifests(Path(sys.argv[1])):
        print(written)
