from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from exercises.models import Change, DayOff
from exercises.queries import days_off as queries
from exercises.queries import log
from exercises.services import days_off as services
from tests import factories
from tests.conftest import signed_in


def url(name, patient, *args):
    return reverse(name, args=[patient.code, *args])


def day(patient, offset=0):
    return patient.today() + timedelta(days=offset)


def ask(client, patient, first=0, last=None, **data):
    """Days as offsets from the patient's today."""
    dates = {"first": day(patient, first).isoformat()}
    if last is not None:
        dates["last"] = day(patient, last).isoformat()
    return client.post(url("days-off", patient), {"reason": "ill"} | dates | data)


def test_it_stands_from_the_moment_it_is_asked_for(teen, patient, cast):
    assert ask(teen, patient, 0, 2)["Location"] == url("days-off", patient)
    kept = DayOff.objects.get()
    assert (kept.first, kept.last, kept.reason) == (day(patient), day(patient, 2), "ill")
    assert (kept.asked_by, kept.answer, kept.answered_at) == (cast.maya, "", None)
    assert log.days_off(patient, day(patient), day(patient, 9)) == {day(patient, n) for n in range(3)}
    assert "It counts as a day off from now on." in teen.get(url("days-off", patient)).content.decode()


def test_one_day_needs_no_last_day(parent, patient):
    ask(parent, patient, 1)
    kept = DayOff.objects.get()
    assert kept.first == kept.last == day(patient, 1)


def test_it_is_agreed_at_once_where_nobody_can_answer(teen, patient):
    patient.team.filter(role="therapist").delete()
    ask(teen, patient)
    kept = DayOff.objects.get()
    assert (kept.answer, kept.answered_by) == ("granted", None)
    assert "Agreed." in teen.get(url("days-off", patient)).content.decode()


def test_a_therapist_sets_one_also_for_long_ago(therapist, patient, cast):
    assert ask(therapist, patient, -100, -90).status_code == 302
    kept = DayOff.objects.get()
    assert (kept.answer, kept.answered_by, kept.asked_by) == ("granted", cast.lee, cast.lee)


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        (-7, None, 302),
        (-8, None, 422),
        (-8, 3, 422),
        (0, 59, 302),
        (0, 60, 422),
        (306, 365, 302),
        (365, None, 302),
        (366, None, 422),
        (360, 366, 422),
        (3, 2, 422),
    ],
)
def test_how_far_and_how_long(teen, patient, first, last, status):
    response = ask(teen, patient, first, last)
    assert response.status_code == status
    assert DayOff.objects.count() == (status == 302)
    if status == 422:
        assert f'value="{day(patient, first).isoformat()}"' in response.content.decode()
        assert "invalid-feedback" in response.content.decode()


@pytest.mark.parametrize(
    "bad",
    [
        {"first": ""},
        {"first": "soon"},
        {"first": "9999-12-31"},
        {"last": "\x00"},
        {"reason": "tired"},
        {"reason": ""},
    ],
)
def test_bad_input(teen, patient, bad):
    typed = {"first": day(patient).isoformat(), "last": "", "reason": "ill"} | bad
    assert teen.post(url("days-off", patient), typed).status_code == 422
    assert not DayOff.objects.exists()


def test_ranges_may_overlap(teen, patient):
    ask(teen, patient, 0, 5)
    ask(teen, patient, 3, 8)
    assert len(log.days_off(patient, day(patient), day(patient, 20))) == 9


@pytest.fixture
def asked(patient, cast):
    viewer = factories.viewer(patient, cast.maya)
    return services.ask_day_off(viewer=viewer, first=day(patient), last=day(patient), reason="away")


def test_a_therapist_answers_and_may_think_again(therapist, teen, patient, asked, cast):
    target = url("day-off-answer", patient, asked.pk)
    assert therapist.post(target, {"answer": "declined"})["Location"] == url("days-off", patient)
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by) == ("declined", cast.lee)
    assert not log.days_off(patient, day(patient), day(patient))
    page = teen.get(url("days-off", patient)).content.decode()
    assert "Let&#x27;s talk about it" in page
    assert "declined" not in page
    therapist.post(target, {"answer": "granted"})
    therapist.post(target, {"answer": "granted"})
    assert log.days_off(patient, day(patient), day(patient))
    assert [(c.before["answer"], c.after["answer"]) for c in Change.objects.order_by("pk")] == [
        ("", "declined"),
        ("declined", "granted"),
    ]


def test_one_sent_twice_is_kept_once(teen, patient):
    form_id = str(uuid4())
    for _ in range(2):
        assert ask(teen, patient, 1, id=form_id)["Location"] == url("days-off", patient)
    assert DayOff.objects.count() == 1
    ask(teen, patient, 2, id=form_id)
    assert DayOff.objects.count() == 2


@pytest.mark.parametrize(("sent", "back"), [({}, "days-off"), ({"next": "patient"}, "patient")])
def test_an_answer_returns_to_where_it_was_given(therapist, patient, asked, sent, back):
    answer = therapist.post(url("day-off-answer", patient, asked.pk), {"answer": "granted"} | sent)
    assert answer["Location"] == url(back, patient)


def test_whoever_asked_takes_it_back(teen, therapist, patient, asked, cast):
    target = url("day-off-withdraw", patient, asked.pk)
    assert f'action="{target}"' in teen.get(url("days-off", patient)).text
    for _ in range(2):
        assert teen.post(target)["Location"] == url("days-off", patient)
    asked.refresh_from_db()
    assert (asked.withdrawn_by, asked.answer) == (cast.maya, "")
    assert not log.days_off(patient, day(patient), day(patient))
    change = Change.objects.get()
    assert (change.subject, change.what, change.by) == ("day off", "taken back", cast.maya)
    for client in (teen, therapist):
        page = client.get(url("days-off", patient)).text
        assert "Taken back. These days count as always." in page
        assert target not in page
        assert url("day-off-answer", patient, asked.pk) not in page


