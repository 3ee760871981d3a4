"""Hold a coverage report against the project's bounds: `python tests/coverage_check.py coverage.json`.

Lines of `exercises/` at least 95 % covered; every line and every branch of the files that decide what a day
is and who may see it.
"""

import json
import sys
from pathlib import Path
from typing import Any

LINES_AT_LEAST = 95.0
WHOLE = tuple(f"exercises/{name}.py" for name in ("adherence", "keeping_up", "days", "access", "joining"))


def line_share(files: dict[str, Any]) -> float:
    """Percent of the statements of `exercises/` that ran."""
    summaries = [data["summary"] for name, data in files.items() if name.startswith("exercises/")]
    statements = sum(summary["num_statements"] for summary in summaries)
    return 100 * sum(summary["covered_lines"] for summary in summaries) / statements if statements else 0.0


def gaps(files: dict[str, Any], name: str) -> str:
    """What never ran in a file that must be whole; empty when nothing is missing."""
    if name not in files:
        return "not measured at all"
    lines = [f"line {line}" for line in files[name]["missing_lines"]]
    branches = [f"branch {start}->{end}" for start, end in files[name]["missing_branches"]]
    return ", ".join(lines + branches)


def thinnest(files: dict[str, Any], count: int = 5) -> list[str]:
    rows = sorted((data["summary"]["missing_lines"], name) for name, data in files.items())
    return [f"{missing:5d} lines not run in {name}" for missing, name in reversed(rows[-count:]) if missing]


def problems(files: dict[str, Any]) -> list[str]:
    found = [f"{name}: {gap}" for name in WHOLE if (gap := gaps(files, name))]
    if (share := line_share(files)) < LINES_AT_LEAST:
        found.append(f"lines of exercises/: {share:.1f} %, at least {LINES_AT_LEAST:.0f} % asked")
        found.extend(thinnest(files))
    return found


def main(report: str) -> int:
    files = json.loads(Path(report).read_text())["files"]
    found = problems(files)
    print(f"Lines of exercises/: {line_share(files):.1f} %")
    print("\n".join(found) if found else f"Whole, branches too: {', '.join(WHOLE)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
