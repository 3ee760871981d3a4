"""News in the app and the mail that says there is some."""

import logging
from datetime import UTC, datetime, timedelta
from string import Formatter

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from exercises import words
from exercises.models import Notice, User
from exercises.services import notices
from tests.conftest import signed_in
from tests.worlds import CANARY, rows

URL = "/news/"


def body(client):
    return client.get(URL).content.decode()


def tell(user, kind="left_team", **more):
    notices.tell([user], kind, **({"who": "Dana", "record": "Maya R."} | more))


def test_news_is_there_at_the_next_page_until_it_is_read(cast, teen):
    assert "There is news for you" not in teen.get("/today/").content.decode()
    tell(cast.maya, patient=cast.patient)
    assert f'href="{URL}"' in teen.get("/today/").content.decode()
    assert "There is news for you" in teen.get("/today/").content.decode()
    page = body(teen)
    assert "Dana left the care team of Maya R." in page
    assert '<span class="pill">new</span>' in page
    assert teen.post(URL).headers["Location"] == URL
    page = body(teen)
    assert "Dana left the care team of Maya R." in page
    assert '<span class="pill">new</span>' not in page
    assert "I have read this" not in page
    assert "There is news for you" not in teen.get("/today/").content.decode()


def test_opening_it_reads_nothing(cast, teen):
    tell(cast.maya)
    before = rows()
    body(teen)
    assert rows() == before
    assert User.objects.get(pk=cast.maya.pk).has_news


def test_nobody_reads_or_marks_the_news_of_another(cast, teen, parent):
    tell(cast.maya)
    tell(cast.dana, "handed_over", by="Lee")
    assert "Dana left" not in body(parent)
    parent.post(URL)
    assert Notice.objects.get(user=cast.maya).read_at is None
    assert Notice.objects.get(user=cast.dana).read_at is not None
    assert User.objects.get(pk=cast.maya.pk).has_news


def test_newest_first_on_the_day_where_the_patient_lives(cast, parent):
    with time_machine.travel(datetime(2026, 11, 21, 3, tzinfo=UTC), tick=False) as clock:
        tell(cast.dana, who="First", patient=cast.patient)
        clock.shift(timedelta(hours=1))
        tell(cast.dana, who="Second", patient=cast.patient)
        page = body(signed_in(cast.dana))
    assert page.index("Second left") < page.index("First left")
    assert "Friday, November 20, 2026" in page


def test_a_link_to_the_team_for_who_is_on_it(cast, parent):
    tell(cast.dana, patient=cast.patient)
    address = reverse("team", args=[cast.patient.code])
    assert address in body(parent)
    cast.patient.team.filter(user=cast.dana).update(until=timezone.now())
    assert address not in body(parent)


def test_without_any(teen):
    assert "No news right now" in body(teen)


@pytest.mark.parametrize("kind", ["nobody knows this kind", ""])
def test_a_kind_without_a_sentence_still_says_something(cast, teen, kind):
    tell(cast.maya, kind, patient=cast.patient)
    assert "Something changed on the care team of Maya R." in body(teen)


@pytest.mark.parametrize("kind", words.NEWS)
def test_every_sentence_is_whole_with_its_params(kind):
    names = [name for _text, name, _spec, _how in Formatter().parse(str(words.NEWS[kind])) if name]
    said = words.news_sentence(kind, dict.fromkeys(names, "Xy"))
    assert "Xy" in said or not names
    assert "{" not in said
    assert "…" not in said


@pytest.mark.parametrize("kind", words.NEWS)
def test_a_sentence_without_its_params_is_no_error(kind):
    assert words.news_sentence(kind, {})


@pytest.mark.parametrize(
    ("record", "ends"), [("Maya R.", "of Maya R."), ("Maya", "of Maya."), ("M...", "M....")]
)
def test_a_name_may_end_in_a_period(record, ends):
    assert words.news_sentence("left_team", {"who": "Dana", "record": record}).endswith(ends)


