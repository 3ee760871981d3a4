"""PostgreSQL goes away under load and comes back: eight times, half of them without a shutdown."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from tests import servers
from tests.faults import load

pytestmark = pytest.mark.postgres
RESTARTS = 8


class Cluster:
    """A PostgreSQL of its own, reached over a socket in its folder only."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.binaries, self.folder = binaries, folder
        self.url = f"postgres://postgres@/postgres?host={folder}"
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        initdb = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self._run("initdb", "-D", f"{folder}/data", *initdb)

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses=''"
        self._run(
            "pg_ctl",
            "-D",
            f"{self.folder}/data",
            "-w",
            "-s",
            "-l",
            f"{self.folder}/log",
            "-o",
            options,
            "start",
        )

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-s", "-m", mode, "stop")

    def _run(self, program: str, *arguments: str) -> None:
        # The server refuses to run as root.
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*user, str(self.binaries / program), *arguments], check=True, stdout=subprocess.DEVNULL
        )


@pytest.fixture
def cluster():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("no PostgreSQL server is installed")
    # Not tmp_path: the path of a socket may have 107 characters.
    with tempfile.TemporaryDirectory(prefix="pg.") as folder:
        cluster = Cluster(found[-1].parent, Path(folder))
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")


def test_a_restarted_database_costs_seconds_and_no_entry(tmp_path, cluster, record_property):
    back, modes = [], iter(["fast", "immediate"] * (RESTARTS // 2))

    def restart():
        cluster.stop(next(modes))
        time.sleep(0.3)
        cluster.start()
        back.append(time.monotonic())

    servers.Site(tmp_path, cluster.url).migrate()
    with servers.running(tmp_path, cluster.url) as site:
        one_by_one = load.entries(site.records("people"), 900)
        doubled = load.with_doubles(one_by_one, 0.3)
        outcome = load.send(site, doubled, clients=8, disturb=restart, times=RESTARTS)
        found = site.records("count")
    waits = [min(at for at in outcome.kept_at if at > moment) - moment for moment in back]
    figures = {
        "entries": len(outcome.kept), "requests": outcome.sent, "restarts": len(back),
        "503": outcome.statuses[503], "lost": len(outcome.kept - set(found["ids"])),
        "longest wait": round(max(waits), 2), "seconds": round(outcome.seconds, 1),
    }  # fmt: skip
    record_property("figures", figures)
    print(figures)  # noqa: T201
    assert (len(back), outcome.wrong) == (RESTARTS, [])
    assert outcome.statuses[503] > 0
    assert max(waits) <= 5
    assert found["ids"] == {entry.id: 1 for entry in one_by_one}
    assert found["minutes"] == sum(entry.minutes for entry in one_by_one)
    assert found["wrong_days"] == []
