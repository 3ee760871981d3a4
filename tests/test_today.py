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
def test_it_asks_the_database_twelve_times(teen, cast, sessions, django_assert_num_queries):
    program = cast.patient.programs.get()
    wall_sit = factories.item(program, factories.activity())
    Program.objects.update(accepted_at=MORNING)
    for _ in range(sessions):
        factories.session(cast.patient, cast.maya, "exercises", 5, items=(wall_sit,))
        factories.session(cast.patient, cast.maya, "cardio", 5, at=timezone.now() - timedelta(days=1))
    with django_assert_num_queries(12):
        page(teen)


@pytest.mark.parametrize("slots", [1, 9])
def test_a_routine_and_a_ladder_cost_one_query_each(teen, cast, slots, django_assert_num_queries):
    ladder = [{"texture": "silk", "pressure": "light"}]
    Program.objects.update(accepted_at=MORNING, ladder=ladder)
    for n in range(slots):
        slot(cast.patient, 6 + n, f"n{n}")
    factories.session(cast.patient, cast.maya)
    with django_assert_num_queries(14):
        page(teen)


# --- desensitization by the routine ------------------------------------------------------------------------


def slot(patient, hour, name, **fields):
    return RoutineSlot.objects.create(patient=patient, name=name, at=time(hour), **fields)


def touch_text(response):
    html = response.content.decode()
    return re.search(r'data-strand="desensitization".*?class="strand-text">([^<]*)', html)[1].strip()


def two_fields(response):
    """The hidden fields of the form that logs two, or none."""
    html = response.content.decode()
    block = re.search(r'<form method="post" action="[^"]*/sessions/two/".*?</form>', html, re.S)
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', block[0])) if block else None


@pytest.fixture
def four_slots(cast):
    """At 10 in the morning the time of two has come."""
    return [
        slot(cast.patient, hour, name)
        for hour, name in ((7, "before school"), (9, "at break"), (16, "after school"), (20, "bedtime"))
    ]


def test_before_the_first_one_no_number_is_said(teen, cast):
    response = page(teen)
    assert touch_text(response) == "not yet"
    assert strand(response.content.decode(), "desensitization") == ("0", "5", "no")


def test_touch_says_when_the_next_one_belongs(teen, cast, four_slots):
    assert touch_text(page(teen)) == "next: at break"
    for one in four_slots[:2]:
        factories.session(cast.patient, cast.maya, "desensitization", 5, slot=one)
    response = page(teen)
    assert touch_text(response) == "2 done · next: after school"
    assert strand(response.content.decode(), "desensitization") == ("2", "5", "no")
    for _ in range(3):
        factories.session(cast.patient, cast.maya, "desensitization", 5)
    assert touch_text(page(teen)) == "5 of 5"


def test_a_slot_of_an_early_morning_waits_for_its_time(teen, cast):
    slot(cast.patient, 16, "after school")
    response = page(teen)
    assert touch_text(response) == "next: after school"
    assert response.context["page"].next.offer.strand == "cardio"
    assert "0 of 5" not in response.content.decode()


def test_two_whose_time_passed_are_logged_with_one_tap(teen, cast, four_slots):
    response = page(teen)
    fields = two_fields(response)
    assert "Log 2 · 5 min each" in response.content.decode().replace("\xa0", " ")
    url = reverse("sessions-two", args=[cast.patient.code])
    saved = teen.post(url, fields, follow=True)
    assert "Both are saved." in saved.content.decode()
    assert [(s.minutes, s.source, s.slot) for s in cast.patient.sessions.all()] == [
        (5, "tap", four_slots[0]),
        (5, "tap", four_slots[1]),
    ]
    assert two_fields(saved) is None
    again = teen.post(url, fields, follow=True)
    assert "These two were saved before." in again.content.decode()
    assert cast.patient.sessions.count() == 2


def test_at_most_two_and_only_when_two_are_open(teen, cast, four_slots):
    with time_machine.travel(MORNING + timedelta(hours=11), tick=False):  # 9 in the evening
        fields = two_fields(page(teen, offer="desensitization"))
        assert [fields["slot"], fields["slot_2"]] == [str(one.pk) for one in four_slots[2:]]
    factories.session(cast.patient, cast.maya, "desensitization", 5, slot=four_slots[0])
    assert two_fields(page(teen)) is None


