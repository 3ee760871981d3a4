"""The two gates of CI: a skip that would hide a broken machine, and the bounds on coverage."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

from tests import ci_skips, coverage_check

THIS = {"postgresql": "postgres", "sqlite": "sqlite"}[connection.vendor]
OTHER = {"postgres": "sqlite", "sqlite": "postgres"}[THIS]


def item(*marks):
    return SimpleNamespace(get_closest_marker=lambda name: name in marks)


@pytest.mark.parametrize(
    ("marks", "must_run"),
    [
        (["browser"], True),
        (["faults"], True),
        ([THIS], True),
        (["faults", THIS], True),
        ([OTHER], False),
        (["faults", OTHER], False),
        ([], False),
    ],
)
def test_in_ci_only_tests_of_the_other_database_may_be_skipped(monkeypatch, marks, must_run):
    monkeypatch.setenv("CI", "true")
    assert ci_skips.must_run(item(*marks)) is must_run


def test_outside_ci_everything_may_be_skipped(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    assert not ci_skips.must_run(item("browser"))


def test_a_test_is_marked_by_its_folder():
    here = Path(__file__).parent
    assert ci_skips.folder_mark(here / "browser" / "test_today.py") == "browser"
    assert ci_skips.folder_mark(here / "faults" / "kills" / "test_kill.py") == "faults"
    assert ci_skips.folder_mark(here / "test_browser.py") is None


def test_a_failed_skip_says_why():
    why = ("test_today.py", 3, "Skipped: no Chromium")
    report = pytest.TestReport("a test", why, {}, outcome="skipped", longrepr=why, when="call")
    ci_skips.fail_instead(report)
    assert report.outcome == "failed"
    assert "no Chromium" in str(report.longrepr)


def measured(name, statements=100, covered=100, lines=(), branches=()):
    summary = {"num_statements": statements, "covered_lines": covered, "missing_lines": statements - covered}
    return {name: {"summary": summary, "missing_lines": list(lines), "missing_branches": list(branches)}}


def whole_files():
    return {name: data for whole in coverage_check.WHOLE for name, data in measured(whole).items()}


def test_whole_coverage_has_no_problems():
    assert coverage_check.problems(whole_files()) == []


@pytest.mark.parametrize("name", coverage_check.WHOLE)
def test_the_rules_and_the_access_must_be_whole(name):
    assert coverage_check.problems(whole_files() | measured(name, lines=[7])) == [f"{name}: line 7"]
    assert coverage_check.problems(whole_files() | measured(name, branches=[[7, -1]])) == [
        f"{name}: branch 7->-1"
    ]
    unmeasured = {other: data for other, data in whole_files().items() if other != name}
    assert coverage_check.problems(unmeasured) == [f"{name}: not measured at all"]


def test_lines_of_the_app_are_held_at_95_percent():
    n = len(coverage_check.WHOLE)
    views = measured("exercises/views/today.py", statements=100 * n, covered=92 * n)
    assert coverage_check.problems(whole_files() | views) == []
    views = measured("exercises/views/today.py", statements=100 * n, covered=88 * n)
    told = coverage_check.problems(whole_files() | views)
    assert told[0] == "lines of exercises/: 94.0 %, at least 95 % asked"
