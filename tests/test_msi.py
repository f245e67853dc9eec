"""What the MSI is told of the program's folder, before wixl packs it."""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[1] / "packaging" / "windows"
WIX = "{http://schemas.microsoft.com/wix/2006/wi}"


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ET.Element:
    """Return the WiX source for a folder with names that XML minds."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    from build_msi import describe  # type: ignore[import-not-found]

    (tmp_path / "_internal" / "a & b").mkdir(parents=True)
    for name in ("vcam.exe", "vcamw.exe", "vcam.pkg", "vcamw.pkg", "_internal/a & b/ü.dat"):
        (tmp_path / name).touch()
    sys.modules.pop("build_msi")
    return ET.fromstring(describe(tmp_path, "1.2.3"))


def test_each_file_is_installed_once(source: ET.Element) -> None:
    """Every file has a component that a feature names; the second copy of modules is left out."""
    files = sorted(str(each.get("Source")) for each in source.iter(f"{WIX}File"))
    assert files == ["_internal/a & b/ü.dat", "vcam.exe", "vcam.pkg", "vcamw.exe"]
    made = {each.get("Id") for each in source.iter(f"{WIX}Component")}
    assert made == {each.get("Id") for each in source.iter(f"{WIX}ComponentRef")}
    assert len({each.get("Guid") for each in source.iter(f"{WIX}Component")}) == len(made)


def test_login_is_the_value_that_the_panel_switches(source: ET.Element) -> None:
    """One value starts it at login, whoever writes it: two would start it twice."""
    from vcam.diagnostics import login_start

    values = {each.get("Key"): each for each in source.iter(f"{WIX}RegistryValue")}
    value = values[login_start._RUN]
    assert value.get("Name") == login_start.VALUE
    assert value.get("Value") == '"[INSTALLDIR]vcamw.exe" panel --no-browser'
