"""Fetch the rigged hand once, check it, and keep it in the person's cache.

The hand comes from the npm package `@webxr-input-profiles/assets` (MIT). It is never copied into
this repository. Only the right hand is used: a left hand is rendered as its exact mirror image.
"""

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Final

from vcam.errors import VcamError
from vcam.system.atomic_write import write_atomic

PACKAGE: Final = "@webxr-input-profiles/assets@1.0.20"
MEMBER: Final = "package/dist/profiles/generic-hand/right.glb"
SHA256: Final = "291790c14f7f88a7f9bd35330c47392ed8e8d395ae6728f4bb7089f1bc1f2b96"
CACHE: Final = Path("~/.cache/vcam/hands")


class AssetError(VcamError):
    """The rigged hand cannot be had; says how to get it."""


def hand_file(folder: Path | None = None) -> Path:
    """Return the path of the checked `right.glb`, fetching it into the cache if need be.

    Args:
        folder: where a `right.glb` already lies (`--hands DIR`); None means cache, then npm.
    """
    if folder is not None:
        return checked(folder / "right.glb")
    cached = CACHE.expanduser() / "right.glb"
    if not cached.is_file():
        fetch(cached)
    return checked(cached)


def checked(path: Path) -> Path:
    """Return `path` if it is the very file that the poses were made for."""
    if not path.is_file():
        raise AssetError(f"{path} is missing: give --hands a folder that holds right.glb.")
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        raise AssetError(f"{path} is not the right.glb of {PACKAGE}: delete it and run again.")
    return path


def fetch(target: Path) -> None:
    """Download the package with `npm pack` and keep only the one file that we need."""
    npm = shutil.which("npm")
    if npm is None:
        raise AssetError(
            f"npm is missing: install Node.js, or give --hands a folder with {PACKAGE}'s right.glb."
        )
    with tempfile.TemporaryDirectory() as scratch:
        command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", scratch]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (fixed words)
        archives = list(Path(scratch).glob("*.tgz"))
        if done.returncode != 0 or not archives:
            raise AssetError(f"npm could not fetch {PACKAGE}: {done.stderr.strip()[-200:]}")
        extract(archives[0], target)


def extract(archive: Path, target: Path) -> None:
    """Write the hand out of the npm archive to `target`, whole or not at all."""
    with tarfile.open(archive) as tar:
        member = tar.extractfile(MEMBER)
        if member is None:
            raise AssetError(f"{PACKAGE} holds no {MEMBER}.")
        data = member.read()
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(target, data)
