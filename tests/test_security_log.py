"""The log of security events: one line each, in UTC, and never a word of anybody's."""

import logging
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_used
from django.conf import settings
from django.db.transaction import atomic, set_rollback
from django.test import Client
from django.urls import reverse

from exercises import security
from exercises.services import closing, erasure
from tests.conftest import signed_in
from tests.factories import PASSWORD
from tests.pages import PAGES, SIGNED_IN, url_of
from tests.worlds import furnish

JSON = {"Accept": "application/json"}


def test_row_19_a_line_is_in_utc_and_on_its_own(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        formatter = settings.LOGGING["formatters"]["utc"]
        record = logging.LogRecord(security.LOGGER.name, logging.INFO, "", 0, "event=x", None, None)
        record.created = 1795193645.5
        line = security.UTCFormatter(formatter["format"]).format(record)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert line == "2026-11-20T16:54:05Z amps.security event=x"


def test_what_is_told_cannot_look_like_a_second_event(events):
    security.note("x", page="a b=c\nevent=signed_in user=1", user=None, factor="", status=0)
    assert events == ["event=x page=a_b_c_event_signed_in_user_1 status=0"]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("", ""),
        (None, ""),
        ("teen-phone", ""),
    ],
)
def test_of_an_address_only_the_network_is_kept(address, network):
    assert security.network(address) == network


def sign_in(client, password=PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": "sam", "password": password}, **extra)


def test_row_19_signing_in_and_out(cast, client, events):
    assert sign_in(client).status_code == 302
    client.post(reverse("account_logout"))
    assert events == [f"event=signed_in user={cast.sam.pk}", f"event=signed_out user={cast.sam.pk}"]


def test_row_19_a_try_that_did_not_succeed_tells_nothing_that_was_typed(cast, client, events):
    sign_in(client, "a-password-that-is-wrong", REMOTE_ADDR="203.0.113.77")
    assert events == ["event=sign_in_failed network=203.0.113.0/24"]


def test_row_19_a_changed_password(cast, events):
    new = "seven brave otters dancing"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client = signed_in(cast.sam)
    events.clear()
    assert client.post(reverse("account_change_password"), form).status_code == 302
    assert f"event=password_changed user={cast.sam.pk}" in events
    assert new not in str(events)


def test_row_19_second_factors(cast, rf, events):
    request = rf.get("/")
    request.session = signed_in(cast.lee).session
    events.clear()
    factor = Authenticator(user=cast.lee, type=Authenticator.Type.TOTP, data={"secret": "geheim"})
    for signal in (authenticator_added, authenticator_used):
        signal.send(Authenticator, request=request, user=cast.lee, authenticator=factor)
    authentication_failed.send(Authenticator, request=request, user=cast.lee, authenticator=factor)
    user = cast.lee.pk
    assert events == [
        f"event=factor_added user={user} factor=totp",
        f"event=factor_used user={user} factor=totp",
        f"event=factor_failed user={user}",
    ]


def test_row_19_reads_of_records(cast, therapist, events):
    therapist.get(reverse("patient", args=[cast.patient.code]))
    therapist.get(reverse("patient", args=[cast.patient.code]))
    where = f"user={cast.lee.pk} patient={cast.patient.pk}"
    assert [line for line in events if "record_read" in line] == [
        f"event=record_read {where} kind=record seen_as=therapist"
    ]


REFUSED = {
    401: ("nobody", "get", "patient", JSON),
    302: ("nobody", "get", "patient", {}),
    403: ("parent", "get", "program-edit", {}),
    404: ("stranger", "get", "patient", {}),
    405: ("teen", "get", "sessions", {}),
    413: ("teen", "large", "sessions", {}),
}


@pytest.mark.parametrize("status", REFUSED)
def test_row_19_each_refusal_is_one_event(cast, events, status):
    who, method, name, headers = REFUSED[status]
    people = {"parent": cast.dana, "stranger": cast.sam, "teen": cast.maya}
    client = signed_in(people[who]) if who in people else Client()
    events.clear()
    url = reverse(name, args=[cast.patient.code])
    if method == "large":
        answer = client.post(url, {"texture": "x" * 300_000}, headers=headers)
    else:
        answer = client.get(url, headers=headers)
    assert answer.status_code == status
    # A body that is too large is refused before anybody is asked who sends it.
    known = status not in (401, 302, 413)
    by = f"user={people[who].pk}" if known else "network=127.0.0.0/24"
    page = "" if status == 413 else f" page={name}"
    assert events == [f"event=refused status={status} method={'POST' if status == 413 else 'GET'}{page} {by}"]


def test_row_19_a_forged_form_is_one_event(cast, events):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.maya)
    events.clear()
    assert client.post(reverse("sessions", args=[cast.patient.code])).status_code == 403
    assert events == [f"event=refused status=403 method=POST page=sessions user={cast.maya.pk}"]


def test_row_19_too_many_tries_are_one_event_each(cast, client, events):
    answers = [sign_in(client, "a-password-that-is-wrong").status_code for _try in range(6)]
    assert answers[-1] == 429
    assert events[-1] == ("event=refused status=429 method=POST page=account_login network=127.0.0.0/24")
    assert [line for line in events if "refused" in line] == events[-1:]


def test_row_19_a_closed_account_and_an_erased_record(cast, events, django_capture_on_commit_callbacks):
    """Told once it is kept: what is rolled back is no event."""
    patient, other = cast.patient.pk, cast.other
    with django_capture_on_commit_callbacks(execute=True):
        closing.close_account(user=cast.maya)
        assert erasure.erase_unasked(patient=cast.patient)
        assert not [line for line in events if "closed" in line or "erased" in line]
    assert f"event=account_closed user={cast.maya.pk}" in events
    assert f"event=record_erased patient={patient}" in events
    with django_capture_on_commit_callbacks(execute=True), atomic():
        assert erasure.erase_unasked(patient=other)
        set_rollback(True)
    assert f"event=record_erased patient={other.pk}" not in events


def test_a_page_that_is_nowhere_is_no_event(teen, events):
    events.clear()
    for path in ("/nowhere", "/favicon.ico", "/patients/x/"):
        assert teen.get(path).status_code == 404
    assert events == []


def test_a_method_that_somebody_made_up_is_not_told(cast, teen, events):
    teen.generic("KANARIE", reverse("sessions", args=[cast.patient.code]))
    assert events[-1].startswith("event=refused status=405 method=other ")


def test_row_19_nobodys_words_are_in_any_log(cast, caplog, events):
    """Over every page, everybody, GET and POST: no name, no note, no password, no code."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.CRITICAL, "django.db.backends")
    world = furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")
    typed = {"text": f"typed {world.word}", "name": world.word, "reason": world.word, "code": world.word}
    for user in (cast.maya, cast.dana, cast.lee, cast.sam):
        client = signed_in(user)
        client.raise_request_exception = True
        for url in [url_of(cast, world, name) for name in PAGES] + [reverse(name) for name in SIGNED_IN]:
            client.get(url)
        for name in PAGES:
            client.post(url_of(cast, world, name), typed)
    sign_in(Client())
    sign_in(Client(), f"wrong {world.word}")
    Client().get(f"/patients/{cast.patient.code}/")
    told = "\n".join([*events, *(record.getMessage() for record in caplog.records)])
    assert "event=record_read" in told and "event=refused" in told
    for secret in (world.word, "Maya", "dana", PASSWORD, str(cast.patient.code), str(cast.other.code)):
        assert secret not in told, secret