def test_what_was_taken_back_is_not_answered_any_more(teen, therapist, patient, asked):
    teen.post(url("day-off-withdraw", patient, asked.pk))
    therapist.post(url("day-off-answer", patient, asked.pk), {"answer": "granted"})
    asked.refresh_from_db()
    assert asked.answer == ""
    assert not log.days_off(patient, day(patient), day(patient))


def test_the_same_days_can_be_asked_for_again(teen, patient):
    form_id = str(uuid4())
    ask(teen, patient, id=form_id)
    teen.post(url("day-off-withdraw", patient, DayOff.objects.get().pk))
    ask(teen, patient, id=form_id)
    assert log.days_off(patient, day(patient), day(patient))


@pytest.mark.parametrize("answer", ["granted", "declined"])
def test_what_a_therapist_answered_stays_for_the_family(teen, therapist, patient, asked, answer):
    therapist.post(url("day-off-answer", patient, asked.pk), {"answer": answer})
    target = url("day-off-withdraw", patient, asked.pk)
    assert target not in teen.get(url("days-off", patient)).text
    assert teen.post(target).status_code == 403
    assert therapist.post(target).status_code == (302 if answer == "granted" else 403)
    asked.refresh_from_db()
    assert (asked.withdrawn_at is not None) is (answer == "granted")


def test_the_others_of_the_family_only_where_nobody_can_answer(parent, patient, asked):
    target = url("day-off-withdraw", patient, asked.pk)
    assert parent.post(target).status_code == 403
    assert target not in parent.get(url("days-off", patient)).text
    patient.team.filter(role="therapist").delete()
    assert target in parent.get(url("days-off", patient)).text
    assert parent.post(target).status_code == 302
    asked.refresh_from_db()
    assert asked.withdrawn_at is not None


def test_taking_back_is_of_one_record_and_by_post(teen, therapist, stranger, cast, asked):
    assert therapist.get(url("day-off-withdraw", cast.patient, asked.pk)).status_code == 405
    for client, patient in ((stranger, cast.patient), (teen, cast.other), (signed_in(cast.kim), cast.other)):
        assert client.post(url("day-off-withdraw", patient, asked.pk)).status_code == 404
    assert teen.post(url("day-off-withdraw", cast.patient, 10**30)).status_code == 404
    asked.refresh_from_db()
    assert asked.withdrawn_at is None


@pytest.mark.parametrize("answer", ["", "maybe", "\x00"])
def test_an_answer_that_is_none(therapist, patient, asked, answer):
    response = therapist.post(url("day-off-answer", patient, asked.pk), {"answer": answer})
    assert response.status_code == 422
    asked.refresh_from_db()
    assert asked.answer == ""


def test_days_off_of_another_record_are_unknown(therapist, cast, asked):
    kim = signed_in(cast.kim)
    for client, patient in ((therapist, cast.other), (kim, cast.other)):
        target = url("day-off-answer", patient, asked.pk)
        assert client.post(target, {"answer": "declined"}).status_code == 404
    assert (
        therapist.post(url("day-off-answer", cast.patient, 10**30), {"answer": "declined"}).status_code == 404
    )
    asked.refresh_from_db()
    assert asked.answer == ""


def test_the_list_is_of_one_record(cast, asked):
    assert [row.id for row in queries.days_off(factories.viewer(cast.patient, cast.lee))] == [asked.pk]
    assert queries.days_off(factories.viewer(cast.other, cast.kim)) == []


def test_who_may(teen, parent, stranger, client, cast, patient, asked):
    for other in (stranger, signed_in(cast.omar)):
        assert other.get(url("days-off", patient)).status_code == 404
        assert ask(other, patient).status_code == 404
    assert client.get(url("days-off", patient)).status_code == 302
    for other in (teen, parent):
        assert other.get(url("days-off", patient)).status_code == 200
        answer = other.post(url("day-off-answer", patient, asked.pk), {"answer": "granted"})
        assert answer.status_code == 403
    asked.refresh_from_db()
    assert (asked.answer, DayOff.objects.count()) == ("", 1)


def test_wrong_methods(therapist, patient, asked):
    assert therapist.get(url("day-off-answer", patient, asked.pk)).status_code == 405
    assert therapist.put(url("days-off", patient)).status_code == 405


def test_the_form_takes_the_day_from_the_link(teen, patient):
    assert 'value="2026-11-20"' in teen.get(url("days-off", patient) + "?day=2026-11-20").content.decode()


def test_no_box_for_free_text(teen, patient):
    page = teen.get(url("days-off", patient)).content.decode()
    assert "<textarea" not in page
    assert 'type="text"' not in page


def test_a_name_is_never_markup(teen, patient, cast):
    cast.maya.first_name = "<b>Maya"
    cast.maya.save()
    ask(teen, patient)
    assert "&lt;b&gt;Maya" in teen.get(url("days-off", patient)).content.decode()


@pytest.mark.parametrize("size", [1, 40])
def test_queries(teen, patient, cast, django_assert_num_queries, size):
    viewer = factories.viewer(patient, cast.maya)
    for n in range(size):
        services.ask_day_off(viewer=viewer, first=day(patient, n), last=day(patient, n), reason="other")
    with django_assert_num_queries(4):
        teen.get(url("days-off", patient))
