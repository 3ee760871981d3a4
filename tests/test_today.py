import re
import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from exercises.models import DailyLog, DayOff, Patient, Program, RoutineSlot
from tests import factories

# 10 a.m. on a Friday in Chicago, maya's zone.
MORNING = datetime(2026, 11, 20, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MORNING, tick=False):
        yield


def page(client, **query):
    return client.get(reverse("today"), query)


def strand(html, name):
    """Done, target and met, as the page has them."""
    mark = rf'data-strand="{name}" data-done="(\d+)" data-target="(\d*)" data-met="(yes|no)"'
    (found,) = re.findall(mark, html)
    return found


def forms(html):
    """The hidden fields of every one-tap form."""
    blocks = re.findall(r"<form method=\"post\" action=\"[^\"]*/sessions/\".*?</form>", html, re.S)
    return [dict(re.findall(r'name="(\w+)" value="([^"]*)"', block)) for block in blocks]


def tap(client, response, **wanted):
    """Sends the first one-tap form of the page that fits."""
    fields = next(f for f in forms(response.content.decode()) if wanted.items() <= f.items())
    return client.post(
        reverse("sessions", args=[response.context["viewer"].patient.code]), fields, follow=True
    )


def test_an_empty_day_shows_every_strand_and_offers_one(teen):
    response = page(teen)
    html = response.content.decode()
    assert response.status_code == 200
    assert strand(html, "cardio") == ("0", "15", "no")
    assert strand(html, "exercises") == ("0", "30", "no")
    assert strand(html, "desensitization") == ("0", "5", "no")
    assert strand(html, "stress") == ("0", "", "no")
    assert response.context["page"].next.offer.strand == "desensitization"
    assert 'data-day="2026-11-20" data-status="today"' in html


def test_one_tap_logs_the_usual_dose_and_offers_undo(teen, cast):
    response = tap(teen, page(teen), strand="desensitization")
    session = cast.patient.sessions.get()
    assert (session.minutes, session.source, session.entered_as) == (5, "tap", "patient")
    assert strand(response.content.decode(), "desensitization")[0] == "1"
    assert response.context["page"].just_saved.row.id == session.client_id
    undone = teen.post(
        reverse("session-void", args=[cast.patient.code, session.client_id]), {"next": "today"}, follow=True
    )
    assert strand(undone.content.decode(), "desensitization")[0] == "0"
    assert undone.context["page"].just_saved.what == "removed"


def test_a_removed_entry_can_be_put_back(teen, cast):
    removed = factories.session(cast.patient, cast.maya, "cardio", 12)
    response = teen.post(
        reverse("session-void", args=[cast.patient.code, removed.client_id]), {"next": "today"}, follow=True
    )
    assert "Cardio removed." in response.content.decode()
    put_back = reverse("session-restore", args=[cast.patient.code, removed.client_id])
    response = teen.post(put_back, {"next": "today"}, follow=True)
    assert "Cardio saved. 12 min" in response.content.decode().replace("\xa0", " ")
    assert cast.patient.sessions.live().get() == removed


def test_the_same_form_sent_twice_is_one_session(teen, cast):
    fields = forms(page(teen).content.decode())[0]
    for _ in range(2):
        response = teen.post(reverse("sessions", args=[cast.patient.code]), fields, follow=True)
        assert response.status_code == 200
    assert cast.patient.sessions.count() == 1
    assert "That one was saved before." in response.content.decode()
    assert f"{reverse('session-new', args=[cast.patient.code])}?strand=" in response.content.decode()


def test_the_same_again_within_a_minute_is_asked_about_and_can_be_meant(teen, cast):
    response = tap(teen, page(teen), strand="desensitization")
    with time_machine.travel(MORNING + timedelta(seconds=20), tick=False):
        asked = tap(teen, response, strand="desensitization")
        assert "Same again?" in asked.content.decode()
        assert "20 seconds ago" in asked.content.decode()
        assert cast.patient.sessions.count() == 1
        teen.post(reverse("sessions", args=[cast.patient.code]), dict(asked.context["hidden"]))
    assert cast.patient.sessions.count() == 2


def test_after_a_minute_nothing_is_asked(teen, cast):
    response = tap(teen, page(teen), strand="desensitization")
    with time_machine.travel(MORNING + timedelta(seconds=61), tick=False):
        tap(teen, response, strand="desensitization")
    assert cast.patient.sessions.count() == 2