def test_a_session_without_a_slot_has_filled_one(teen, cast, four_slots):
    factories.session(cast.patient, cast.maya, "desensitization", 5)
    assert two_fields(page(teen)) is None


def test_without_a_routine_two_are_never_offered(teen, cast):
    with time_machine.travel(MORNING + timedelta(hours=11), tick=False):
        assert two_fields(page(teen, offer="desensitization")) is None


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"id_2": "x"}, 422),
        ({"id_2": ""}, 422),
        ({"slot_2": "999999"}, 422),
        ({"strand": "cardio"}, 422),
        ({"minutes": "0"}, 422),
        ({"day": "2026-11-21"}, 422),
        ({"activity_2": "999999"}, 422),
    ],
)
def test_of_two_both_are_kept_or_neither(teen, cast, four_slots, change, status):
    url = reverse("sessions-two", args=[cast.patient.code])
    response = teen.post(url, two_fields(page(teen)) | change)
    assert response.status_code == status
    assert list(response.context["messages"])
    assert not cast.patient.sessions.exists()


def test_two_with_one_id_are_refused(teen, cast, four_slots):
    fields = two_fields(page(teen))
    url = reverse("sessions-two", args=[cast.patient.code])
    assert teen.post(url, fields | {"id_2": fields["id"]}).status_code == 422
    assert not cast.patient.sessions.exists()


def test_two_of_which_one_id_is_taken_by_something_else(teen, cast, four_slots):
    fields = two_fields(page(teen))
    kept = factories.session(cast.patient, cast.maya, "cardio", 12)
    url = reverse("sessions-two", args=[cast.patient.code])
    response = teen.post(url, fields | {"id_2": str(kept.client_id)})
    assert response.status_code == 409
    assert cast.patient.sessions.get() == kept


def test_two_from_a_page_of_yesterday_are_not_saved_as_today(teen, cast, four_slots):
    fields, url = two_fields(page(teen)), reverse("sessions-two", args=[cast.patient.code])
    with time_machine.travel(MORNING + timedelta(days=1), tick=False):
        teen.force_login(cast.maya)
        response = teen.post(url, fields, follow=True)
    assert "A new day has started" in response.content.decode()
    assert not cast.patient.sessions.exists()


def test_two_are_of_the_record_and_by_post(teen, stranger, parent, cast, four_slots):
    fields, url = two_fields(page(teen)), reverse("sessions-two", args=[cast.patient.code])
    assert stranger.post(url, fields).status_code == 404
    assert teen.post(reverse("sessions-two", args=[cast.other.code]), fields).status_code == 404
    assert teen.get(url).status_code == 405
    assert not cast.patient.sessions.exists()
    assert parent.post(url, fields).status_code == 302
    assert {s.entered_as for s in cast.patient.sessions.all()} == {"parent"}


@pytest.fixture
def evening():
    """9 in the evening."""
    with time_machine.travel(MORNING + timedelta(hours=11), tick=False):
        yield


def test_from_the_chosen_hour_on_the_day_is_done(teen, cast, four_slots, evening):
    # An hour of the morning would end every day: it counts for nothing.
    for hour in (time(21, 1), time(10)):
        Patient.objects.update(night_from=hour)
        assert "Good night" not in page(teen).content.decode()
    Patient.objects.update(night_from=time(21))
    response = page(teen)
    html = response.content.decode()
    assert "Today is done. Good night." in html
    assert "next-up" not in html and "Log 2" not in html
    tap(teen, response, strand="cardio")
    assert cast.patient.sessions.count() == 1


def test_a_plan_that_is_done_says_so_at_night_too(teen, cast, evening):
    Patient.objects.update(night_from=time(20))
    Program.objects.update(exercises=None, desensitization=None)
    factories.session(cast.patient, cast.maya, "cardio", 15)
    factories.session(cast.patient, cast.maya, "stress", None)
    assert "That's today's plan. Enough." in page(teen).content.decode()


