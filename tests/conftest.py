"""What tests share: noise fails, and a model small enough to be made on the spot."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# On a busy machine a wall-clock limit an example says nothing of the code; pytest-timeout stays.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

# Texts are tested in English, whatever this machine speaks; programs that tests start inherit it.
os.environ["LANGUAGE"] = "en"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `check` runs one after the other."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Where tests are shared out, name each failure at once, on the side that people read."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and config.getoption("dist", "no") != "no":
        config.pluginmanager.register(_NamesFailures(terminal))


class _NamesFailures:
    """A run that is killed from outside has no summary; what had failed until then stands there."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            why = report.longreprtext.splitlines()[-1:]
            self._terminal.write_line(f"\n{report.nodeid}, {report.when}: {' '.join(why)}")


@pytest.fixture(autouse=True)
def no_error_logs(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Fail a test that leaves an error in the log, unless it is marked `logs_errors`."""
    yield
    if request.node.get_closest_marker("logs_errors"):
        return
    errors = [r.getMessage() for r in caplog.get_records("call") if r.levelno >= logging.ERROR]
    assert not errors, errors


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of labelled pictures; tests that need it skip where it is missing."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the labelled pictures are not on this machine")
    return folder