def test_another_choice_can_be_asked_for(teen):
    response = page(teen, offer="stress")
    assert response.context["page"].next.offer.strand == "stress"
    assert "desensitization" in response.context["page"].other_offers
    assert page(teen, offer="nonsense").context["page"].next.offer.strand == "desensitization"


def test_what_is_left_of_a_strand_can_be_logged_as_it_is(teen, cast):
    factories.session(cast.patient, cast.maya, "exercises", 18)
    found = page(teen, offer="exercises").context["page"]
    assert (found.next.offer.minutes, found.left_tap.offer.minutes) == (30, 12)


def test_the_usual_dose_of_the_program_is_offered(teen, cast):
    Program.objects.filter(patient=cast.patient).update(usual_desensitization=10, usual_cardio=20)
    taps = page(teen).context["page"].taps
    assert (taps["desensitization"].offer.minutes, taps["cardio"].offer.minutes) == (10, 20)


def test_the_next_card_names_the_slot_and_the_prescribed_activity(teen, cast):
    slot = RoutineSlot.objects.create(patient=cast.patient, name="after waking", at=time(7))
    RoutineSlot.objects.create(patient=cast.patient, name="only on Sundays", at=time(8), weekdays=0b1000000)
    towel = factories.activity("Towel rub", "desensitization")
    factories.item(cast.patient.programs.get(), towel, body_area="left_foot")
    response = tap(teen, page(teen), strand="desensitization")
    session = cast.patient.sessions.get()
    assert (session.slot, session.activity) == (slot, towel)
    assert "only on Sundays" not in response.content.decode()


def test_the_plan_is_done_only_with_calm(teen, cast):
    factories.session(cast.patient, cast.maya, "cardio", 15)
    factories.session(cast.patient, cast.maya, "exercises", 30)
    for _ in range(5):
        factories.session(cast.patient, cast.maya, "desensitization", 5)
    open_calm = page(teen)
    assert open_calm.context["page"].status == "met"
    assert "Enough" not in open_calm.content.decode()
    assert open_calm.context["page"].next.offer.strand == "stress"
    factories.session(cast.patient, cast.maya, "stress", None)
    done = page(teen)
    assert "That's today's plan. Enough." in done.content.decode()
    assert done.context["page"].next is None


def test_extra_minutes_are_shown_once_and_fill_nothing_else(teen, cast):
    factories.session(cast.patient, cast.maya, "cardio", 40)
    html = page(teen).content.decode()
    assert "+ 25 min" in html
    assert strand(html, "exercises") == ("0", "30", "no")


def test_a_short_desensitization_is_kept_and_said(teen, cast):
    factories.session(cast.patient, cast.maya, "desensitization", 2)
    html = page(teen).content.decode()
    assert strand(html, "desensitization")[0] == "0"
    assert "2 min saved; 5 makes a slot" in html.replace("\xa0", " ")


def test_a_harder_day_has_the_same_plan_in_pieces(teen, cast):
    url = reverse("day", args=[cast.patient.code, "2026-11-20"])
    response = teen.post(url, {"harder": "yes", "next": "today"}, follow=True)
    taps = response.context["page"].taps
    assert "A harder day" in response.content.decode()
    assert (taps["cardio"].offer.minutes, taps["exercises"].offer.minutes) == (5, 10)
    assert taps["desensitization"].offer.minutes == 5
    assert strand(response.content.decode(), "cardio") == ("0", "15", "no")
    undone = teen.post(url, {"harder": "no", "next": "today"}, follow=True)
    assert undone.context["page"].harder is False


def test_the_check_in_is_one_tap_a_part(teen, cast):
    url = reverse("day", args=[cast.patient.code, "2026-11-20"])
    teen.post(url, {"school": "part", "next": "today"})
    teen.post(url, {"friends": "yes", "next": "today"})
    row = DailyLog.objects.get(patient=cast.patient)
    assert (row.school, row.friends, row.activities) == ("part", "yes", "")
    assert page(teen).context["page"].life == {
        "school": "part",
        "friends": "yes",
        "activities": "",
        "home": "",
    }


def test_yesterday_is_asked_about_once_and_only_in_the_morning(teen, cast):
    assert page(teen).context["page"].ask_yesterday
    teen.post(reverse("yesterday-asked", args=[cast.patient.code]))
    assert not page(teen).context["page"].ask_yesterday
    with time_machine.travel(MORNING + timedelta(days=1), tick=False):
        teen.force_login(cast.maya)
        assert page(teen).context["page"].ask_yesterday
    with time_machine.travel(MORNING + timedelta(days=1, hours=2), tick=False):
        assert not page(teen).context["page"].ask_yesterday


