"""A system without the libraries that OpenCV's wheels expect."""

from pathlib import Path

import pytest

from vcam.cli import main as cli
from vcam.diagnostics.doctor import examine
from vcam.settings import Settings
from vcam.system.shared_libraries import REMEDY, missing_library

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize("name", ["libGL.so.1", "libgthread-2.0.so.0"])
def test_missing_library_is_named(name: str) -> None:
    """A library that is not there is named, with the packages that bring it."""
    error = ImportError(f"{name}: cannot open shared object file: No such file or directory")
    assert missing_library(error) == f"the system library {name} is missing: {REMEDY}"


@pytest.mark.parametrize(
    "error",
    [
        ImportError("cannot import name 'x'"),
        ModuleNotFoundError("No module named 'cv2'"),
        OSError("a.so: cannot open shared object file: No such file or directory"),
    ],
)
def test_other_errors_are_not_explained(error: Exception) -> None:
    """Errors of another kind keep their own words."""
    assert missing_library(error) is None


def test_command_and_doctor_say_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command ends with 2 and the sentence that the doctor has too, with its remedy apart."""

    def fail(*_: object) -> int:
        raise ImportError("libxcb.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr("vcam.cli.demo.run", fail)
    assert cli.main(["demo"]) == cli.THEIR_MISTAKE
    said = capsys.readouterr().err
    found = examine(None, {"camera": lambda settings: fail(settings) and Settings()})[-1]  # type: ignore[dict-item,return-value]
    assert said == f"vcam: {found.text}: {found.remedy}\n"


def test_readme_installs_these_libraries() -> None:
    """The README's first command names the packages of the remedy."""
    first = next(
        line for line in README.read_text(encoding="utf-8").splitlines() if "apt install" in line
    )
    assert set(REMEDY.partition("apt install ")[2].partition(" (")[0].split()) <= set(first.split())
