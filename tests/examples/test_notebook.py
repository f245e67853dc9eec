"""The notebook runs from its first cell to its last on a processor, and its model can be used."""

import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from training.rendering.assets import AssetError, hand_file
from vcam.vision.models.session import ModelSession

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "examples" / "train_your_own_gesture.ipynb"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


def _notebook() -> nbformat.NotebookNode:
    notebook: nbformat.NotebookNode
    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def test_nothing_of_a_run_is_kept_in_it() -> None:
    """The file is valid, and holds neither outputs nor the order in which cells once ran."""
    notebook = _notebook()
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


@pytest.mark.timeout(600)
def test_it_runs_without_photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stills of the demo clip stand in; a short training gives a model with the new name."""
    try:
        hand_file()
    except AssetError as error:
        pytest.skip(f"the rigged hand cannot be fetched: {error}")
    (tmp_path / "models").symlink_to(ROOT / "models")
    settings = {"CROPS": "256", "RENDERED": "1"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    notebook = _notebook()
    where = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=where).execute()
    card = ModelSession(tmp_path / "runs" / "mine.onnx", "classify").card
    assert "horns" in card.labels
    (shown,) = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if "image/jpeg" in output.get("data", {})
    ]
    assert len(shown.data["image/jpeg"]) > 10_000