def test_yesterday_is_one_tap_and_counts_as_added_later(teen, cast):
    response = tap(teen, page(teen), day="2026-11-19", strand="cardio")
    session = cast.patient.sessions.get()
    assert session.daily_log.day.isoformat() == "2026-11-19"
    assert session.added_later
    assert "Thu, Nov 19" in response.content.decode().split('id="toast"')[1]
    assert not any(t.offer.strand == "cardio" for t in response.context["page"].yesterday_taps)


@pytest.mark.parametrize(
    ("answer", "added_later"), [("2026-11-21", False), ("2026-11-20", True)], ids=["today", "yesterday"]
)
def test_a_page_left_open_overnight_asks_which_day_was_meant(teen, cast, answer, added_later):
    old = page(teen)
    with time_machine.travel(MORNING + timedelta(days=1), tick=False):
        teen.force_login(cast.maya)
        asked = tap(teen, old, strand="cardio", shown_on="2026-11-20")
        html = asked.content.decode()
        assert "Was this yesterday or today?" in html
        assert not cast.patient.sessions.exists()
        assert 'name="day" value="2026-11-21"' in html and 'name="day" value="2026-11-20"' in html
        fields = dict(asked.context["hidden"]) | {"day": answer}
        saved = teen.post(reverse("sessions", args=[cast.patient.code]), fields, follow=True)
    session = cast.patient.sessions.get()
    assert (str(session.daily_log.day), session.added_later) == (answer, added_later)
    assert ("Fri, Nov 20" in saved.content.decode().split('id="toast"')[1]) is added_later


def test_a_page_left_open_for_days_leads_to_the_form(teen, cast):
    old = page(teen)
    with time_machine.travel(MORNING + timedelta(days=2), tick=False):
        teen.force_login(cast.maya)
        html = tap(teen, old, strand="cardio", shown_on="2026-11-20").content.decode()
    assert "Was this today?" in html
    assert "?strand=cardio&amp;minutes=15&amp;day=2026-11-20" in html
    assert 'name="day" value="2026-11-20"' not in html


def test_only_an_old_page_of_today_is_asked_about(teen, cast):
    """Not what was kept already, not a tap for yesterday, not a device's, and nothing made up."""
    url, old = reverse("sessions", args=[cast.patient.code]), page(teen)
    kept = next(f for f in forms(old.content.decode()) if "shown_on" in f)
    del kept["ask_again"]
    yesterdays = next(f for f in forms(old.content.decode()) if f["day"] == "2026-11-19")
    assert "shown_on" not in yesterdays
    teen.post(url, kept)
    with time_machine.travel(MORNING + timedelta(days=1), tick=False):
        teen.force_login(cast.maya)
        assert "That one was saved before." in teen.post(url, kept, follow=True).content.decode()
        fresh = kept | {"id": str(uuid.uuid4())}
        assert teen.post(url, fresh, headers={"Accept": "application/json"}).status_code == 201
        for odd in ({"shown_on": "x"}, {"strand": "x"}, {"id": "x", "strand": "x"}):
            assert teen.post(url, kept | odd).status_code in (302, 409, 422)
        assert teen.post(url, kept | {"id": "x"}).status_code == 200


def test_the_page_says_when_its_day_is_over(teen, cast):
    """At midnight in Chicago."""
    (ends,) = re.findall(r'data-day-ends="(\d+)"', page(teen).content.decode())
    assert datetime.fromtimestamp(int(ends) / 1000, UTC) == datetime(2026, 11, 21, 6, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["met", "day off", "no program"])
def test_yesterday_is_left_alone_when_nothing_is_open(teen, cast, kind):
    yesterday = cast.patient.today() - timedelta(days=1)
    if kind == "day off":
        DayOff.objects.create(patient=cast.patient, first=yesterday, last=yesterday, asked_by=cast.maya)
    elif kind == "no program":
        Program.objects.filter(patient=cast.patient).update(starts_on=cast.patient.today())
    else:
        at = timezone.now() - timedelta(days=1)
        factories.session(cast.patient, cast.maya, "cardio", 15, at=at)
        factories.session(cast.patient, cast.maya, "exercises", 30, at=at)
        for _ in range(5):
            factories.session(cast.patient, cast.maya, "desensitization", 5, at=at)
    assert not page(teen).context["page"].ask_yesterday


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "paused"}, "The program is paused"),
        ({"kind": "done"}, "The program is done"),
        ({"starts_on": "2026-11-23"}, "Your program starts soon"),
        ({"replaced_at": MORNING}, "No program yet"),
    ],
)
def test_without_an_active_program_nothing_is_asked(teen, cast, change, words):
    Program.objects.filter(patient=cast.patient).update(**change)
    html = page(teen).content.decode()
    assert words in html
    assert 'data-target=""' in html
    assert 'class="card next' not in html


