"""Several days at once: what a page shows, what it keeps, and that one bad box loses no other."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exercises.models import DailyLog, TherapySession
from exercises.queries.grid import week
from exercises.services import grid as services
from exercises.services.sessions import Bout, correct_session, record_session, restore_session, void_session
from exercises.session_keys import SEEING_AS
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # Friday, 17:30 in Chicago, maya's zone
TODAY, MONDAY = date(2026, 11, 20), date(2026, 11, 16)
TOO_OLD, AHEAD = "further back than can be added here", "That day has not come yet."
NUMBER = "A whole number from 1 to 240, or leave it empty."


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def url(patient, **query):
    return reverse("grid", args=[patient.code], query=query)


def box(day, strand="cardio", number=1, area=""):
    return f"{day}:{strand}:{area}:{number}"


def send(client, patient, boxes, page=None, day=TODAY, **data):
    data = {"id": str(page or uuid4()), "source": "grid"} | boxes | data
    return client.post(url(patient, week=str(day)), data)


def kept():
    live = TherapySession.objects.live().order_by("daily_log__day", "strand", "minutes")
    return list(live.values_list("daily_log__day", "strand", "minutes"))


def shown_boxes(html):
    return re.findall(r'<input type="text" name="([^"]+)"', html)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def boxes_of(html, name):
    """The part of the page from a box's label to the next box."""
    return html.split(f'for="id_{name}"')[1].split('<div class="week-log-box')[0]


# --- the page ----------------------------------------------------------------------------------------------


def test_everyone_on_the_team_has_a_box_for_each_line_of_each_day_that_came(cast, teen, parent, therapist):
    strands = ["cardio", "exercises", *5 * ["desensitization"], "stress"]
    for client in (teen, parent, therapist):
        html = client.get(url(cast.patient)).text
        names = shown_boxes(html)
        # By day, then down its column: the order in which Tab goes.
        assert [name.split(":")[0] for name in names] == [
            str(MONDAY + timedelta(days=n)) for n in range(5) for _line in range(8)
        ]
        assert [name.split(":")[1] for name in names] == strands * 5
        assert html.count("Days that have not come yet open when they come.") == 1
        assert re.findall(r'data-day="2026-11-2[12]" data-status="([^"]+)"', html) == ["ahead", "ahead"]


def test_every_box_has_a_label_of_its_own(cast, teen):
    html = teen.get(url(cast.patient)).text
    labels = dict(re.findall(r'<label for="id_([^"]+)">(.*?)</label>', html))
    words = {name: re.sub(r"<[^>]+>", "", label) for name, label in labels.items()}
    assert set(words) == set(shown_boxes(html))
    assert words[box(MONDAY)] == "Mon, Nov 16: Cardio, minutes"
    assert words[box(MONDAY, "desensitization", 3)] == "Mon, Nov 16: Touch 3, minutes"
    assert words[box(TODAY, "stress")] == "Fri, Nov 20: Calm, times"
    assert len(set(words.values())) == len(words) == 40


def test_a_browser_that_goes_back_finds_empty_boxes(cast, teen):
    """Filled by the browser they would come with another page's id, and be logged twice."""
    html = teen.get(url(cast.patient)).text
    assert re.search(r'<form class="stack" method="post"[^>]* autocomplete="off"', html)
    assert html.count('autocomplete="off"') == 41
    assert html.count('tabindex="') == 1  # the page itself


def test_two_pages_are_told_apart(cast, teen):
    ids = {re.search(r'name="id" value="([^"]+)"', teen.get(url(cast.patient)).text)[1] for _ in range(2)}
    assert len(ids) == 2


def test_what_is_there_already_is_shown_and_never_filled_in(cast, parent):
    for minutes in (5, 5, 2):
        factories.session(cast.patient, cast.maya, "desensitization", minutes, day=MONDAY)
    factories.session(cast.patient, cast.maya, "cardio", 12, day=MONDAY)
    factories.session(cast.patient, cast.maya, "stress", None, day=MONDAY)
    void_session(
        viewer=factories.viewer(cast.patient, cast.maya),
        client_id=factories.session(cast.patient, cast.maya, "exercises", 31, day=MONDAY).client_id,
    )
    html = parent.get(url(cast.patient)).text
    there = re.sub(r"<[^>]+>|\s+", " ", html.split("There already:")[1].split("</p>")[0])
    assert " ".join(there.split()) == "Cardio 12 Touch 5 + 5 + 2 Calm 1"
    assert not re.search(r'<input type="text"[^>]* value=', html)
    assert "added later" not in html and "17:30" not in html and "5:30" not in html