def test_days_in_a_sentence_are_days():
    said = words.news_sentence("covers", {"who": "Pat", "by": "Lee", "record": "Maya", "until": "2026-11-30"})
    assert "Nov. 30, 2026" in said


def test_markup_in_a_name_is_text(cast, teen):
    tell(cast.maya, who="<b>{record}</b>")
    assert "&lt;b&gt;{record}&lt;/b&gt; left" in body(teen)


@pytest.mark.parametrize("count", [1, 60])
def test_queries(cast, teen, django_assert_num_queries, count):
    for _one in range(count):
        tell(cast.maya, patient=cast.patient)
    with django_assert_num_queries(5):  # session, user; news, links; roles for the navigation
        page = body(teen)
    assert page.count(">new</span>") == min(count, 50)


def test_it_needs_a_sign_in_and_knows_two_methods(client, teen):
    assert client.get(URL).status_code == 302
    assert teen.put(URL).status_code == 405
    assert teen.delete(URL).status_code == 405


# --- mail --------------------------------------------------------------------------------------------------


def address(user, **fields):
    fields = {"verified": True, "primary": True} | fields
    return EmailAddress.objects.create(user=user, email=f"{user.username}@example.org", **fields)


def test_a_mail_says_that_there_is_news_and_not_what(cast, settings, django_capture_on_commit_callbacks):
    settings.SITE_URL = "https://amps.example.org"
    address(cast.dana)
    cast.patient.name = f"Name {CANARY}"
    with django_capture_on_commit_callbacks(execute=True):
        tell(cast.dana, patient=cast.patient, record=cast.patient.name)
    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == ("There is news for you in AMPS Tracker", ["dana@example.org"])
    assert "https://amps.example.org/news/" in sent.body
    everything = f"{sent.subject} {sent.body} {sent.extra_headers}".lower()
    for kept in ("dana", "maya", CANARY, "pain", "therap", "teen", str(cast.patient.code)):
        assert kept not in everything


def test_without_a_known_address_of_the_site_there_is_no_link(
    cast, settings, django_capture_on_commit_callbacks
):
    settings.SITE_URL = ""
    address(cast.dana)
    with django_capture_on_commit_callbacks(execute=True):
        tell(cast.dana)
    assert "/news/" not in mail.outbox[0].body


def test_one_mail_each(cast, django_capture_on_commit_callbacks):
    for user in (cast.dana, cast.lee):
        address(user)
    with django_capture_on_commit_callbacks(execute=True):
        notices.tell_team(cast.patient, "left_team", but=None, who="x", record="y")
    assert sorted(sent.to for sent in mail.outbox) == [["dana@example.org"], ["lee@example.org"]]
    assert Notice.objects.filter(user=cast.maya).exists()


@pytest.mark.parametrize("how", ["none", "unverified", "deactivated", "only in the account"])
def test_who_gets_no_mail(cast, how, django_capture_on_commit_callbacks):
    if how == "only in the account":
        User.objects.filter(pk=cast.maya.pk).update(email="maya@example.org")
    elif how != "none":
        address(cast.maya, verified=how != "unverified")
    if how == "deactivated":
        User.objects.filter(pk=cast.maya.pk).update(is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        tell(cast.maya)
    assert mail.outbox == []


def test_a_mail_that_cannot_be_sent_changes_nothing(
    cast, settings, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    address(cast.dana)

    def refuse(*_args, **_options):
        raise OSError("dana@example.org was refused")

    monkeypatch.setattr("exercises.emails.news.get_connection", refuse)
    with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True):
        tell(cast.dana)
    assert Notice.objects.filter(user=cast.dana).count() == 1
    assert "news could not be mailed: OSError" in caplog.text
    assert "dana@" not in caplog.text


def test_what_is_rolled_back_is_not_mailed(cast, django_capture_on_commit_callbacks):
    address(cast.dana)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        tell(cast.dana)
        transaction.set_rollback(True)
    assert mail.outbox == []
    assert not Notice.objects.exists()