def test_a_day_off_is_said_and_what_is_done_is_kept(teen, cast):
    today = cast.patient.today()
    DayOff.objects.create(patient=cast.patient, first=today, last=today, asked_by=cast.maya)
    response = page(teen)
    assert response.context["page"].status == "excused"
    assert "Rest counts too." in response.content.decode()
    tap(teen, response, strand="cardio")
    assert cast.patient.sessions.count() == 1


def test_a_program_without_numbers_still_offers_calm(teen, cast):
    Program.objects.filter(patient=cast.patient).update(cardio=None, exercises=None, desensitization=None)
    response = page(teen)
    assert response.context["page"].next.offer.strand == "stress"
    assert "No program yet" not in response.content.decode()


def test_the_day_start_decides_and_is_told(teen, cast):
    cast.patient.day_start = 4
    cast.patient.save()
    with time_machine.travel(datetime(2026, 11, 21, 8, 30, tzinfo=UTC), tick=False):  # 2:30 a.m. on Saturday
        response = page(teen)
    assert response.context["page"].day.isoformat() == "2026-11-20"
    assert "A new day starts at 4" in response.content.decode()


def test_entries_show_wall_time_and_can_be_corrected(teen, cast):
    session = factories.session(cast.patient, cast.maya, "cardio", 15)
    html = page(teen).content.decode()
    assert "10 a.m." in html
    assert reverse("session", args=[cast.patient.code, session.client_id]) in html


def test_a_zone_is_named_only_where_it_differs_from_the_patients_now(teen, cast):
    """A change of zone waits for the next day: until then the old one is the patient's."""
    factories.session(cast.patient, cast.maya)
    change = {"zone": "Europe/Berlin", "previous_zone": "America/Chicago"}
    Patient.objects.update(**change, clock_since=MORNING + timedelta(hours=14))
    assert page(teen).context["page"].entries[0].zone == ""
    Patient.objects.update(clock_since=MORNING)
    assert page(teen).context["page"].entries[0].zone == "America/Chicago"


def test_somebody_without_a_record_of_their_own_is_sent_home(parent, therapist, stranger):
    for client in (parent, therapist, stranger):
        assert page(client).headers["Location"] == reverse("home")


def test_a_parent_opens_the_same_page_without_what_is_not_theirs(parent, cast):
    factories.session(
        cast.patient, cast.maya, "stress", None, activity=factories.activity("Secret journal", "stress")
    )
    DailyLog.objects.update(harder=True, friends="yes")
    response = parent.get(reverse("patient-today", args=[cast.patient.code]))
    found, html = response.context["page"], response.content.decode()
    assert response.status_code == 200
    assert (found.harder, found.entries[0].at, found.entries[0].how) == (None, None, None)
    assert (found.life_questions, sorted(found.life)) == ((), ["activities", "home", "school"])
    assert "Secret journal" not in html
    assert "arder" not in html


def test_it_is_refused_to_strangers_and_other_methods(stranger, teen, cast):
    assert stranger.get(reverse("patient-today", args=[cast.patient.code])).status_code == 404
    assert teen.get(reverse("patient-today", args=[cast.other.code])).status_code == 404
    assert teen.post(reverse("patient-today", args=[cast.patient.code])).status_code == 405
    assert teen.post(reverse("today")).status_code == 405
    assert teen.get(reverse("yesterday-asked", args=[cast.patient.code])).status_code == 405


@pytest.mark.parametrize("sessions", [1, 12])
def test_it_asks_the_database_ten_times(teen, cast, sessions, django_assert_num_queries):
    program = cast.patient.programs.get()
    wall_sit = factories.item(program, factories.activity())
    for _ in range(sessions):
        factories.session(cast.patient, cast.maya, "exercises", 5, items=(wall_sit,))
        factories.session(cast.patient, cast.maya, "cardio", 5, at=timezone.now() - timedelta(days=1))
    with django_assert_num_queries(10):
        page(teen)
