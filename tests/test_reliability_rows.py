"""The numbered requirements of security: each is shown by tests that bear its number."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROWS = {
    1: "signed in by default",
    2: "object scope on every verb",
    3: "nothing leaks",
    4: "no mass assignment",
    5: "an ended link ends now",
    6: "passwords",
    7: "argon2id",
    8: "a second factor for clinicians and staff",
    9: "throttling that locks nobody else out",
    10: "no account enumeration",
    11: "sign-in sessions",
    12: "re-authentication",
    13: "cookies",
    14: "CSRF, and GET never writes",
    15: "headers on all answers",
    16: "no-store on signed-in pages",
    18: "limits on body, export, invitations",
    19: "events are logged without notes or secrets",
    20: "a complete history of changes",
    21: "safe errors",
    22: "minors, erasure, retention",
    23: "no third parties",
    24: "a clean deployment check, locked dependencies",
}
# There is no CSV yet that a spreadsheet could run.
NOT_YET = {17: "spreadsheet injection"}
NAME = re.compile(r"test_row_(\d\d)_")


@cache
def numbered():
    """Row to the names of its tests, read off the files."""
    found: dict[int, list[str]] = {}
    for path in Path(__file__).parent.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and (match := NAME.match(node.name)):
                found.setdefault(int(match[1]), []).append(f"{path.name}::{node.name}")
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row}: {ROWS[row]}")
def test_each_row_has_its_tests(row):
    assert numbered().get(row)


def test_the_rows_are_whole():
    assert set(ROWS) | set(NOT_YET) == set(range(1, 25))
    assert set(numbered()) <= set(ROWS)
