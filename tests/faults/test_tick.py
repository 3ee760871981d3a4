"""The nightly job on several machines at once."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

from tests import servers

RECORDS = 12


def counts(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    return {name: int(count) for name, count in (line.split(": ") for line in done.stdout.splitlines())}


def test_each_record_is_erased_and_counted_once(tmp_path, own_database):
    """Four at once: together they count what there was, and none of them stumbles over another."""
    site = servers.Site(tmp_path, own_database, TOMBSTONES=str(tmp_path / "tombstones.txt"))
    filled = site.python("-m", "tests.erased", "due", str(RECORDS))
    assert filled.returncode == 0, filled.stderr
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _n: site.manage("tick"), range(4)))
    assert [done.returncode for done in runs] == [0] * 4, "\n".join(done.stderr for done in runs)
    found = [counts(done) for done in runs]
    assert sum(one["records erased"] for one in found) == RECORDS
    assert sum(one["old news deleted"] for one in found) == RECORDS
    again = counts(site.manage("tick"))
    assert again["records erased"] == again["records forgotten again"] == 0
    assert (tmp_path / "tombstones.txt").read_text().count("amps-tombstone") >= RECORDS
