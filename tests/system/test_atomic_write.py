"""Files that are written whole or not at all."""

import os
import sys
from pathlib import Path

import pytest

from vcam.system.atomic_write import replacing, shortened, write_atomic, write_private

unix = pytest.mark.skipif(sys.platform == "win32", reason="owners and links are for Unix")
root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away"
)


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """Whatever goes wrong while writing, the old content stays, and no part lies about."""
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")

    def fail() -> None:
        with replacing(path) as part:
            part.write_bytes(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("length", [1, 100, 251, 255])
def test_long_names_are_written(length: int, tmp_path: Path) -> None:
    """A name that the file system takes is not refused for the sake of a longer temporary one."""
    path = tmp_path / ("é" * (length // 2) + "a" * (length % 2))
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"


@unix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """Writing through a link, also one to nowhere yet, writes its target."""
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "target")
    for content in (b"one", b"two"):
        write_atomic(link, content)
        assert link.is_symlink()
        assert (tmp_path / "target").read_bytes() == content


@unix
def test_rights(tmp_path: Path) -> None:
    """A new file has what the system gives, a private one 0600, an old one keeps its own."""
    before = os.umask(0o027)
    try:
        write_atomic(tmp_path / "new", b"")
        write_private(tmp_path / "private", b"")
    finally:
        os.umask(before)
    old = tmp_path / "old"
    old.touch()
    old.chmod(0o604)
    write_atomic(old, b"")
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("new", "private", "old")]
    assert modes == [0o640, 0o600, 0o604]


@root
def test_the_owner_stays(tmp_path: Path) -> None:
    """Root who writes somebody's file leaves it to them."""
    path = tmp_path / "a"
    path.touch()
    os.chown(path, 54321, 54322)
    write_atomic(path, b"new")
    assert (path.stat().st_uid, path.stat().st_gid) == (54321, 54322)


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="Linux has them")
def test_attributes_stay(tmp_path: Path) -> None:
    """Labels and access lists, which are attributes of a file, go over to the new one."""
    path = tmp_path / "a"
    path.touch()
    try:
        os.setxattr(path, "user.note", b"mine")
    except OSError:
        pytest.skip("this file system has no attributes")
    write_atomic(path, b"new")
    assert os.getxattr(path, "user.note") == b"mine"


@pytest.mark.skipif(sys.platform != "linux", reason="others allow only UTF-8")
def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    """Old discs have names in Latin-1; they are written like others."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9" + b"\xe9" * 100 + b".txt"))
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("name", ["a" * 300, "手" * 100, "é" * 50 + "x", "🖐" * 30, "", "short"])
def test_a_shortened_name_keeps_whole_letters(name: str) -> None:
    """Half a letter is no name on Windows: a name is cut between letters, to what fits."""
    for limit in (40, 41, 42, 43):
        short = shortened(name, limit)
        assert name.startswith(short)
        size = len(short.encode("utf-8"))
        assert size <= limit
        assert short == name or size > limit - 4
