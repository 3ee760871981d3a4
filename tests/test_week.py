"""The week: what was done, what was new, one plan of one's own; and what a parent sees of it."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from exercises.access import with_eyes_of
from exercises.models import Activity, DailyLog, DayOff, Intention, LadderMove, Milestone, Patient, Program
from exercises.queries.week import week_page
from exercises.services import week as services
from exercises.session_keys import SHARED_DEVICE
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

# Friday, noon in Chicago; the week began on Monday the 16th.
NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)
TODAY, MONDAY = date(2026, 11, 20), date(2026, 11, 16)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@pytest.fixture(autouse=True)
def noon(db):
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def url(cast):
    return reverse("week", args=[cast.patient.code])


def plan_url(cast, of=None):
    address = reverse("week-plan", args=[cast.patient.code])
    return f"{address}?of={of}" if of else address


def page(cast, who="maya", of=TODAY):
    return week_page(factories.viewer(cast.patient, getattr(cast, who)), of)


def log(cast, day, strand="cardio", minutes=15, **details):
    with time_machine.travel(NOON - (TODAY - day), tick=False):
        return factories.session(cast.patient, cast.maya, strand, minutes, **details)


# --- what was done -----------------------------------------------------------------------------------------


def test_an_ordinary_week(cast, teen, url):
    log(cast, MONDAY)
    log(cast, MONDAY + DAY, minutes=10)
    log(cast, MONDAY + DAY, "exercises", 30)
    html = teen.get(url).text
    assert 'data-strand="cardio"' in html or "Cardio" in html
    found = page(cast)
    # Monday to Thursday; today is not over.
    assert (found.summary.judged, found.summary.active) == (4, 2)
    assert (found.summary.strand("cardio").done, found.summary.strand("cardio").asked) == (25, 60)
    assert found.done == (("cardio", 2), ("exercises", 1))
    assert "Something done on 2 of 4 days." in html
    assert len(re.findall(r'data-day="[\d-]+" data-status=', html)) == 7
    assert "All targets met" not in html


@pytest.mark.parametrize("who", ["maya", "dana", "lee"])
def test_everybody_on_the_team_sees_the_same_sums(cast, who):
    log(cast, MONDAY)
    assert page(cast, who).summary == page(cast).summary
    assert page(cast, who).summary.strand("cardio").done == 15


def test_today_counts_once_it_is_met_and_shows_before(cast):
    log(cast, TODAY)
    assert page(cast).done == (("cardio", 1),)
    assert page(cast).summary.strand("cardio").done == 0
    log(cast, TODAY, "exercises", 30)
    for _ in range(5):
        log(cast, TODAY, "desensitization", 5)
    assert page(cast).summary.strand("cardio").done == 15


def test_a_fresh_week_says_so_and_nothing_else(cast, teen, url):
    with time_machine.travel(NOON - 4 * DAY, tick=False):
        html = teen.get(url).text
        assert page(cast).fresh
    assert "A fresh week" in html
    assert "What was done" not in html
    assert "of 0 days" not in html


def test_an_empty_week_of_the_past(cast, teen, url):
    Program.objects.all().delete()
    html = teen.get(f"{url}?of={MONDAY - WEEK}").text
    assert "A quiet week" in html
    assert "missed" not in html.lower()


def test_work_without_a_program_is_shown(cast, teen, url):
    cast.patient.programs.all().delete()
    log(cast, MONDAY)
    html = teen.get(url).text
    assert "on 1 day" in html
    assert "Something done" not in html


def test_days_off_are_said(cast, teen, url):
    DayOff.objects.create(patient=cast.patient, first=MONDAY, last=MONDAY + DAY, asked_by=cast.maya)
    assert "2 days off." in teen.get(url).text


def test_a_week_of_keeping_up(cast, teen, url):
    factories.program(cast.patient, MONDAY, kind="keeping_up", week_cardio=3)
    log(cast, MONDAY)
    html = teen.get(url).text
    assert 'data-week="cardio" data-done="1" data-target="3"' in html
    assert "Something done" not in html


@pytest.mark.parametrize("first", [0, 6])
def test_weeks_begin_when_the_setting_says(cast, settings, first):
    settings.WEEK_STARTS_ON = first
    assert page(cast).first.weekday() == first
    assert page(cast).last - page(cast).first == 6 * DAY


# --- which week --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("of", [MONDAY - 7 * DAY, MONDAY - 4 * DAY, MONDAY - DAY])
def test_any_day_names_its_week(cast, teen, url, of):
    html = teen.get(f"{url}?of={of}").text
    assert "Mon, Nov 9 – Sun, Nov 15, 2026</h1>" in html
    assert f"?of={MONDAY}" in html
    assert f"?of={MONDAY - 2 * WEEK}" in html
    assert "plan-2026" not in html


def test_the_rest_of_this_week_is_this_week(teen, url):
    assert teen.get(f"{url}?of={MONDAY + 6 * DAY}").status_code == 200
    assert 'rel="next"' not in teen.get(url).text


@pytest.mark.parametrize("of", [MONDAY + WEEK, "2026-11", "x", "", "20261120", "9999-01-01", "2026-02-30"])
def test_a_week_ahead_and_no_day_are_unknown(teen, url, of):
    assert teen.get(f"{url}?of={of}").status_code == 404


@pytest.mark.parametrize("of", ["1969-01-01", "1969-01-05", "2001-09-09"])
def test_a_week_long_ago_is_only_empty(teen, url, of):
    assert teen.get(f"{url}?of={of}").status_code == 200


def test_strangers_find_nothing_and_nobody_posts_to_it(cast, stranger, teen, url):
    assert stranger.get(url).status_code == 404
    assert teen.post(url).status_code == 405
    assert teen.get(plan_url(cast)).status_code == 405


# --- daily life --------------------------------------------------------------------------------------------


def mark(cast, day, **marks):
    row, _made = DailyLog.objects.get_or_create(patient=cast.patient, day=day)
    DailyLog.objects.filter(pk=row.pk).update(**marks)


def test_daily_life_is_counted_by_answer(cast, teen, url):
    for ago, school in enumerate(["all", "all", "part", ""]):
        mark(cast, MONDAY + ago * DAY, school=school, friends="yes")
    mark(cast, MONDAY - DAY, school="none")
    life = {part.name: [count for _words, count in part.counts] for part in page(cast).life}
    assert life == {"school": [2, 1], "friends": [4]}
    assert "Daily life" in teen.get(url).text


def test_parents_do_not_see_friends(cast, parent, url):
    mark(cast, MONDAY, school="all", friends="yes")
    assert [part.name for part in page(cast, "dana").life] == ["school"]
    assert "Friends" not in parent.get(url).text


# --- what was new ------------------------------------------------------------------------------------------


def news(cast, who="maya", of=TODAY):
    return [(new.day, new.kind, new.text) for new in page(cast, who, of).news]


def test_the_first_time_of_an_activity_is_new_once(cast):
    rope = factories.activity("Jump rope", "cardio")
    log(cast, MONDAY, activity=rope)
    log(cast, MONDAY + DAY, activity=rope)
    assert news(cast) == [(MONDAY, "first time", "Jump rope")]
    log(cast, MONDAY - WEEK, activity=rope)
    assert news(cast) == []
    assert news(cast, of=MONDAY - WEEK) == [(MONDAY - WEEK, "first time", "Jump rope")]


def test_an_exercise_within_a_session_is_new_too_and_not_twice(cast):
    item = factories.item(cast.patient.programs.get(), factories.activity("Wall sit"))
    log(cast, MONDAY, "exercises", 30, items=(item,))
    log(cast, MONDAY + DAY, "exercises", 30, activity=item.activity)
    assert news(cast) == [(MONDAY, "first time", "Wall sit")]


def test_a_removed_session_was_no_first_time(cast):
    session = log(cast, MONDAY, activity=factories.activity("Jump rope", "cardio"))
    session.voided_at, session.voided_by = NOON, cast.maya
    session.save()
    assert news(cast) == []


def test_parents_do_not_learn_of_techniques(cast):
    log(cast, MONDAY, "stress", None, activity=factories.activity("Secret breath", "stress"))
    assert news(cast) == [(MONDAY, "first time", "Secret breath")]
    assert news(cast, "dana") == []
    assert news(cast, "lee") == news(cast)


def test_a_ladder_step_up_is_new_and_a_step_down_is_nobodys(cast):
    program = cast.patient.programs.get()
    program.ladder = [{"texture": name, "pressure": "light"} for name in ("silk", "velvet", "towel")]
    program.save()
    moves = ((MONDAY, 2), (MONDAY + DAY, 1), (MONDAY + 2 * DAY, 2), (MONDAY + 2 * DAY, 3))
    for day, step in moves:
        at = NOON - (TODAY - day)
        LadderMove.objects.create(
            patient=cast.patient, program=program, step=step, by=cast.maya, entered_as="patient", at=at
        )
    assert [(day, text) for day, _kind, text in news(cast)] == [
        (MONDAY, "velvet, light"),
        (MONDAY + 2 * DAY, "towel, light"),
    ]


def test_goals_steps_measures_and_a_program(cast):
    goal = factories.goal(cast.patient, cast.maya, "Choir", reached_on=MONDAY + 3 * DAY)
    factories.step(goal, cast.maya, "Call them", reached_on=MONDAY + DAY)
    factories.goal(cast.patient, cast.maya, "Open one")
    factories.measure(cast.patient, cast.lee, taken_on=MONDAY + 2 * DAY)
    factories.program(cast.patient, MONDAY)
    factories.program(cast.patient, TODAY + DAY)
    assert news(cast, "dana") == news(cast)
    assert news(cast) == [
        (MONDAY, "program", "2"),
        (MONDAY + DAY, "step", "Call them"),
        (MONDAY + 2 * DAY, "measure", "6-minute walk"),
        (MONDAY + 3 * DAY, "goal", "Choir"),
    ]


def test_private_goals_are_the_teens_and_the_therapists(cast, parent, url):
    goal = factories.goal(cast.patient, cast.maya, "Private choir", private=True, reached_on=MONDAY)
    factories.step(goal, cast.maya, "Private call", reached_on=MONDAY)
    assert len(news(cast)) == len(news(cast, "lee")) == 2
    assert news(cast, "dana") == []
    assert "Private" not in parent.get(url).text


# --- milestones --------------------------------------------------------------------------------------------


def test_milestones_of_the_week_and_no_others(cast, teen, url):
    factories.milestone(cast.patient, "cardio", 25, day=MONDAY)
    factories.milestone(cast.patient, "exercises", 10, day=MONDAY - DAY)
    factories.milestone(cast.patient, "desensitization", 1, day=TODAY)
    html = teen.get(url).text
    assert "Cardio on 25 days so far." in html
    assert "The first desensitization here." in html
    assert "Exercises on 10 days" not in html
    assert "Exercises on 10 days" in teen.get(f"{url}?of={MONDAY - DAY}").text


def test_nothing_tells_what_comes_next(cast, teen, url):
    factories.milestone(cast.patient, "cardio", 25)
    assert not re.search(r"\b50\b|to go|until the next|next milestone", teen.get(url).text)


def test_those_of_goals_are_for_who_sees_private_goals(cast):
    for kind in ("steps", "goals"):
        factories.milestone(cast.patient, kind, 10)
    assert page(cast, "maya").milestones == page(cast, "lee").milestones
    assert len(page(cast, "maya").milestones) == 2
    assert page(cast, "dana").milestones == ()


@pytest.mark.parametrize(
    "kind", ["cardio", "exercises", "desensitization", "stress", "school", "steps", "goals"]
)
@pytest.mark.parametrize("number", [1, 10])
def test_each_has_words(cast, kind, number):
    factories.milestone(cast.patient, kind, number)
    (line,) = page(cast).milestones
    assert ("first" in line) is (number == 1)
    assert ("10" in line) is (number == 10)


def test_today_says_one_thing_however_much_was_reached(cast, teen):
    for strand, minutes in (("desensitization", 5), ("stress", None), ("cardio", 15)):
        log(cast, TODAY, strand, minutes)
    html = teen.get(reverse("today")).text
    assert re.findall(r"The first [a-z ]+ here", html) == ["The first cardio here"]


def test_today_says_what_was_reached_today(cast, teen):
    factories.milestone(cast.patient, "cardio", 10, day=TODAY - DAY)
    assert "so far." not in teen.get(reverse("today")).text
    log(cast, TODAY, "desensitization", 5)
    assert "The first desensitization here." in teen.get(reverse("today")).text
    with time_machine.travel(NOON + DAY, tick=False):
        assert "The first desensitization here." not in teen.get(reverse("today")).text


# --- a plain look ------------------------------------------------------------------------------------------


def test_a_plain_look_has_shapes_and_words_and_no_figures(cast, teen, url):
    Patient.objects.filter(pk=cast.patient.pk).update(plain_look=True)
    log(cast, MONDAY)
    log(cast, MONDAY + DAY, "desensitization", 5)
    mark(cast, MONDAY, school="all")
    factories.measure(cast.patient, cast.lee, value=613, taken_on=MONDAY)
    html = teen.get(url).text
    main = html[html.index("<main") : html.index("</main>")]
    shown = re.sub(r"<[^>]+>", " ", main)
    assert "Cardio" in shown
    assert "Desensitization" in shown
    assert "whole day" in shown or "all" in shown
    for figure in ("%", " of ", "613", "on 1 day", "so far.", "The first"):
        assert figure not in shown, figure


def test_others_keep_their_figures(cast, parent, url):
    Patient.objects.filter(pk=cast.patient.pk).update(plain_look=True)
    log(cast, MONDAY)
    assert "Something done on 1 of 4 days." in parent.get(url).text


def test_a_plain_look_hides_milestones_on_today_without_asking(cast, teen, django_assert_num_queries):
    Program.objects.update(accepted_at=NOON)
    log(cast, TODAY)
    with django_assert_num_queries(12):
        assert "The first cardio here." in teen.get(reverse("today")).text
    Patient.objects.filter(pk=cast.patient.pk).update(plain_look=True)
    with django_assert_num_queries(11):
        assert "The first cardio here." not in teen.get(reverse("today")).text


# --- one's own plan ----------------------------------------------------------------------------------------


def test_a_plan_for_next_week_stands_at_the_top_of_it(cast, teen, url):
    response = teen.post(plan_url(cast, MONDAY + WEEK + DAY), {"text": "Eat lunch with Ines"})
    assert response.status_code == 302
    assert response["Location"] == url
    plan = Intention.objects.get()
    assert (plan.week, plan.text, plan.author, plan.entered_as) == (
        MONDAY + WEEK,
        "Eat lunch with Ines",
        cast.maya,
        "patient",
    )
    with time_machine.travel(NOON + WEEK, tick=False):
        html = teen.get(url).text
        assert html.index("Eat lunch with Ines") < html.index("data-day=")


@pytest.mark.parametrize("of", [None, MONDAY, MONDAY + 6 * DAY])
def test_a_plan_for_this_week(cast, teen, of):
    teen.post(plan_url(cast, of), {"text": "Walk to school"})
    assert Intention.objects.get().week == MONDAY


def test_other_words_take_the_place_of_those_before(cast, teen):
    for text in ("One", "Two", "Two"):
        teen.post(plan_url(cast), {"text": text})
    assert [plan.text for plan in Intention.objects.all()] == ["Two"]


def test_the_same_words_again_change_nothing(cast, teen):
    teen.post(plan_url(cast), {"text": "One"})
    before = rows()
    with time_machine.travel(NOON + DAY / 24, tick=False):
        teen.post(plan_url(cast), {"text": "One"})
    assert rows() == before


def test_words_sent_after_the_week_has_ended_are_kept_in_the_box(cast, teen):
    before = rows()
    response = teen.post(plan_url(cast, MONDAY - DAY), {"text": "Walk to school"})
    assert response.status_code == 422
    assert rows() == before
    assert re.search(rf'id="plan-{MONDAY}-text"[^>]*>\s*Walk to school', response.text)
    assert "A new week has begun." in response.text


@pytest.mark.parametrize("of", [MONDAY - WEEK - DAY, MONDAY + 2 * WEEK, "x", "2026-13-01"])
def test_no_other_week_can_be_planned(cast, teen, of):
    before = rows()
    assert teen.post(plan_url(cast, of), {"text": "Now"}).status_code == 404
    assert rows() == before


@pytest.mark.parametrize("text", ["", "   ", "x" * 201, "a\x00b"])
@pytest.mark.parametrize("of", [MONDAY, MONDAY + WEEK])
def test_what_is_refused_comes_back_at_its_box(cast, teen, of, text):
    teen.post(plan_url(cast, of), {"text": "As it was"})
    before = rows()
    response = teen.post(plan_url(cast, of), {"text": text})
    assert response.status_code == 422
    assert rows() == before
    html = response.text
    own, other = (f"plan-{day}-text" for day in (of, MONDAY + WEEK if of == MONDAY else MONDAY))
    assert re.search(rf'<textarea[^>]*is-invalid[^>]*id="{own}"', html)
    assert not re.search(rf'<textarea[^>]*is-invalid[^>]*id="{other}"', html)
    if len(text) > 200:
        assert text in html


@pytest.mark.parametrize("text", ["=cmd()", "🎉" * 200, "\u202eabc", "a\r\nb", "<script>alert(1)</script>"])
def test_any_words_are_kept_and_escaped(cast, teen, url, text):
    teen.post(plan_url(cast), {"text": text})
    assert Intention.objects.get().text == text.replace("\r\n", "\n")
    assert "<script>alert" not in teen.get(url).text


@pytest.mark.parametrize(("who", "status"), [("dana", 403), ("lee", 403), ("sam", 404), ("noor", 404)])
def test_only_the_teen_plans(cast, who, status):
    before = rows()
    response = signed_in(getattr(cast, who)).post(plan_url(cast), {"text": "Not mine"})
    assert response.status_code == status
    assert rows() == before


def test_therapists_read_it_and_parents_do_not(cast, parent, therapist, url):
    factories.intention(cast.patient, cast.maya, "Eat lunch with Ines")
    assert "Eat lunch with Ines" in therapist.get(url).text
    assert "plan-2026" not in therapist.get(url).text
    assert "Eat lunch with Ines" not in parent.get(url).text
    link = cast.patient.team.get(user=cast.dana)
    borrowed = with_eyes_of(factories.viewer(cast.patient, cast.maya), link)
    assert week_page(borrowed, TODAY).plan == ""


def test_on_a_shared_device_it_is_closed_and_not_written_over(cast, teen, url):
    factories.intention(cast.patient, cast.maya, "Eat lunch with Ines")
    kept = teen.session
    kept[SHARED_DEVICE] = True
    kept.save()
    html = teen.get(url).text
    assert "Closed on a shared device" in html
    assert "Ines" not in html
    assert "<textarea" not in html
    before = rows()
    response = teen.post(plan_url(cast), {"text": "Somebody else"})
    assert response.status_code == 422
    assert "Closed on a shared device" in response.text
    assert rows() == before


def test_the_parent_of_a_younger_child_plans_in_its_place(cast, parent, url):
    cast.patient.team.filter(user=cast.maya).delete()
    assert parent.post(plan_url(cast), {"text": "Playground"}).status_code == 302
    assert Intention.objects.get().entered_as == "parent"
    assert "Playground" in parent.get(url).text


def test_one_of_two_that_write_at_once_is_kept(cast):
    viewer = factories.viewer(cast.patient, cast.maya)
    services.plan_week(viewer=viewer, week=MONDAY, text="One")
    services.plan_week(viewer=factories.viewer(cast.patient, cast.maya), week=MONDAY, text="Two")
    assert Intention.objects.get().text == "Two"


# --- for parents -------------------------------------------------------------------------------------------


def test_a_parent_has_something_to_say_this_week_only(cast, parent, teen, therapist, url):
    log(cast, TODAY)
    assert "Something to say tonight:" in parent.get(url).text
    for client, address in ((parent, f"{url}?of={MONDAY - DAY}"), (teen, url), (therapist, url)):
        assert "tonight" not in client.get(address).text


@pytest.mark.parametrize("work", [("cardio", 15), ("desensitization", 2)])
def test_family_and_the_week_say_the_same(cast, parent, url, work):
    factories.goal(cast.patient, cast.maya, "Choir")
    factories.goal(cast.patient, cast.maya, "Private choir", private=True)
    for ago in range(20):
        with time_machine.travel(NOON - ago * DAY, tick=False):
            factories.session(cast.patient, cast.maya, *work)
            said = [
                re.search(r"Something to say tonight:</b> ([^<]+)<", parent.get(address).text)[1]
                for address in (url, reverse("family"))
            ]
            assert said[0] == said[1]
            assert "Private" not in said[0]


QUIET = "Something to do tonight:"


def test_after_quiet_days_there_is_something_to_do_and_a_number_to_call(cast, parent, settings, url):
    log(cast, TODAY - 6 * DAY)
    call = reverse("call", args=[cast.patient.code, TODAY])
    for address in (url, reverse("family")):
        html = parent.get(address).text
        assert QUIET in html
        assert "call your clinic’s number" in html
        assert call in html
        settings.CARE_PHONE = "+1 555 <0100>"
        assert 'call: <a href="tel:+1555&lt;0100&gt;">+1 555 &lt;0100&gt;</a>' in parent.get(address).text
        settings.CARE_PHONE = ""


@pytest.mark.parametrize("ago", [0, 1, 5])
def test_any_entry_ends_the_quiet(cast, parent, url, ago):
    log(cast, TODAY - ago * DAY)
    for address in (url, reverse("family")):
        html = parent.get(address).text
        assert QUIET not in html
        assert "Something to say tonight:" in html


def test_a_paused_program_or_a_day_off_is_no_quiet(cast, parent, url):
    DayOff.objects.create(patient=cast.patient, first=TODAY, last=TODAY, asked_by=cast.maya)
    assert QUIET not in parent.get(url).text + parent.get(reverse("family")).text
    DayOff.objects.all().delete()
    assert QUIET in parent.get(url).text
    Program.objects.update(kind="paused")
    assert QUIET not in parent.get(url).text + parent.get(reverse("family")).text


def test_before_the_agreed_hour_a_parent_sees_nothing_of_today(cast, parent, teen, url):
    rope = factories.activity("Jump rope", "cardio")
    log(cast, TODAY, activity=rope)
    for strand, minutes, times in (("exercises", 30, 1), ("desensitization", 5, 5)):
        for _ in range(times):
            log(cast, TODAY, strand, minutes)
    mark(cast, TODAY, school="all")
    factories.goal(cast.patient, cast.maya, "Choir", reached_on=TODAY)
    Patient.objects.filter(pk=cast.patient.pk).update(parents_from=time(17))
    assert Milestone.objects.filter(day=TODAY).count() == 3
    html = parent.get(url).text
    for trace in ("Jump rope", "The first", "whole day", "Choir", "Targets met", "You did", "You made time"):
        assert trace not in html, trace
    assert "Today opens at" in html
    assert page(cast, "dana").done == ()
    assert "Jump rope" in teen.get(url).text
    with time_machine.travel(NOON + timedelta(hours=6), tick=False):
        html = parent.get(url).text
        assert "Jump rope" in html
        assert "Today opens at" not in html


def test_quiet_tells_nothing_of_a_day_that_is_not_open_yet(cast, parent, url):
    """Else the parent would know in the morning that something was logged."""
    Patient.objects.filter(pk=cast.patient.pk).update(parents_from=time(17))
    for _ in range(2):
        assert QUIET in parent.get(url).text
        assert QUIET in parent.get(reverse("family")).text
        log(cast, TODAY)


# --- ways to it, and what it costs -------------------------------------------------------------------------


def test_today_offers_it_on_the_last_day_of_the_week(cast, teen, settings, url):
    today = reverse("today")
    assert url not in teen.get(today).text
    with time_machine.travel(NOON + 2 * DAY, tick=False):
        assert url in teen.get(today).text
        settings.WEEK_STARTS_ON = 6
        assert url not in teen.get(today).text
    with time_machine.travel(NOON + DAY, tick=False):
        assert url in teen.get(today).text


@pytest.mark.parametrize(
    ("who", "name"), [("maya", "more"), ("dana", "family"), ("maya", "history"), ("lee", "history")]
)
def test_there_are_ways_to_it(cast, who, name, url):
    args = [cast.patient.code] if name == "history" else []
    assert f'href="{url}"' in signed_in(getattr(cast, who)).get(reverse(name, args=args)).text


@pytest.mark.parametrize("size", [1, 6])
@pytest.mark.parametrize(("who", "queries"), [("maya", 13), ("dana", 13), ("lee", 13)])
def test_queries(cast, django_assert_num_queries, who, queries, size, url):
    Activity.objects.all().delete()
    for n in range(size):
        log(cast, MONDAY - n * DAY, activity=factories.activity(f"Activity {n}", "cardio"))
        goal = factories.goal(cast.patient, cast.maya, f"Goal {n}")
        factories.step(goal, cast.maya, reached_on=MONDAY)
        factories.measure(cast.patient, cast.lee, taken_on=MONDAY)
        factories.milestone(cast.patient, "school", n + 10, day=MONDAY)
    factories.intention(cast.patient, cast.maya)
    client = signed_in(getattr(cast, who))
    client.get(url)
    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200
