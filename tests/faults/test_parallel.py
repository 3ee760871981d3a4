"""The same moment, many phones."""

import pytest

from tests import servers
from tests.faults import load


@pytest.fixture
def site(tmp_path, own_database):
    with servers.running(tmp_path, own_database) as site:
        yield site


def test_one_id_sent_at_once_is_one_session(site):
    one_by_one = load.entries(site.records("people"), 40)
    outcome, found = load.at_once(site, [[entry] * 8 for entry in one_by_one]), site.records("count")
    assert outcome.wrong == []
    assert found["ids"] == {entry.id: 1 for entry in one_by_one}
    assert outcome.created == {entry.id: 1 for entry in one_by_one}
    assert outcome.statuses == {201: 40, 200: 280}
    assert found["wrong_days"] == []


def test_different_sessions_of_a_day_lose_none_and_add_up(site):
    """All of one teen and one day: the totals are recounted by whoever commits last."""
    people = site.records("people")
    people["teens"] = people["teens"][:1]
    one_by_one = [entry for entry in load.entries(people, 160 * 7) if entry.day == people["today"]]
    outcome = load.at_once(site, [one_by_one[n : n + 16] for n in range(0, 160, 16)])
    found = site.records("count")
    assert outcome.statuses == {201: 160}
    assert found["ids"] == {entry.id: 1 for entry in one_by_one}
    assert found["minutes"] == sum(entry.minutes for entry in one_by_one)
    assert found["wrong_days"] == []
    assert "database is locked" not in site.log.read_text()
