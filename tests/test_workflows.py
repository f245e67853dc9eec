"""The workflows: what they run is fixed, may do little, and is sound shell."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

FOLDER: Final = Path(__file__).parents[1] / ".github" / "workflows"
FILES: Final = sorted(FOLDER.glob("*.yml"))
PINNED: Final = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
MAY_WRITE: Final = {
    "index": {"id-token": "write"},
    "release": {"contents": "write", "id-token": "write", "attestations": "write"},
}
"""What jobs may do beyond reading the sources."""


def _jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in FILES:
        yield from yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].items()


def _blocks() -> Iterator[Any]:
    """Give each shell block of a step with its place; PowerShell is no shell of ours."""
    for name, job in _jobs():
        for number, step in enumerate(job["steps"]):
            if "run" in step and step.get("shell") != "pwsh":
                yield pytest.param(step["run"], id=f"{name}-{number}")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_actions_are_fixed(file: Path) -> None:
    """A tag can be moved by whoever takes over an action; a commit cannot."""
    used = [line.strip(" -") for line in file.read_text("utf-8").splitlines() if "uses:" in line]
    assert used
    assert [line for line in used if PINNED.fullmatch(line) is None] == []


def test_jobs_may_do_what_they_need() -> None:
    """All but the two that publish read, and keep no password of the repository's in the tree."""
    for file in FILES:
        assert yaml.safe_load(file.read_text("utf-8"))["permissions"] == {"contents": "read"}
    granted = {name: job["permissions"] for name, job in _jobs() if "permissions" in job}
    assert granted == MAY_WRITE
    checkouts = [
        step
        for _name, job in _jobs()
        for step in job["steps"]
        if step.get("uses", "").startswith("actions/checkout@")
    ]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_nothing_is_published_without_a_tag() -> None:
    """Started by hand the release builds and tries everything, and that is all."""
    jobs = dict(_jobs())
    for name in MAY_WRITE:
        assert jobs[name]["if"] == "github.ref_type == 'tag'"


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
@pytest.mark.parametrize("block", list(_blocks()))
def test_shell_is_sound(block: str) -> None:
    """Shellcheck finds nothing in a step, with what GitHub fills in taken for a word."""
    script = "set -e\n" + re.sub(r"\$\{\{.*?\}\}", "filled_in", block)
    done = subprocess.run(
        ["shellcheck", "--shell=bash", "--format=gcc", "-"],
        input=script,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_what_github_fills_in_never_becomes_code() -> None:
    """Names that others choose reach a script by its environment; what stands in it is ours."""
    filled = [
        match
        for name, job in _jobs()
        for step in job["steps"]
        for match in re.findall(r"\$\{\{\s*(.*?)\s*\}\}", step.get("run", ""))
    ]
    assert set(filled) <= {"matrix.program"}