def test_what_was_done_on_a_rough_surface_is_told_once(cast, teen):
    factories.session(cast.patient, cast.maya, "exercises", 12, day=MONDAY, rough=True)
    html = teen.get(url(cast.patient)).text
    assert "Exercises <b>12</b>" in html and "Touch <b>12</b>" in html
    assert html.count("12 min of both at once, on a rough surface") == 1


def test_a_day_of_keeping_up_is_not_judged(cast, teen):
    cast.patient.programs.update(kind="keeping_up", week_cardio=3)
    factories.session(cast.patient, cast.maya, "cardio", 15, day=MONDAY)
    assert 'data-day="2026-11-16" data-status="before" data-kept="yes"' in teen.get(url(cast.patient)).text


def test_a_week_of_another_family_shows_nothing_of_this_one(cast, therapist):
    factories.session(cast.other, cast.noor, "cardio", 77, at=NOW)
    assert ">77<" not in therapist.get(url(cast.patient)).text


def test_weeks_lead_to_their_neighbours_as_far_as_something_can_be_added(cast, teen, therapist):
    now = teen.get(url(cast.patient)).text
    before = teen.get(url(cast.patient, week="2026-11-15")).text
    assert 'rel="prev" href="?week=2026-11-13"' in now and 'rel="next"' not in now
    # Seven days back is Friday the 13th.
    assert 'rel="next" href="?week=2026-11-16"' in before and 'rel="prev"' not in before
    assert {name[:10] for name in shown_boxes(before)} == {"2026-11-13", "2026-11-14", "2026-11-15"}
    assert before.count("further back than can be added") == 1
    assert 'rel="prev" href="?week=2026-11-02"' in therapist.get(url(cast.patient, week="2026-11-09")).text


def test_a_week_without_an_open_day_has_nothing_to_send(cast, teen):
    for day in ("2026-09-09", "2026-11-23"):
        html = teen.get(url(cast.patient, week=day)).text
        assert shown_boxes(html) == []
        assert 'type="radio"' not in html and ">Save<" not in html


@pytest.mark.parametrize("day", ["1969-01-01", "2099-12-31"])
def test_the_first_and_the_last_week_there_are(cast, therapist, day):
    html = therapist.get(url(cast.patient, week=day)).text
    assert 'rel="prev"' not in html or day == "2099-12-31"
    assert all(name[:10] >= "1969-01-01" for name in shown_boxes(html))


def test_the_week_before_the_first_bound_can_be_opened(cast, therapist):
    html = therapist.get(url(cast.patient, week="1969-01-06")).text
    assert 'rel="prev" href="?week=1969-01-01"' in html


@pytest.mark.parametrize(("starts", "first"), [(0, "2026-11-16"), (6, "2026-11-15")])
def test_weeks_start_as_the_setting_says(cast, teen, settings, starts, first):
    settings.WEEK_STARTS_ON = starts
    assert shown_boxes(teen.get(url(cast.patient)).text)[0].startswith(first)


@pytest.mark.parametrize("day", ["", "soon", "2026-13-01", "20261120", "1968-12-31", "2100-01-01", "\x00"])
def test_what_is_no_day_is_not_found(cast, teen, day):
    before = rows()
    assert teen.get(url(cast.patient, week=day)).status_code == 404
    assert teen.post(url(cast.patient, week=day), {box(TODAY): "15"}).status_code == 404
    assert rows() == before


def test_the_patients_own_today_decides(cast, teen, clock):
    clock.move_to(datetime(2026, 11, 23, 5, tzinfo=UTC), tick=False)  # still Sunday in Chicago
    names = shown_boxes(teen.get(url(cast.patient)).text)
    assert (names[0][:10], names[-1][:10]) == ("2026-11-16", "2026-11-22")


# --- its lines ---------------------------------------------------------------------------------------------


def touch_lines(cast, **options):
    lines = week(factories.viewer(cast.patient, cast.maya), TODAY, **options).lines
    return [(line.area, line.number) for line in lines if line.strand == "desensitization"]


