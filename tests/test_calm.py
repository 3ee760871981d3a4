"""Calm: what there is to try, one technique, and that doing it is kept once."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from exercises.models import Activity, TherapySession
from exercises.services.catalogue import load_catalogue
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

UNKNOWN = "00000000-0000-4000-8000-000000000000"
ALL_OF_THEM = ["maya", "dana", "lee"]


@pytest.fixture(autouse=True)
def catalogue(db):
    load_catalogue()


def technique(key):
    return Activity.objects.get(key=key)


def index(patient):
    return reverse("calm", args=[patient.code])


def page(patient, activity):
    return reverse("calm-technique", args=[patient.code, getattr(activity, "pk", activity)])


def prescribe(patient, activity, **fields):
    return factories.item(patient.programs.get(), activity, **fields)


def the_form(html):
    """What the page's own form sends, by name."""
    _before, form = html.split('id="save">')
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


def calm_moments(patient):
    return TherapySession.objects.filter(patient=patient, strand="stress")


# --- the list ---


@pytest.mark.parametrize("who", ALL_OF_THEM)
def test_what_is_prescribed_comes_first_with_the_therapists_words(cast, who):
    prescribe(cast.patient, technique("music"), words="Your own list.")
    html = signed_in(getattr(cast, who)).get(index(cast.patient)).text
    links = re.findall(r'/calm/(\d+)/"', html)
    assert links[0] == str(technique("music").pk)
    assert len(links) == len(set(links)) == Activity.objects.filter(strand="stress", owner=None).count()
    assert "Your own list." in html
    assert html.index('id="prescribed"') < html.index("Your own list.") < html.index('id="others"')


def test_without_a_program_everything_is_offered(cast, teen):
    cast.patient.programs.all().delete()
    html = teen.get(index(cast.patient)).text
    assert "In the program" not in html
    assert "Box breathing" in html
    assert re.search(r"<h3>Breathe</h3>.*<h3>Make something</h3>", html, re.DOTALL)


def test_what_a_version_that_is_over_named_is_offered_like_the_others(cast, teen):
    now, before = cast.patient.programs.get(), cast.patient.today() - timedelta(days=90)
    own = factories.activity("Old way", "stress", owner=cast.lee, offered=False)
    factories.item(factories.program(cast.patient, before), own)
    html = teen.get(index(cast.patient)).text
    assert html.index("More ways") < html.index("Old way")
    assert now.items.count() == 0


def test_what_is_withdrawn_is_not_offered(cast, teen):
    Activity.objects.filter(key="music").update(offered=False)
    assert teen.get(page(cast.patient, technique("music"))).status_code == 404
    assert page(cast.patient, technique("music")) not in teen.get(index(cast.patient)).text


def test_today_is_said_gently(cast, teen):
    html = teen.get(index(cast.patient)).text
    assert 'data-strand="stress" data-done="0"' in html and "not yet" in html
    factories.session(cast.patient, cast.maya, "stress", None)
    html = teen.get(index(cast.patient)).text
    assert 'data-strand="stress" data-done="1"' in html
    assert "You took a moment for yourself." in html


def test_time_with_a_counselor_is_shown_by_the_week(cast, teen):
    """Sunday is last week's; a removed one and another person's count nowhere."""
    talk, today = technique("counselor-time"), cast.patient.today()
    monday = today - timedelta(days=today.weekday())
    for day in (monday, monday, monday - timedelta(days=1)):
        factories.session(cast.patient, cast.maya, "stress", None, day=day, activity=talk)
    factories.session(cast.patient, cast.maya, "stress", None, activity=technique("music"))
    factories.session(cast.other, cast.noor, "stress", None, activity=talk)
    assert "2 this week" in teen.get(index(cast.patient)).text
    assert "2 this week" in teen.get(page(cast.patient, talk)).text
    assert "this week" not in teen.get(page(cast.patient, technique("music"))).text
    kept = calm_moments(cast.patient).filter(daily_log__day=monday, activity=talk).first()
    teen.post(reverse("session-void", args=[cast.patient.code, kept.client_id]))
    assert "1 this week" in teen.get(index(cast.patient)).text


