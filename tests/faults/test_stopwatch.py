"""A timer on the night the clocks go back, while the server is killed; and many who stop it at once."""

import http.client
import threading
import urllib.parse

import pytest

from tests import servers

# In New York 1:50 in the morning; forty minutes later it is 1:30 again.
BEFORE, AFTER = "2026-11-01T05:50:00+00:00", "2026-11-01T06:30:00+00:00"
DEVICES = 8


@pytest.fixture
def site(tmp_path, own_database):
    with servers.running(tmp_path, own_database, "tests.faults.other_clock", CLOCK=BEFORE) as site:
        yield site


def send(site, person, path, gate=None, **fields):
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": person["cookie"],
        "X-CSRFToken": person["token"],
    }
    line.connect()
    if gate:
        gate.wait(timeout=30)
    line.request("POST", f"{person['record']}{path}", urllib.parse.urlencode(fields), headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status, answer.headers.get("Location", "")


def at_once(site, person, path, **fields):
    """The answers to the same button, pressed on many devices in the same instant."""
    gate, answers = threading.Barrier(DEVICES), []
    threads = [
        threading.Thread(target=lambda: answers.append(send(site, person, path, gate, **fields)))
        for _device in range(DEVICES)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def went_down_and_came_back(site, clock):
    site.kill()
    site.env["CLOCK"] = clock
    site.start()
    site.wait_until_up()


def one_saved(site, answers):
    """Everybody is led on, one of them with what was saved just now."""
    assert [status for status, _where in answers] == [302] * DEVICES, answers
    assert sum("?saved=" in where for _status, where in answers) == 1, answers
    assert "database is locked" not in site.log.read_text()


def test_the_right_minutes_once(site):
    person = site.records("timed")
    starts = at_once(site, person, "timer/", strand="cardio")
    assert {status for status, _where in starts} == {302}
    assert site.records("ran")["running"] == 1
    went_down_and_came_back(site, AFTER)
    one_saved(site, at_once(site, person, "timer/act/", do="stop", id=site.records("ran")["id"]))
    assert site.records("ran") == {
        "id": None,
        "running": 0,
        "sessions": [["cardio", 40, "2026-11-01", "timer", 0]],
        "wrong_days": [],
    }


def test_a_guided_session_on_a_rough_surface_is_two_in_step(site):
    person = site.records("timed")
    send(site, person, "guided/", rough="on")
    running = site.records("ran")["id"]
    one_by_one = at_once(site, person, "guided/act/", do="set", id=running, step=0, sets=1)
    assert {status for status, _where in one_by_one} == {302}
    went_down_and_came_back(site, AFTER)
    one_saved(site, at_once(site, person, "guided/act/", do="set", id=running, step=0, sets=2))
    found = site.records("ran")
    assert found["sessions"] == [
        ["exercises", 40, "2026-11-01", "guided", 1],
        ["desensitization", 40, "2026-11-01", "guided", 0],
    ]
    assert (found["running"], found["wrong_days"]) == (0, [])