@pytest.mark.parametrize(("asked", "lines"), [(None, 5), (3, 5), (7, 7)])
def test_as_many_lines_of_desensitization_as_the_program_asks_for(cast, asked, lines):
    cast.patient.programs.update(desensitization=asked)
    assert touch_lines(cast) == [("", n) for n in range(1, lines + 1)]


def test_without_a_program_there_are_five(cast):
    cast.patient.programs.all().delete()
    assert len(touch_lines(cast)) == 5


def test_a_program_that_changes_in_the_week_has_the_lines_of_both(cast):
    factories.program(cast.patient, date(2026, 11, 18), desensitization=8)
    assert len(touch_lines(cast)) == 8


def test_where_each_area_has_its_own_number_a_line_says_which(cast, teen):
    areas = ["left_foot", "right_hand"]
    cast.patient.programs.update(desensitization=10, areas_rule="each", touch_areas=areas)
    assert touch_lines(cast) == [(area, n) for area in areas for n in range(1, 6)]
    assert "Touch 2, right hand" in teen.get(url(cast.patient)).text
    send(teen, cast.patient, {box(TODAY, "desensitization", 2, "right_hand"): "5"})
    assert TherapySession.objects.get().body_areas == ["right_hand"]


def test_what_was_typed_before_the_program_changed_is_kept(cast, teen):
    names = [box(TODAY, "desensitization", n) for n in (6, 7)]
    assert shown_boxes(teen.get(url(cast.patient)).text)[-2].endswith(":5")
    assert send(teen, cast.patient, dict.fromkeys(names, "5")).status_code == 302
    assert len(kept()) == 2


def test_a_list_of_exercises_is_not_ticked_here_and_the_page_says_so(cast, teen):
    assert "tick nothing on the list" not in teen.get(url(cast.patient)).text
    cast.patient.programs.update(exercises_by="list")
    assert "tick nothing on the list" in teen.get(url(cast.patient)).text


# --- saving ------------------------------------------------------------------------------------------------


def test_a_week_is_saved_each_day_with_its_own(cast, teen):
    answer = send(
        teen,
        cast.patient,
        {
            box(MONDAY): "15",
            box(MONDAY, "exercises"): " 30 ",
            box(MONDAY, "desensitization", 1): "5",
            box(MONDAY, "desensitization", 4): "3",
            box(TODAY): "240",
            box(TODAY, "stress"): "2",
            box(TODAY, "exercises"): "",
            box(TODAY, "desensitization", 2): "  ",
        },
    )
    assert (answer.status_code, answer["Location"]) == (302, url(cast.patient, week="2026-11-20"))
    assert said(answer) == ["7 entries saved."]
    assert kept() == [
        (MONDAY, "cardio", 15),
        (MONDAY, "desensitization", 3),
        (MONDAY, "desensitization", 5),
        (MONDAY, "exercises", 30),
        (TODAY, "cardio", 240),
        (TODAY, "stress", None),
        (TODAY, "stress", None),
    ]
    monday, today = DailyLog.objects.order_by("day")
    assert (monday.cardio, monday.exercises, monday.desensitization, monday.desensitization_short) == (
        15,
        30,
        1,
        1,
    )
    assert (today.cardio, today.stress, monday.added_later, today.added_later) == (240, 2, 4, 0)
    cast.patient.refresh_from_db()
    assert cast.patient.last_logged_on == TODAY
    assert "Cardio <b>240</b>" in teen.get(answer["Location"]).text


@pytest.mark.parametrize(
    ("who", "entered_as", "by_parents"),
    [("maya", "patient", 0), ("dana", "parent", 1), ("lee", "therapist", 0)],
)
@pytest.mark.parametrize("source", ["grid", "sheet"])
def test_who_typed_it_and_where_it_comes_from(cast, who, entered_as, by_parents, source):
    person = getattr(cast, who)
    assert send(signed_in(person), cast.patient, {box(TODAY): "15"}, source=source).status_code == 302
    session = TherapySession.objects.get()
    assert (session.source, session.entered_as, session.entered_by) == (source, entered_as, person)
    assert (session.recorded_at, session.clock_doubt, session.zone) == (NOW, False, "America/Chicago")
    assert session.daily_log.by_parents == by_parents


def test_whoever_logs_on_paper_starts_from_the_sheet(cast, teen):
    assert 'checked="checked"' not in teen.get(url(cast.patient)).text.split('value="sheet"')[1][:60]
    chosen = teen.get(url(cast.patient)).context["form"]["source"].value()
    cast.patient.paper = True
    cast.patient.save()
    assert (chosen, teen.get(url(cast.patient)).context["form"]["source"].value()) == ("grid", "sheet")


