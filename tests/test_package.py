"""What people install: the wheel, and the archive that it is built from."""

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

import vcam

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a wheel and a source archive of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    _build(ROOT, folder, "wheel", "sdist")
    return folder


def _build(project: Path, folder: Path, *targets: str) -> None:
    wanted = [word for target in targets for word in ("-t", target)]
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder), *wanted]
    subprocess.run(command, cwd=project, check=True, capture_output=True)


def _contents(folder: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return {name: wheel.read(name) for name in wheel.namelist()}


def test_wheel_brings_one_package(built: Path) -> None:
    """The wheel puts `vcam` into site-packages and nothing else, typed and with its models."""
    names = _contents(built)
    tops = {name.split("/")[0] for name in names}
    assert tops == {"vcam", f"vcam_gestures-{vcam.__version__}.dist-info"}
    assert {"vcam/py.typed", "vcam/weights/hand_detector.onnx", "vcam/camera/demo.mp4"} <= {*names}


def test_wheel_carries_its_licences(built: Path) -> None:
    """Code, models and emoji have licences of their own: all texts travel, the metadata say so."""
    names = _contents(built)
    info = f"vcam_gestures-{vcam.__version__}.dist-info"
    metadata = HeaderParser().parsestr(names[f"{info}/METADATA"].decode())
    assert metadata["License-Expression"] == "MIT AND CC-BY-SA-4.0 AND Apache-2.0"
    assert b"MIT License" in names[f"{info}/licenses/LICENSE"]
    assert b"ShareAlike 4.0" in names[f"{info}/licenses/LICENSE-CC-BY-SA-4.0"]
    assert b"Apache License" in names[f"{info}/licenses/vcam/overlay/emoji/LICENSE"]


def test_archive_builds_the_same_wheel(built: Path, tmp_path: Path) -> None:
    """A wheel built from the source archive is the wheel of the checkout, file by file."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    _build(next((tmp_path / "source").iterdir()), tmp_path / "dist", "wheel")
    assert _contents(tmp_path / "dist") == _contents(built)


def test_readme_images_have_whole_addresses() -> None:
    """A package index shows the README's pictures only when their links say where they are."""
    source = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    home = source["project"]["urls"]["Source"].replace(
        "//github.com", "//raw.githubusercontent.com"
    )
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    images = re.findall(r'!\[[^\]]*\]\(([^)]+)\)|<img[^>]+src="([^"]+)"', text)
    addresses = [one or other for one, other in images]
    assert addresses
    assert [each for each in addresses if not each.startswith(f"{home}/main/")] == []
    paths = [ROOT / each.removeprefix(f"{home}/main/") for each in addresses]
    assert [path for path in paths if not path.is_file()] == []


def test_changelog_has_this_version() -> None:
    """The change log has a section for the version that the program reports."""
    log = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {vcam.__version__} " in log