def test_a_parent_sees_what_is_prescribed_but_not_what_was_done_or_is_there_for_a_reason(cast, parent):
    own = factories.activity("Own way", "stress", owner=cast.lee)
    talk = technique("counselor-time")
    prescribe(cast.patient, talk, words="On Tuesdays.")
    factories.session(cast.patient, cast.maya, "stress", None, activity=talk)
    html = parent.get(index(cast.patient)).text
    assert "On Tuesdays." in html
    assert "this week" not in html + parent.get(page(cast.patient, talk)).text
    assert "Own way" not in html
    assert parent.get(page(cast.patient, own)).status_code == 404
    prescribe(cast.patient, own)
    assert "Own way" in parent.get(index(cast.patient)).text
    assert parent.get(page(cast.patient, own)).status_code == 200


def test_before_a_family_has_begun_nothing_is_offered(cast, parent):
    cast.patient.team.filter(user=cast.lee).delete()
    cast.patient.told_at = None
    cast.patient.save()
    for url in (index(cast.patient), page(cast.patient, technique("music"))):
        answer = parent.get(url)
        assert answer.status_code == 200
        assert "Music" not in answer.text


# --- one technique ---


@pytest.mark.parametrize("who", ALL_OF_THEM)
def test_a_breathing_page_says_how_long_how_slow_and_what_to_do_when_dizzy(cast, who):
    prescribe(cast.patient, technique("belly-breathing"), minutes=4, words="Before math.")
    html = signed_in(getattr(cast, who)).get(page(cast.patient, technique("belly-breathing"))).text
    assert re.findall(r'name="length" value="(\d+)"', html) == ["1", "3", "4", "5", "10"]
    assert re.findall(r'name="length" value="(\d+)" id="[^"]*" checked', html) == ["4"]
    assert re.findall(r'name="pattern" value="([^"]*)"', html) == ["3-0-4-0", "4-0-6-0", "3-0-3-0"]
    assert "In 3, out 4. About 26 times in 3 minutes." in html
    assert "Before math." in html
    assert "dizzy" in html
    assert "pacer.js" in html


def test_the_holds_of_a_box_can_be_left_out(cast, teen):
    html = teen.get(page(cast.patient, technique("box-breathing"))).text
    assert "In 4, hold 4, out 4, hold 4</label>" in html
    assert 'In 4, out 4 <span class="soft">· without holding</span>' in html


def test_a_paced_text_can_be_read_without_a_script(cast, teen):
    html = teen.get(page(cast.patient, technique("muscle-relaxation"))).text
    assert html.count('data-cue="tense"') == html.count('data-cue="release"') == 7
    assert "Hands: make two fists." in html
    assert "Tense</b>" not in html and "Tense · 5 seconds" in html


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("journaling", "Nothing is typed here"),
        ("kind-self-talk", "I can do the next small step."),
        ("counselor-time", "Log only that you went."),
    ],
)
def test_what_is_not_paced_has_ideas_and_no_box_to_type_in(cast, teen, key, said):
    html = teen.get(page(cast.patient, technique(key))).text
    assert said in html
    assert "pacer" not in html
    assert "<textarea" not in html and 'type="text"' not in html


def test_a_therapists_copy_is_paced_like_the_original(cast, teen):
    copy = factories.activity("Bear breaths", "stress", owner=cast.lee, copy_of=technique("belly-breathing"))
    own = factories.activity("Bubbles", "stress", owner=cast.lee, video="https://example.org/bubbles")
    assert 'name="pattern"' in teen.get(page(cast.patient, copy)).text
    html = teen.get(page(cast.patient, own)).text
    assert "pacer" not in html
    assert 'href="https://example.org/bubbles"' in html


def test_who_hides_the_clock_sees_no_minutes_go_by(cast, teen):
    url = page(cast.patient, technique("belly-breathing"))
    assert 'data-part="progress"' in teen.get(url).text
    cast.patient.timer_hidden = True
    cast.patient.save()
    assert 'data-part="progress"' not in teen.get(url).text


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", '" onload="x', "שלום 🌿"])
def test_words_are_escaped(cast, teen, words):
    prescribe(cast.patient, technique("music"), words=words)
    for url in (index(cast.patient), page(cast.patient, technique("music"))):
        html = teen.get(url).text
        assert "<script>alert" not in html and '" onload' not in html
    assert ("שלום 🌿" in html) is (words == "שלום 🌿")


# --- refusals ---