def test_without_a_source_it_is_from_memory(cast, teen):
    assert teen.post(url(cast.patient, week="2026-11-20"), {box(TODAY): "15"}).status_code == 302
    assert TherapySession.objects.get().source == "grid"


def test_another_source_saves_nothing_and_keeps_what_was_typed(cast, teen):
    before = rows()
    answer = send(teen, cast.patient, {box(TODAY): "15"}, source="tap")
    assert answer.status_code == 422
    assert 'value="15"' in answer.text
    assert rows() == before


def test_nothing_typed(cast, teen):
    before = rows()
    answer = send(teen, cast.patient, {box(TODAY): " "})
    assert answer.status_code == 422
    assert (
        "Nothing to save yet." in answer.text and "need" not in answer.text.split("Nothing to save")[0][-300:]
    )
    assert rows() == before


def test_names_that_are_no_boxes_are_nothing(cast, teen):
    before = rows()
    odd = {
        f"{TODAY}:cardio:left_foot:1": "15",
        f"{TODAY}:cardio::2": "15",
        f"{TODAY}:desensitization:head:1": "5",
        f"{TODAY}:desensitization::61": "5",
        f"{TODAY}:sleep::1": "8",
        "cardio": "15",
        "2026-11-13:cardio::1": "15",  # of another week
    }
    assert send(teen, cast.patient, odd).status_code == 422
    assert rows() == before


# --- a bad box ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["0", "241", "-3", "1.5", "abc", "15 min", "1e2", "\x00", "9" * 5000, "=1+1", "١٥ د", "🎉"]
)
def test_a_bad_box_keeps_what_was_typed_and_says_why(cast, teen, typed):
    before = rows()
    answer = send(teen, cast.patient, {box(MONDAY): typed})
    assert answer.status_code == 422
    part = boxes_of(answer.text, box(MONDAY))
    assert NUMBER in part and 'aria-invalid="true"' in part and "autofocus" in part
    assert answer.context["form"][box(MONDAY)].value() == typed
    assert f'aria-describedby="id_{box(MONDAY)}_error"' in part and f'id="id_{box(MONDAY)}_error"' in part
    assert "Nothing saved yet. 1 box needs a look." in answer.text
    assert rows() == before


@pytest.mark.parametrize("typed", ["0", "10", "15", "x"])
def test_minutes_in_the_line_for_moments_are_asked_about(cast, teen, typed):
    answer = send(teen, cast.patient, {box(MONDAY, "stress"): typed})
    assert answer.status_code == 422
    assert "A whole number from 1 to 9, or leave it empty." in answer.text
    assert kept() == []


def test_one_bad_box_loses_no_other(cast, teen):
    page = uuid4()
    boxes = {box(MONDAY): "15", box(MONDAY, "exercises"): "3o", box(TODAY, "stress"): "2", box(TODAY): "300"}
    answer = send(teen, cast.patient, boxes, page)
    assert answer.status_code == 422
    assert "3 entries saved. 2 boxes need a look." in answer.text
    assert kept() == [(MONDAY, "cardio", 15), (TODAY, "stress", None), (TODAY, "stress", None)]
    # What is saved is no box any more; what is not has come back; the page is still the same page.
    names = shown_boxes(answer.text)
    assert box(MONDAY) not in names and box(TODAY, "stress") not in names
    assert len(names) == 38
    assert "15 min saved" in answer.text and "2 saved" in answer.text
    assert 'value="3o"' in boxes_of(answer.text, box(MONDAY, "exercises"))
    assert 'value="300"' in boxes_of(answer.text, box(TODAY))
    assert f'name="id" value="{page}"' in answer.text
    assert answer.text.count("autofocus") == 1
    # Once more a slip, then all is well.
    again = send(teen, cast.patient, {box(MONDAY, "exercises"): "30", box(TODAY): "x"}, page)
    assert "1 entry saved. 1 box needs a look." in again.text
    assert "15 min saved" in again.text and "30 min saved" in again.text
    assert said(send(teen, cast.patient, {box(TODAY): "30"}, page)) == ["1 entry saved."]
    assert len(kept()) == 5


# --- sent twice --------------------------------------------------------------------------------------------