@pytest.mark.parametrize(("minutes", "asked"), [(20, False), (21, True)])
def test_a_long_desensitization_asks_to_look_at_the_skin(teen, cast, minutes, asked):
    session = factories.session(cast.patient, cast.maya, "desensitization", minutes)
    html = page(teen, saved=session.client_id).content.decode()
    assert ("Look at the skin now." in html) is asked
    if asked:
        assert reverse("call", args=[cast.patient.code, "2026-11-20"]) in html.partition('id="toast"')[2]
    cardio = factories.session(cast.patient, cast.maya, "cardio", 60)
    assert "Look at the skin" not in page(teen, saved=cardio.client_id).content.decode()


# --- kinds of programs -------------------------------------------------------------------------------------


def test_one_tap_of_a_list_is_the_whole_list(teen, parent, cast):
    program = cast.patient.programs.get()
    Program.objects.update(exercises_by="list", exercises=2)
    items = [factories.item(program, factories.activity(name)) for name in ("Plank", "Bridge")]
    factories.item(program, factories.activity("Towel", "desensitization"))
    before = page(teen, offer="exercises")
    assert "All done · 30 min" in before.content.decode().replace("\xa0", " ")
    response = tap(teen, before, strand="exercises")
    session = cast.patient.sessions.get()
    assert [kept.program_item for kept in session.items.order_by("pk")] == items
    assert strand(response.content.decode(), "exercises") == ("2", "2", "yes")
    assert response.context["page"].left_tap is None


def test_a_harder_day_of_a_smaller_plan_shows_its_numbers(teen, parent, cast):
    Program.objects.update(harder_rule="smaller", smaller_cardio=8, smaller_exercises=10)
    DailyLog.objects.create(
        patient=cast.patient, day="2026-11-20", program=cast.patient.programs.get(), harder=True
    )
    response = page(teen)
    html = response.content.decode()
    assert strand(html, "cardio") == ("0", "8", "no")
    assert "Today counts by the smaller plan" in html
    taps = response.context["page"].taps
    assert [taps[name].offer.minutes for name in ("cardio", "exercises", "desensitization")] == [8, 10, 5]
    seen = parent.get(reverse("patient-today", args=[cast.patient.code])).content.decode()
    assert strand(seen, "cardio") == ("0", "8", "no")
    assert "arder" not in seen and "smaller" not in seen


def test_parents_never_see_pieces(teen, parent, cast):
    DailyLog.objects.create(
        patient=cast.patient, day="2026-11-20", program=cast.patient.programs.get(), harder=True
    )
    theirs = parent.get(reverse("patient-today", args=[cast.patient.code])).context["page"].taps
    assert theirs["cardio"].offer.minutes == 15
    assert page(teen).context["page"].taps["cardio"].offer.minutes == 5


def test_call_first_leaves_the_doses(teen, cast):
    Program.objects.update(harder_rule="call")
    DailyLog.objects.create(
        patient=cast.patient, day="2026-11-20", program=cast.patient.programs.get(), harder=True
    )
    response = page(teen)
    assert response.context["page"].taps["cardio"].offer.minutes == 15
    assert "Your plan says: call first." in response.content.decode()


def test_a_day_off_that_was_asked_for_is_marked_until_it_is_answered(teen, parent, cast):
    today = cast.patient.today()
    off = DayOff.objects.create(patient=cast.patient, first=today, last=today, asked_by=cast.maya)
    pages = [
        (teen, reverse("today"), "Asked for. Nobody has answered yet."),
        (parent, reverse("family"), "Asked for, not answered yet."),
        (parent, reverse("history", args=[cast.patient.code]), "asked for and not answered yet"),
        (teen, reverse("day", args=[cast.patient.code, today.isoformat()]), "Asked for, not answered yet"),
        (parent, reverse("patient", args=[cast.patient.code]), "Waiting for an answer"),
    ]
    for client, url, words in pages:
        assert words in client.get(url).content.decode(), url
    assert "Day off, asked for" in teen.get(pages[2][1]).content.decode()
    off.answer, off.answered_by, off.answered_at = "granted", cast.lee, timezone.now()
    off.save()
    for client, url, words in pages:
        assert words not in client.get(url).content.decode(), url


def test_a_day_off_is_said_while_keeping_up_too(teen, cast):
    Program.objects.update(kind="keeping_up", week_cardio=3)
    today = cast.patient.today()
    assert "Rest counts too." not in page(teen).content.decode()
    DayOff.objects.create(patient=cast.patient, first=today, last=today, asked_by=cast.maya)
    assert "Rest counts too." in page(teen).content.decode()
