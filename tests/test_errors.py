"""Every refusal: words for a person, a code for a script, and nothing half-written."""

import logging

import pytest
from django.db import DataError, InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from exercises import access
from exercises.models import TherapySession
from exercises.services import totals
from tests.test_sessions_json import bout

JSON = {"Accept": "application/json"}


@pytest.fixture
def calm(teen, caplog):
    """maya's client, which gets the answer instead of the exception."""
    caplog.set_level(logging.CRITICAL, logger="django.request")
    teen.raise_request_exception = False
    return teen


def breaks(monkeypatch, error):
    def broken(*args, **kwargs):
        raise error

    monkeypatch.setattr(totals, "recount", broken)


@pytest.mark.parametrize("error", [RuntimeError("secret"), DataError("secret"), KeyError("secret")])
def test_row_21_a_defect_is_a_plain_500_and_rolls_back(calm, patient, monkeypatch, error):
    breaks(monkeypatch, error)
    url = reverse("sessions", args=[patient.code])
    page, answer = calm.post(url, bout()), calm.post(url, bout(), headers=JSON)
    assert (page.status_code, answer.status_code) == (500, 500)
    assert answer.json() == {"code": "error"}
    assert "Something broke" in page.text
    assert "secret" not in page.text
    assert not page.has_header("Retry-After")
    assert not TherapySession.objects.exists()
    assert not patient.daily_logs.exists()


@pytest.mark.parametrize("error", [OperationalError("secret"), InterfaceError("secret")])
def test_row_21_a_database_that_goes_away_is_503_and_rolls_back(calm, patient, monkeypatch, error):
    breaks(monkeypatch, error)
    url = reverse("sessions", args=[patient.code])
    page, answer = calm.post(url, bout()), calm.post(url, bout(), headers=JSON)
    assert (page.status_code, answer.status_code) == (503, 503)
    assert answer.json() == {"code": "unavailable"}
    assert "A short break" in page.text
    assert "secret" not in page.text
    assert int(page["Retry-After"]) > 0
    assert int(answer["Retry-After"]) > 0
    assert not TherapySession.objects.exists()


@pytest.mark.parametrize("path", ["/", "/healthz"])
def test_a_database_that_is_away_from_the_start_is_503(calm, monkeypatch, path):
    """Not even the sign-in can be looked up, and the page for it asks for nothing."""

    def away(*args, **kwargs):
        raise OperationalError("the database system is starting up")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        page, answer = calm.get(path), calm.get(path, headers=JSON)
    assert (page.status_code, answer.status_code) == (503, 503)
    assert page["Retry-After"] == answer["Retry-After"]
    assert calm.get("/healthz").status_code == 200


def test_the_page_of_a_defect_does_not_ask_who_is_there(calm, monkeypatch, django_assert_num_queries):
    def broken(user):
        raise RuntimeError

    monkeypatch.setattr(access, "roles_of", broken)
    with django_assert_num_queries(2):  # the session and the user, asked for before the defect
        assert calm.get("/").status_code == 500


@pytest.mark.parametrize(
    "path", ["/nowhere", "/patients/x/", "/patients/00000000-0000-0000-0000-000000000000/sessions/new/"]
)
def test_nothing_here(teen, path):
    page, answer = teen.get(path), teen.get(path, headers=JSON)
    assert (page.status_code, answer.status_code) == (404, 404)
    assert "<h1>" in page.text
    assert answer.json() == {"code": "not_found"}


def test_a_strangers_404_is_the_same_as_nowhere(stranger, patient):
    there = stranger.get(reverse("session-new", args=[patient.code]))
    nowhere = stranger.get("/patients/00000000-0000-0000-0000-000000000000/sessions/new/")
    assert (there.status_code, there.content) == (404, nowhere.content)


def test_not_yours_to_do(parent, patient):
    url = reverse("day", args=[patient.code, patient.today().isoformat()])
    page, answer = parent.post(url, {"harder": "yes"}), parent.post(url, {"harder": "yes"}, headers=JSON)
    assert (page.status_code, answer.status_code) == (403, 403)
    assert "<h1>" in page.text
    assert answer.json() == {"code": "forbidden"}


def test_an_old_page_is_told_so(cast, patient):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.maya)
    url = reverse("sessions", args=[patient.code])
    page, answer = client.post(url, bout()), client.post(url, bout(), headers=JSON)
    assert (page.status_code, answer.status_code) == (403, 403)
    assert "load the page again" in page.text
    assert answer.json() == {"code": "csrf"}


def test_a_host_that_is_not_ours(client, db):
    page, answer = (
        client.get("/", headers={"Host": "evil.example"}),
        client.get("/", headers=JSON | {"Host": "evil.example"}),
    )
    assert (page.status_code, answer.status_code) == (400, 400)
    assert answer.json() == {"code": "bad_request"}