def test_what_is_no_technique_of_this_record_is_unknown(cast, teen):
    for pk in (factories.activity("Plank").pk, 10**30, 0):
        assert teen.get(page(cast.patient, pk)).status_code == 404
    theirs = factories.activity("Their way", "stress", owner=cast.kim)
    prescribe(cast.other, theirs)
    assert teen.get(page(cast.patient, theirs)).status_code == 404
    assert teen.get(page(cast.other, theirs)).status_code == 404
    assert "Their way" not in teen.get(index(cast.patient)).text


@pytest.mark.parametrize("of", [index, lambda patient: page(patient, technique("music"))])
def test_strangers_and_wrong_codes_get_404_and_only_reading_is_there(cast, stranger, teen, of):
    before = rows()
    url = of(cast.patient)
    assert stranger.get(url).status_code == 404
    assert teen.get(url.replace(str(cast.patient.code), UNKNOWN)).status_code == 404
    for method in ("post", "put", "delete"):
        assert getattr(teen, method)(url).status_code == 405
    assert rows() == before


# --- keeping it ---


def test_the_button_keeps_one_moment_with_its_name(cast, teen):
    sent = the_form(teen.get(page(cast.patient, technique("music"))).text)
    answer = teen.post(reverse("sessions", args=[cast.patient.code]), sent, follow=True)
    (kept,) = calm_moments(cast.patient)
    assert (kept.activity, kept.minutes, kept.source) == (technique("music"), None, "tap")
    assert kept.daily_log.day == cast.patient.today()
    assert answer.redirect_chain == [(f"{index(cast.patient)}?saved={kept.client_id}", 302)]
    assert "One calm moment saved." in answer.text
    assert "Undo" in answer.text


def test_sent_twice_it_is_one_moment(cast, teen):
    url = reverse("sessions", args=[cast.patient.code])
    sent = the_form(teen.get(page(cast.patient, technique("belly-breathing"))).text)
    # What the page's script makes of it at the end.
    del sent["ask_again"]
    sent |= {"source": "timer", "minutes": "3"}
    for _ in range(2):
        answer = teen.post(url, sent, follow=True)
        assert answer.status_code == 200
    (kept,) = calm_moments(cast.patient)
    assert (kept.minutes, kept.source) == (3, "timer")
    assert "That one was saved before." in answer.text


def test_a_removal_comes_back_here_and_can_be_put_back(cast, teen):
    kept = factories.session(cast.patient, cast.maya, "stress", 3)
    void = reverse("session-void", args=[cast.patient.code, kept.client_id])
    answer = teen.post(void, {"next": "calm"}, follow=True)
    assert answer.redirect_chain[0][0] == f"{index(cast.patient)}?removed={kept.client_id}"
    assert "Put it back" in answer.text


def test_a_parent_keeps_a_moment_without_naming_the_technique(cast, parent):
    sent = the_form(parent.get(page(cast.patient, technique("music"))).text)
    assert "activity" not in sent
    assert "saved." in parent.post(reverse("sessions", args=[cast.patient.code]), sent, follow=True).text
    (kept,) = calm_moments(cast.patient)
    assert (kept.activity, kept.entered_as) == (None, "parent")


def test_who_may_not_log_can_still_follow_along(cast, teen):
    cast.patient.locked_at = cast.patient.created_at
    cast.patient.save()
    html = teen.get(page(cast.patient, technique("belly-breathing"))).text
    assert 'id="pacer"' in html
    assert 'id="save"' not in html and 'data-do="save"' not in html


def test_the_way_there(cast, teen):
    prescribe(cast.patient, technique("music"))
    assert f'href="{index(cast.patient)}">Breathe</a>' in teen.get(reverse("today")).text
    program = teen.get(reverse("program", args=[cast.patient.code])).text
    assert f'href="{page(cast.patient, technique("music"))}"' in program


@pytest.mark.parametrize("times", [1, 6])
def test_pages_cost_the_same_with_more(cast, teen, django_assert_num_queries, times):
    for n in range(times):
        prescribe(cast.patient, factories.activity(f"Way {n}", "stress", owner=cast.lee))
        talk = technique("counselor-time")
        factories.session(cast.patient, cast.maya, "stress", None, activity=talk)
    one = page(cast.patient, technique("belly-breathing"))
    with django_assert_num_queries(9):
        teen.get(index(cast.patient))
    with django_assert_num_queries(6):
        teen.get(one)
