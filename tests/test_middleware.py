"""What holds for every request, whatever the view."""

from io import BytesIO

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from exercises import middleware
from exercises.models import TherapySession


def passed_on(request: HttpRequest) -> HttpResponse:
    return HttpResponse("passed on")


def body_check(**environ):
    environ = {"CONTENT_TYPE": "application/x-www-form-urlencoded"} | environ
    request = RequestFactory().post("/", **environ)
    request.META.update(environ)
    return middleware.refuse_unfit_bodies(passed_on)(request)


def test_a_large_body_is_refused_before_it_is_read():
    class Unread(BytesIO):
        def read(self, *args):
            raise AssertionError("the body was read")

    most = settings.MOST_BODY_BYTES
    refused = body_check(CONTENT_LENGTH=str(most + 1), **{"wsgi.input": Unread()})
    assert refused.status_code == 413
    assert body_check(CONTENT_LENGTH=str(most), **{"wsgi.input": BytesIO(b"x" * most)}).status_code == 200


@pytest.mark.parametrize(("body", "status"), [(b"minutes=150", 200), (b"minutes=15", 400), (b"", 400)])
def test_a_body_that_was_cut_off_is_refused(body, status):
    assert body_check(CONTENT_LENGTH="11", **{"wsgi.input": BytesIO(body)}).status_code == status


def test_a_line_that_breaks_is_a_body_that_was_cut_off():
    class Broken(BytesIO):
        def read(self, *args):
            raise OSError("connection reset by peer")

    assert body_check(CONTENT_LENGTH="11", **{"wsgi.input": Broken()}).status_code == 400


@pytest.mark.parametrize("length", ["", "0", "x", "-1"])
def test_a_request_without_a_body_passes(length):
    assert body_check(CONTENT_LENGTH=length, **{"wsgi.input": BytesIO()}).status_code == 200


def test_row_18_413_is_a_page_for_a_person(teen, patient):
    response = teen.post(reverse("sessions", args=[patient.code]), {"texture": "x" * 300_000})
    assert response.status_code == 413
    assert "<h1>" in response.text
    assert not TherapySession.objects.exists()


def test_row_16_every_answer_says_that_it_is_kept_nowhere(teen, client, patient):
    paths = [
        "/",
        "/healthz",
        "/nowhere",
        reverse("account_login"),
        reverse("session-new", args=[patient.code]),
    ]
    for path in paths:
        for somebody in (teen, client):
            assert "no-store" in somebody.get(path)["Cache-Control"], path


def test_a_header_that_a_view_set_stays():
    response = HttpResponse(headers={"Cache-Control": "max-age=60"})
    assert middleware.headers(lambda request: response)(HttpRequest())["Cache-Control"] == "max-age=60"


def test_a_wrong_method_gets_words_and_the_right_methods(teen, patient):
    response = teen.get(reverse("sessions", args=[patient.code]))
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "<h1>" in response.text
    assert teen.post("/healthz").status_code == 405


@pytest.mark.parametrize("path", ["/", "/patients/00000000-0000-0000-0000-000000000000/sessions/"])
def test_signed_out_a_page_redirects_a_script_gets_401(client, db, path):
    assert client.get(path)["Location"] == f"{reverse('account_login')}?next={path}"
    response = client.get(path, headers={"Accept": "application/json"})
    assert (response.status_code, response.json()) == (401, {"code": "signed_out"})


def test_signed_out_htmx_is_told_where_to_sign_in(client, db):
    url = "http://testserver/today/?x=1"
    response = client.post("/", headers={"HX-Request": "true", "HX-Current-URL": url})
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/accounts/login/?next=http%3A//testserver/today/%3Fx%3D1"
    assert client.get("/", headers={"HX-Request": "true"})["HX-Redirect"] == "/accounts/login/?next=/"


def test_a_browsers_wish_for_anything_is_not_a_wish_for_json(client, db):
    accepts = "text/html,application/xhtml+xml,*/*;q=0.8"
    assert client.get("/", headers={"Accept": accepts}).status_code == 302


def test_a_signed_out_script_without_a_token_needs_a_sign_in_first(patient):
    client = Client(enforce_csrf_checks=True)
    url = reverse("sessions", args=[patient.code])
    assert client.post(url, headers={"Accept": "application/json"}).json() == {"code": "signed_out"}
    assert client.post(url).status_code == 403