def test_a_page_that_is_sent_twice_is_kept_once(cast, teen, parent):
    page, boxes = uuid4(), {box(MONDAY): "15", box(TODAY, "stress"): "3"}
    answers = [send(client, cast.patient, boxes, page) for client in (teen, teen, parent)]
    assert [said(answer)[-1] for answer in answers] == ["4 entries saved."] * 3
    assert len(kept()) == 4
    assert set(TherapySession.objects.values_list("entered_as", flat=True)) == {"patient"}


def test_the_same_minutes_on_another_page_are_another_session(cast, teen):
    for _page in range(2):
        send(teen, cast.patient, {box(MONDAY): "15"})
    assert len(kept()) == 2


def test_sent_again_after_a_correction_changes_nothing(cast, teen):
    page = uuid4()
    send(teen, cast.patient, {box(MONDAY): "15"}, page)
    session, viewer = TherapySession.objects.get(), factories.viewer(cast.patient, cast.maya)
    bout = Bout(day=MONDAY, strand="cardio", minutes=12)
    correct_session(viewer=viewer, client_id=session.client_id, version=1, bout=bout)
    assert send(teen, cast.patient, {box(MONDAY): "15"}, page).status_code == 302
    assert kept() == [(MONDAY, "cardio", 12)]


def test_other_minutes_from_the_same_page_are_refused_and_the_rest_is_kept(cast, teen):
    page = uuid4()
    send(teen, cast.patient, {box(MONDAY): "15"}, page)
    answer = send(teen, cast.patient, {box(MONDAY): "20", box(TODAY): "10"}, page)
    assert answer.status_code == 422
    part = boxes_of(answer.text, box(MONDAY))
    assert "15 min were saved here before. To change that, open the day." in part and 'value="20"' in part
    assert "1 entry saved. 1 box needs a look." in answer.text
    assert kept() == [(MONDAY, "cardio", 15), (TODAY, "cardio", 10)]


def test_what_was_removed_stays_removed_and_is_not_called_saved(cast, teen):
    page, viewer = uuid4(), factories.viewer(cast.patient, cast.maya)
    boxes = {box(MONDAY, "stress"): "2"}
    send(teen, cast.patient, boxes, page)
    gone = TherapySession.objects.order_by("pk").first().client_id
    void_session(viewer=viewer, client_id=gone)
    answer = send(teen, cast.patient, boxes, page)
    assert answer.status_code == 422
    assert answer.text.count("This was saved and then removed.") == 1
    assert len(kept()) == 1
    restore_session(viewer=viewer, client_id=gone)
    assert send(teen, cast.patient, boxes, page).status_code == 302
    assert len(kept()) == 2


@pytest.mark.parametrize("page", ["", "not-an-id", "\x00"])
def test_a_page_without_an_id_is_a_new_one(cast, teen, page):
    data = {box(MONDAY): "15", box(TODAY): "x"}
    answer = teen.post(url(cast.patient, week="2026-11-20"), {"id": page, "source": "grid"} | data)
    assert (answer.status_code, len(kept())) == (422, 1)
    assert "15 min saved" in answer.text
    new = re.search(r'name="id" value="([^"]+)"', answer.text)[1]
    send(teen, cast.patient, {box(MONDAY): "15", box(TODAY): "10"}, new)
    assert len(kept()) == 2


def test_the_id_of_another_family_s_page_is_its_own_here(cast, teen):
    page = uuid4()
    send(signed_in(cast.noor), cast.other, {box(TODAY): "20"}, page)
    assert send(teen, cast.patient, {box(TODAY): "15"}, page).status_code == 302
    assert [session.minutes for session in cast.other.sessions.all()] == [20]
    assert [session.minutes for session in cast.patient.sessions.all()] == [15]


def test_a_defect_in_the_middle_leaves_nothing_half_written(cast, teen, monkeypatch):
    before, real = rows(), record_session

    def fails_on_the_third(**options):
        if options["bout"].minutes == 3:
            raise RuntimeError("a defect")
        return real(**options)

    monkeypatch.setattr(services, "record_session", fails_on_the_third)
    boxes = {box(TODAY, "desensitization", n): str(n) for n in range(1, 6)}
    with pytest.raises(RuntimeError):
        send(teen, cast.patient, boxes)
    assert rows() == before


