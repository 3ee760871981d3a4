"""Who looked: one row an hour, written as the answer closes; a failure is nobody's but the log's."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.signals import request_finished
from django.db import DatabaseError, close_old_connections, connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from exercises import session_keys, traces
from exercises.models import AccessRecord
from exercises.models.choices import PageKind
from exercises.services import looks
from tests import factories
from tests.conftest import signed_in
from tests.pages import PAGES
from tests.worlds import furnish

NOON = datetime(2026, 11, 20, 18, 5, tzinfo=UTC)


def kept():
    return set(AccessRecord.objects.values_list("user__username", "patient__name", "seen_as", "kind"))


def test_the_table_knows_every_page_of_a_record():
    assert set(traces.KINDS) == set(PAGES)


def test_opening_a_patient_is_recorded(cast, parent, therapist):
    with time_machine.travel(NOON, tick=False):
        for client in (parent, therapist):
            assert client.get(reverse("patient", args=[cast.patient.code])).status_code == 200
    assert kept() == {
        ("dana", cast.patient.name, "parent", "record"),
        ("lee", cast.patient.name, "therapist", "record"),
    }
    assert {look.hour for look in AccessRecord.objects.all()} == {NOON.replace(minute=0)}


def test_each_kind_and_each_hour_once(cast, therapist):
    today = cast.patient.today().isoformat()
    with time_machine.travel(NOON, tick=False) as clock:
        for minutes in (0, 54, 1):
            clock.shift(timedelta(minutes=minutes))
            for name, *more in (("patient",), ("day", today), ("session-new",), ("history",)):
                assert therapist.get(reverse(name, args=[cast.patient.code, *more])).status_code == 200
            # Another process, which remembers nothing.
            looks.forget()
    hours = AccessRecord.objects.values_list("kind", "hour")
    noon = NOON.replace(minute=0)
    assert sorted(hours) == sorted(
        (kind, hour) for kind in ("record", "days", "history") for hour in (noon, noon + timedelta(hours=1))
    )


def test_the_teen_is_not_recorded_and_neither_are_lists(cast, teen, parent, therapist):
    for name in ("patient", "history", "words", "function"):
        assert teen.get(reverse(name, args=[cast.patient.code])).status_code == 200
    assert teen.get(reverse("today")).status_code == 200
    assert parent.get(reverse("family")).status_code == 200
    assert therapist.get(reverse("caseload")).status_code == 200
    assert not AccessRecord.objects.exists()


def test_borrowed_eyes_are_the_teens(cast, teen):
    session = teen.session
    link = cast.patient.team.get(user=cast.dana)
    session[session_keys.SEEING_AS] = [str(cast.patient.code), link.pk]
    session.save()
    answer = teen.get(reverse("patient", args=[cast.patient.code]))
    assert answer.context["viewer"].seeing_as == "parent"
    assert not AccessRecord.objects.exists()


def test_a_parent_in_a_younger_childs_place_is_recorded(cast):
    """Two parents see of each other that they looked."""
    cast.patient.team.filter(user=cast.maya).delete()
    signed_in(cast.dana).get(reverse("patient-today", args=[cast.patient.code]))
    assert kept() == {("dana", cast.patient.name, "parent", "days")}


def test_refusals_and_bad_addresses_are_no_look(cast, stranger, parent):
    code = cast.patient.code
    assert stranger.get(reverse("patient", args=[code])).status_code == 404
    assert parent.get(reverse("program-edit", args=[code])).status_code == 403
    assert parent.get(reverse("sessions", args=[code])).status_code == 405
    assert parent.get(reverse("day", args=[code, "2026-13-01"])).status_code == 404
    assert parent.head(reverse("patient", args=[code])).status_code == 200
    assert not AccessRecord.objects.exists()


def test_a_form_that_comes_back_has_shown_its_page(cast, therapist):
    """Else nonsense, sent on purpose, would open a page without a trace."""
    world = furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")
    answer = therapist.post(reverse("goals", args=[cast.patient.code]), {"text": ""})
    assert answer.status_code == 422
    assert world.private_goal.text in answer.text
    assert "function" in {kind for _who, _record, _as, kind in kept()}


def test_what_is_sent_and_redirected_is_an_entry_and_no_look(cast, parent):
    bout = {"day": cast.patient.today().isoformat(), "strand": "cardio", "minutes": "15"}
    bout["id"] = "7b8ee1a4-0a4c-4f5e-9c39-7a9a7f1dbb01"
    assert parent.post(reverse("sessions", args=[cast.patient.code]), bout).status_code == 302
    assert not AccessRecord.objects.exists()


def test_an_hour_costs_one_insert(cast, therapist):
    """Later pages of the hour ask the database for nothing on that account."""
    url = reverse("history", args=[cast.patient.code])
    first, second = (asked_by(lambda: therapist.get(url)) for _again in range(2))
    assert len([sql for sql in first if "accessrecord" in sql]) == 1
    assert not [sql for sql in second if "accessrecord" in sql]
    assert len(first) - len(second) <= 5  # the insert, a savepoint and the patience


def asked_by(act):
    asked = []

    def listen(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        act()
    return asked


def test_a_failure_is_logged_and_not_remembered(cast, therapist, monkeypatch, caplog, events):
    def away(*args, **kwargs):
        raise DatabaseError("secret words of Maya R.")

    url = reverse("patient", args=[cast.patient.code])
    with monkeypatch.context() as patch:
        patch.setattr(AccessRecord.objects, "bulk_create", away)
        assert therapist.get(url).status_code == 200
    assert not AccessRecord.objects.exists()
    assert "DatabaseError" in caplog.text
    assert "Maya" not in caplog.text
    who = f"user={cast.lee.pk} patient={cast.patient.pk}"
    line = f"event=look_not_written {who} kind=record seen_as=therapist"
    assert line in events
    assert therapist.get(url).status_code == 200
    assert AccessRecord.objects.count() == 1


def closes(response, viewer, name="patient"):
    """The answer as the innermost middleware passes it on."""
    request = RequestFactory().get(reverse(name, args=[viewer.patient.code]))
    response.look = (viewer, request)
    traces.note_looks(lambda request: response)(request)
    return response


def close(response):
    """As a server does, but for the connection, which the test still needs."""
    request_finished.disconnect(close_old_connections)
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)


@pytest.mark.parametrize("response", [HttpResponse("x"), StreamingHttpResponse(iter([b"x"]))], ids=type)
def test_it_is_written_when_the_answer_closes_and_not_before(cast, response):
    answer = closes(response, factories.viewer(cast.patient, cast.dana))
    assert not AccessRecord.objects.exists()
    close(answer)
    assert AccessRecord.objects.get().kind == "record"


def test_a_request_resumed_after_a_reauthentication_counts_as_itself(cast):
    """allauth answers a kept request from its own page: that page's name says nothing."""
    viewer, response = factories.viewer(cast.patient, cast.dana), HttpResponse("x")
    request = RequestFactory().get(reverse("history", args=[cast.patient.code]))
    response.look = (viewer, request)  # type: ignore[attr-defined]
    outer = RequestFactory().post(reverse("account_reauthenticate"))
    close(traces.note_looks(lambda request: response)(outer))
    assert AccessRecord.objects.get().kind == "history"


def test_a_page_that_is_not_in_the_table_counts_as_the_record(cast, monkeypatch):
    monkeypatch.delitem(traces.KINDS, "history")
    close(closes(HttpResponse("x"), factories.viewer(cast.patient, cast.dana), "history"))
    assert AccessRecord.objects.get().kind == "record"


def test_the_memory_has_a_bound(cast, monkeypatch):
    monkeypatch.setattr(looks, "MOST_REMEMBERED", 2)
    viewer = factories.viewer(cast.patient, cast.dana)
    for kind in PageKind:
        looks.note_look(viewer=viewer, kind=kind, now=timezone.now())
        assert len(looks._written) <= 2
    assert AccessRecord.objects.count() == len(PageKind)


def test_the_patience_is_put_back(cast, parent):
    """The next write of this connection waits as long as ever."""
    before = patience()
    parent.get(reverse("patient", args=[cast.patient.code]))
    assert AccessRecord.objects.exists()
    assert patience() == before


def patience():
    with connection.cursor() as cursor:
        asked = "PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW lock_timeout"
        cursor.execute(asked)
        return cursor.fetchone()[0]
