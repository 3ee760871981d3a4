"""Many cheers of one parent in the same moment: one a day is kept, and one form is one cheer."""

import http.client
import threading
import urllib.parse
import uuid

import pytest

from tests import servers

AT_ONCE = 8


@pytest.fixture
def site(tmp_path, own_database):
    with servers.running(tmp_path, own_database) as site:
        # The answers here are pages.
        site.manage("collectstatic", "--noinput", "--verbosity", "0", "--ignore", "admin")
        yield site


def send(port, path, person, data, gate):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": person["cookie"],
        "X-CSRFToken": person["token"],
    }
    line.connect()
    gate.wait(timeout=30)
    line.request("POST", path, urllib.parse.urlencode(data), headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status


def at_once(port, path, person, forms):
    gate, statuses = threading.Barrier(len(forms)), []
    threads = [
        threading.Thread(target=lambda data=data: statuses.append(send(port, path, person, data, gate)))
        for data in forms
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def test_one_cheer_a_day_is_kept_whatever_comes_at_once(site):
    found = site.records("cheerers")
    first, second = found["parents"]
    differing = [{"id": uuid.uuid4(), "text": f"Good words {number}"} for number in range(AT_ONCE)]
    assert at_once(site.port, found["path"], first, differing) == [302] + [422] * (AT_ONCE - 1)
    alike = [{"id": uuid.uuid4(), "text": "Good words"}] * AT_ONCE
    assert at_once(site.port, found["path"], second, alike) == [302] * AT_ONCE
    assert site.records("cheers")["by"] == {"parent0": 1, "parent1": 1}
