"""`make bench`: each page's CPU as a ratio to a bare Django page, and what a first visit weighs.

Prints the README's table and exits with 1 when a bound is exceeded. `--quick` measures less often,
`--readme` puts the table into README.md. Linux only: it reads the CPU clocks of other processes.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import measure, pages, weight
from tests.bench.pages import Page
from tests.bench.servers import ROOT, Server, environments, prepare, serve

START, END = "<!-- bench table: start -->", "<!-- bench table: end -->"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--readme", action="store_true")
    options = parser.parse_args()
    rounds, count = (3, 10) if options.quick else (9, 25)
    with tempfile.TemporaryDirectory(prefix="amps-bench-") as folder:
        app_environment, bare_environment = environments(Path(folder))
        people, bare_key = prepare(app_environment, bare_environment)
        bare_page = Page("bare", lambda server: server.get("/", {"Cookie": f"sessionid={bare_key}"})[0])
        with (
            serve("amps_tracker.wsgi", app_environment) as app,
            serve("tests.bench.bare.wsgi", bare_environment) as bare,
        ):
            report = Report(app, bare, bare_page, people, rounds, count)
            text = report.text()
    print(text)
    if options.readme:
        write_readme(text)
    for excess in report.exceeded:
        print(excess, file=sys.stderr)
    return 1 if report.exceeded else 0


class Report:
    """Measures one thing after the other, and keeps what exceeded its bound."""

    def __init__(
        self, app: Server, bare: Server, bare_page: Page, people: dict[str, Any], rounds: int, count: int
    ) -> None:
        self.app, self.bare, self.bare_page = app, bare, bare_page
        self.people, self.rounds, self.count = people, rounds, count
        self.exceeded: list[str] = []
        measure.warm_up(bare, [bare_page])

    def text(self) -> str:
        return "\n\n".join((self._table(), self._growth(), self._weight()))

    def _measured(self, measured: list[Page]) -> list[list[float]]:
        measure.warm_up(self.app, measured)
        return measure.ratios(
            self.app, measured, self.bare, self.bare_page, rounds=self.rounds, count=self.count
        )

    def _table(self) -> str:
        measured = pages.table(self.people)
        rows = []
        for page, found in zip(measured, self._measured(measured), strict=True):
            ratio = median(found)
            self._judge(f"{page.name} ({page.data})", ratio, page.at_most)
            rows.append((page.name, page.data, f"**{ratio:.1f}**", str(page.at_most), page.peers))
        return markdown("page", "data", "ratio", "at most", "what peers cost on the same measure", rows=rows)

    def _growth(self) -> str:
        rows = []
        for name, measured in pages.growth(self.people).items():
            grown = measure.growth(self._measured(measured))
            self._judge(f"{name}, from 40 to 4,000 days", max(grown), pages.GROWTH_AT_MOST)
            rows.append((name, *(f"{times:.2f}" for times in grown), str(pages.GROWTH_AT_MOST)))
        return markdown("growth with the days of data", "40", "400", "4,000", "at most", rows=rows)

    def _weight(self) -> str:
        sizes = weight.first_visit(self.app, self.people["teen400"])
        total = sum(sizes.values())
        self._judge("First visit to Today, KB", total / 1024, weight.AT_MOST / 1024)
        parts = ", ".join(f"{name} {size / 1024:.1f}" for name, size in sizes.items())
        most = weight.AT_MOST // 1024
        return f"First visit to Today: **{total / 1024:.1f} KB** compressed ({parts}); at most {most}."

    def _judge(self, what: str, figure: float, at_most: float) -> None:
        if figure > at_most:
            self.exceeded.append(f"{what}: {figure:.2f} is more than {at_most}.")


def markdown(*head: str, rows: Sequence[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write_readme(text: str) -> None:
    readme = ROOT / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split(START)
    _old, after = rest.split(END)
    readme.write_text(f"{before}{START}\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
