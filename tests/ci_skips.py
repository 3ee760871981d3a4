"""Which tests may be skipped, and when that is a failure.

On a developer's machine a test whose browser or database is not there is skipped, and says why. In CI
(`CI=true`) everything is installed, so the same skip would hide a broken machine: it fails. The one skip that
stays is a test of the other database, which CI runs in its other pass.
"""

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from django.db import connection

FOLDER_MARKS = ("browser", "faults")
DATABASE_MARKS = {"postgres": "postgresql", "sqlite": "sqlite"}
HERE = Path(__file__).parent


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true"}


def folder_mark(path: Path) -> str | None:
    """The mark a test bears by lying in `tests/browser` or `tests/faults`."""
    return next((name for name in FOLDER_MARKS if HERE / name in path.parents), None)


def other_database(item: pytest.Item) -> str | None:
    """The mark of the database that this test needs and this run does not have."""
    wanted = (name for name in DATABASE_MARKS if item.get_closest_marker(name))
    return next((name for name in wanted if DATABASE_MARKS[name] != connection.vendor), None)


def must_run(item: pytest.Item) -> bool:
    if not in_ci() or other_database(item):
        return False
    return any(item.get_closest_marker(name) for name in (*FOLDER_MARKS, *DATABASE_MARKS))


def fail_instead(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"In CI this must run, but it was skipped: {reason}"


@pytest.hookimpl(tryfirst=True)  # before `-m browser` is judged
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if mark := folder_mark(item.path):
            item.add_marker(mark)
        if name := other_database(item):
            item.add_marker(pytest.mark.skip(reason=f"a test of {name}; this run is on {connection.vendor}"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    expected_failure = hasattr(report, "wasxfail")
    if report.skipped and not expected_failure and must_run(item):
        fail_instead(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A module that skips itself (`importorskip`, `allow_module_level`) never reaches the hook above."""
    report = yield
    if report.skipped and in_ci() and folder_mark(collector.path):
        fail_instead(report)
    return report