# --- how far back ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "paper", "back", "reason"),
    [
        ("maya", False, 7, ""),
        ("maya", False, 8, TOO_OLD),
        ("dana", False, 8, TOO_OLD),
        ("lee", False, 400, ""),
        ("maya", True, 35, ""),
        ("dana", True, 35, ""),
        ("maya", True, 36, TOO_OLD),
        ("maya", False, -1, AHEAD),
        ("lee", True, -1, AHEAD),
    ],
)
@pytest.mark.parametrize("source", ["grid", "sheet"])
def test_how_far_back(cast, who, paper, back, reason, source):
    cast.patient.paper = paper
    cast.patient.save()
    day = TODAY - timedelta(days=back)
    client = signed_in(getattr(cast, who))
    assert (box(day) in shown_boxes(client.get(url(cast.patient, week=str(day))).text)) is not bool(reason)
    answer = send(client, cast.patient, {box(day): "15"}, day=day, source=source)
    assert answer.status_code == (422 if reason else 302)
    assert kept() == ([] if reason else [(day, "cardio", 15)])
    if reason:
        part = boxes_of(answer.text, box(day))
        assert reason in part and 'value="15"' in part


def test_a_page_left_open_over_midnight_keeps_its_open_days(cast, teen, clock):
    oldest = date(2026, 11, 13)
    assert box(oldest) in shown_boxes(teen.get(url(cast.patient, week=str(oldest))).text)
    clock.move_to(NOW + timedelta(days=1), tick=False)
    typed = {box(oldest): "15", box(oldest, "stress"): "1", box("2026-11-14"): "20"}
    answer = send(teen, cast.patient, typed, day=oldest)
    assert answer.status_code == 422
    assert "1 entry saved. 2 boxes need a look." in answer.text
    assert kept() == [(date(2026, 11, 14), "cardio", 20)]
    names = shown_boxes(answer.text)
    assert [name for name in names if name.startswith(str(oldest))] == [box(oldest), box(oldest, "stress")]


# --- who ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["sam", "noor", "omar", "kim"])
def test_a_stranger_finds_nothing_and_changes_nothing(cast, who):
    before, client = rows(), signed_in(getattr(cast, who))
    assert client.get(url(cast.patient)).status_code == 404
    assert send(client, cast.patient, {box(TODAY): "15"}).status_code == 404
    assert rows() == before


def test_a_record_that_is_locked_takes_nothing(cast, therapist):
    cast.patient.locked_at = NOW
    cast.patient.save()
    before = rows()
    assert therapist.get(url(cast.patient)).status_code == 403
    assert send(therapist, cast.patient, {box(TODAY): "15"}).status_code == 403
    assert rows() == before


def test_it_is_opened_and_sent_in_no_other_way(cast, teen):
    for method in ("put", "patch", "delete"):
        assert getattr(teen, method)(url(cast.patient)).status_code == 405


@pytest.mark.parametrize(
    ("name", "query"), [("session-new", {}), ("history", {}), ("history", {"year": "2026"}), ("patient", {})]
)
def test_where_one_thing_is_logged_or_seen_a_link_leads_here(cast, teen, parent, therapist, name, query):
    link = f'href="{reverse("grid", args=[cast.patient.code])}"'
    address = reverse(name, args=[cast.patient.code], query=query)
    for client in (teen, parent, therapist):
        assert client.get(address).text.count(link) == 1
    if name != "session-new":
        kept_session = teen.session
        member = cast.patient.team.get(user=cast.dana)
        kept_session[SEEING_AS] = [str(cast.patient.code), member.pk]
        kept_session.save()
        assert link not in teen.get(address).text


@pytest.mark.parametrize("size", [1, 60])
def test_queries_to_open_it_do_not_grow(cast, teen, django_assert_num_queries, size):
    for n in range(size):
        factories.session(cast.patient, cast.maya, "cardio", 1 + n, day=TODAY - timedelta(days=n % 5))
    teen.get(url(cast.patient))
    with django_assert_num_queries(7):
        teen.get(url(cast.patient))


def test_queries_to_save_are_a_dozen_for_each_session(cast, teen):
    def queries(boxes):
        with CaptureQueriesContext(connection) as made:
            assert send(teen, cast.patient, boxes).status_code == 302
        return len(made)

    few, many = [{box(MONDAY, "desensitization", n): "5" for n in range(1, size)} for size in (2, 6)]
    first = queries(few)
    assert queries(many) - first <= 4 * 12
