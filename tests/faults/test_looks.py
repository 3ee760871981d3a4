"""Somebody else holds the database while a look is to be written: the page does not wait, the log tells."""

import http.client
import sqlite3
import time
from contextlib import closing, contextmanager

import psycopg
import pytest
from django.db import connection

from tests import servers

# Room for a slow machine; without the bound of 0.2 s a page would wait for as long as the lock holds.
LONGEST = 1.0
NOT_WRITTEN = "a look was not written: OperationalError"


@pytest.fixture
def site(tmp_path, own_database):
    # Pages name their static files by what is in them.
    collected = servers.Site(tmp_path, own_database).manage("collectstatic", "--noinput", "--ignore", "admin")
    assert collected.returncode == 0, collected.stderr
    with servers.running(tmp_path, own_database) as site:
        yield site


@contextmanager
def locked(url):
    """Nobody else can write who looked; everybody can read."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE exercises_accessrecord IN EXCLUSIVE MODE")
        yield


def test_row_19_a_page_does_not_wait_for_its_trace(site, own_database):
    looker = site.records("looker")
    first, second = looker["pages"]
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)) as line:
        # The worker loads its templates, and marks the sign-in as used.
        assert get(line, first, looker)[0] == 200
        with locked(own_database):
            # On one line each request waits for what the one before it has still to write.
            tries = [get(line, second, looker) for _again in range(3)]
            wait_until(lambda: site.log.read_text().count(NOT_WRITTEN) == 3)
    assert {status for status, _seconds in tries} == {200}
    assert max(seconds for _status, seconds in tries) < LONGEST, tries
    assert site.log.read_text().count("event=look_not_written") == 3
    assert site.records("looks") == {"looks": 1}
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)) as line:
        assert get(line, second, looker)[0] == 200
    wait_until(lambda: site.records("looks") == {"looks": 2})


def get(line, path, looker):
    """The status, and how long it took."""
    began = time.monotonic()
    line.request("GET", path, headers={"Cookie": looker["cookie"]})
    answer = line.getresponse()
    answer.read()
    return answer.status, time.monotonic() - began


def wait_until(true, seconds=10):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)
