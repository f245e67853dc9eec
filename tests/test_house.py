"""The habits of this house, checked."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for top in ("vcam", "training") for path in (ROOT / top).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
DRAWERS = {"utils", "util", "common", "helpers", "helper", "misc", "manager"}


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_test_says_what_it_proves(path: Path) -> None:
    """Every test has a docstring."""
    tests = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert tests
    assert [test.name for test in tests if not ast.get_docstring(test)] == []


def test_files_are_short() -> None:
    """No source file is longer than about 250 lines, and none is a drawer for anything."""
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name: length for name, length in lengths.items() if length > 280} == {}
    assert not DRAWERS & {path.stem for path in SOURCES}


def test_import_needs_nothing() -> None:
    """`import vcam` works without a display and loads no device library and no model runtime."""
    code = (
        "import sys, vcam, vcam.cli.main; "
        "heavy = ('cv2', 'onnxruntime', 'pynput', 'pyvirtualcam', 'torch'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env={}
    )
    assert done.stdout.strip() == "[]"


def test_labels_are_written_down_once() -> None:
    """HaGRID's label list stands in one file of the runtime and of training."""
    listing = re.compile(r'"stop_inverted",\s+"three"')
    holders = [path.name for path in SOURCES if listing.search(path.read_text(encoding="utf-8"))]
    assert holders == ["labels.py"]


def test_the_way_to_a_change_is_there() -> None:
    """Every file that docs/architecture.md names for a change exists; so do the names beside it."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.partition("## Where to change what")[2].partition("\n## ")[0]
    named = re.findall(r"`((?:vcam|training|models|docs)/[^`]*)`(?:: `(\w+)`)?", table)
    assert len(named) > 20
    assert [path for path, _ in named if not (ROOT / path).exists()] == []
    holds = {path: name for path, name in named if name}
    assert [p for p, name in holds.items() if name not in (ROOT / p).read_text("utf-8")] == []


def test_readme_commands_are_those_of_ci() -> None:
    """CI runs the very check that the README tells people to run."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    command = 'pip install -e ".[dev]" && ./check'
    assert command in readme
    assert command in ci
