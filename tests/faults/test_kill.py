"""The server is killed under load, as a power switch or an out-of-memory killer does it."""

import pytest

from tests import servers
from tests.faults import load

POSTS, KILLS = 2000, 10


def under_kills(site, todo, kills):
    """Sends everything while the server is killed and started again, then counts what is there."""

    def kill():
        site.kill()
        site.start()

    outcome = load.send(site, todo, disturb=kill, times=kills)
    site.wait_until_up()
    return outcome, site.records("count")


def report(record_property, outcome, found, kills):
    lost = outcome.kept - set(found["ids"])
    double = {name for name, count in found["ids"].items() if count > 1}
    figures = {
        "entries": len(outcome.kept),
        "requests": outcome.sent,
        "aborted": outcome.aborted,
        "kills": kills,
        "hung up": outcome.hung_up,
        "lost": len(lost),
        "double": len(double),
        "seconds": round(outcome.seconds, 1),
    }
    record_property("figures", figures)
    print(figures)  # noqa: T201
    return lost, double


def test_nothing_that_was_acknowledged_is_lost_or_double(tmp_path, own_database, record_property):
    with servers.running(tmp_path, own_database) as site:
        one_by_one = load.entries(site.records("people"), POSTS, aborts=0.1)
        outcome, found = under_kills(site, load.with_doubles(one_by_one, 0.3), KILLS)
    lost, double = report(record_property, outcome, found, KILLS)
    assert (lost, double, outcome.wrong) == (set(), set(), [])
    assert outcome.kept == set(found["ids"]) == {entry.id for entry in one_by_one}
    assert max(outcome.created.values()) == 1
    assert found["wrong_days"] == []
    assert found["minutes"] == sum(entry.minutes for entry in one_by_one)
    assert outcome.hung_up > 0, "no kill hit a request"
    log = site.log.read_text()
    assert "database is locked" not in log
    assert "Traceback" not in log


def test_the_control_that_answers_before_it_commits_loses_entries(tmp_path, own_database, record_property):
    """If this one came out clean, the test above could not see a loss."""
    with servers.running(tmp_path, own_database, "tests.faults.early_answer") as site:
        one_by_one = load.entries(site.records("people"), 400)
        outcome, found = under_kills(site, one_by_one, 2)
    lost, _ = report(record_property, outcome, found, 2)
    assert lost


@pytest.mark.postgres
def test_the_control_that_looks_before_it_inserts_makes_doubles(tmp_path, own_database, record_property):
    """SQLite's one writer hides it; so the tests of doubles have to run on PostgreSQL too."""
    with servers.running(tmp_path, own_database, "tests.faults.look_first") as site:
        site.records("unguard")
        rounds = [[entry] * 8 for entry in load.entries(site.records("people"), 60)]
        outcome, found = load.at_once(site, rounds), site.records("count")
    _, double = report(record_property, outcome, found, 0)
    assert double
