"""`python -m training`: whatever stops a command ends in one sentence and an exit code."""

import errno
from pathlib import Path

import pytest

from training import __main__ as front_door
from training.__main__ import main
from training.train import command

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (KeyboardInterrupt(), 130, "the same command continues"),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "disk is full"),
        (PermissionError(errno.EACCES, "Permission denied", "runs/mine"), 2, "runs/mine"),
        (OSError(errno.EROFS, "Read-only file system", "/cd/x"), 2, "Read-only file system"),
    ],
)
def test_what_stops_a_command_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    says: str,
) -> None:
    """Ctrl-C, a full disk and files that may not be written leave no traceback."""

    def stopped(_: object) -> int:
        raise error

    monkeypatch.setattr(command, "main", stopped)
    assert main(["train", "classifier"]) == code
    said = capsys.readouterr().err
    assert says in said
    assert len(said.splitlines()) == 1


def test_an_error_of_no_file_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no matter of files is a mistake of ours, and keeps its traceback."""

    def broken(_: object) -> int:
        raise OSError("something else")

    monkeypatch.setattr(command, "main", broken)
    with pytest.raises(OSError, match="something else"):
        front_door.main(["train", "classifier"])


@pytest.mark.parametrize("task", ["classifier", "detector"])
def test_a_file_is_no_folder_to_train_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cache: Path, task: str
) -> None:
    """A file given as --out is named before anything is done, and stays as it is."""
    (tmp_path / "mine").write_text("notes")
    assert main(["train", task, "--cache", str(cache), "--out", str(tmp_path / "mine")]) == 2
    assert "mine is a file" in capsys.readouterr().err
    assert (tmp_path / "mine").read_text() == "notes"


def test_images_that_are_none_make_no_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no picture can be used, prepare fails, and names the file that says why."""
    for folder in ("vulcan", "no_gesture"):
        (tmp_path / "photos" / folder).mkdir(parents=True)
        (tmp_path / "photos" / folder / "1.jpg").write_bytes(b"no picture")
    out = tmp_path / "cache"
    assert main(["prepare", "--data", str(tmp_path / "photos"), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "skipped.jsonl says of each why" in said
    assert len((out / "skipped.jsonl").read_text().splitlines()) == 2


def test_a_photo_is_no_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cache: Path
) -> None:
    """A picture or a folder as --start is refused in a sentence without torch's own advice."""
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0" + bytes(500))
    for start in (photo, tmp_path):
        where = ["--cache", str(cache), "--out", str(tmp_path / "run"), "--workers", "0"]
        assert main(["train", "classifier", *where, "--start", str(start)]) == 2
        said = capsys.readouterr().err
        assert "no checkpoint" in said
        assert "weights_only" not in said
        assert len(said.splitlines()) == 1
