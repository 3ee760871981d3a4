"""Many people who say yes to one invitation in the same moment: one of them joins."""

import http.client
import threading
import urllib.parse

import pytest

from tests import servers


@pytest.fixture
def site(tmp_path, own_database):
    with servers.running(tmp_path, own_database) as site:
        # The answers here are pages.
        site.manage("collectstatic", "--noinput", "--verbosity", "0", "--ignore", "admin")
        yield site


def say_yes(port, path, person, gate):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": person["cookie"],
        "X-CSRFToken": person["token"],
    }
    line.connect()
    gate.wait(timeout=30)
    line.request("POST", path, urllib.parse.urlencode({"answer": "yes", "agree": "on"}), headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status, answer.headers.get("Location", "")


def at_once(port, path, people):
    """The answers to everybody's yes, sent in the same instant."""
    gate, answers = threading.Barrier(len(people)), []
    threads = [
        threading.Thread(target=lambda person=person: answers.append(say_yes(port, path, person, gate)))
        for person in people
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_one_code_lets_one_in(site):
    invited = site.records("invited")
    for number, path in enumerate(invited["paths"], start=1):
        answers = at_once(site.port, path, invited["people"])
        let_in = [where for status, where in answers if status == 302]
        assert len(let_in) == 1, answers
        assert let_in[0].startswith("/patients/")
        # The others find a dead code; whoever is in since a code before may be told that instead.
        assert {status for status, _where in answers} <= {302, 404, 422}
        assert [status for status, _where in answers].count(422) < number
        assert site.records("joined") == dict.fromkeys(("links", "used", "agreed", "told"), number)
    assert "database is locked" not in site.log.read_text()
